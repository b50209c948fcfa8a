"""What people do with a content, per person reached."""

from __future__ import annotations

from signals.hiding import HIDE
from signals.profiles import Card
from signals.ranked import Rates
from signals.weights import RatesWeights

UNKNOWN = Rates()


def rates(card: Card, w: RatesWeights) -> Rates:
    """Shares of those who were reached: users with a positive event, or impressions where there are more."""
    known: tuple[RatesWeights, Rates] | None = card.told.get("rates")
    if known is None or known[0] is not w:
        known = card.told["rates"] = w, _rates(card, w)
    return known[1]


def _rates(card: Card, w: RatesWeights) -> Rates:
    count, on, users = card.counts.get, card.on.get, card.users
    shown, hiding = count("content.IMPRESSION", 0), on(HIDE, 0)
    clicks = count("content.CLICK", 0) + count("content.VIEW", 0)
    comments = count("content.COMMENT", 0) + count("content.REPLY", 0)
    return Rates(
        click_through=smoothed(clicks, shown, w.click_through, w.strength),
        like=smoothed(on("LIKE", 0), users, w.like, w.strength),
        comment=smoothed(comments, users, w.comment, w.strength),
        share=smoothed(count("content.SHARE", 0), users, w.share, w.strength),
        save=smoothed(on("SAVE", 0), users, w.save, w.strength),
        hide=smoothed(hiding, max(users, hiding), w.hide, w.strength),
    )


def smoothed(k: int, n: int, prior: float, strength: float) -> float:
    """k of n, at most all of them, as if ``strength`` more had been seen of which the share ``prior`` did."""
    return (min(k, n) + strength * prior) / (n + strength)
