"""How many engaged with a content and how lately, in words: the same for every viewer, and for a while."""

from __future__ import annotations

from typing import NamedTuple

from signals.profiles import Card
from signals.trending import told
from signals.wording import ago, another, number


class Crowd(NamedTuple):
    """What is said of those who engaged: of the latest, of the first, and of what makes the trend."""

    latest: str | None
    first: str | None
    trend: str | None


SILENT = Crowd(None, None, None)
"""Where nobody engaged, or nobody reads it."""


def crowd(card: Card, now: int) -> Crowd:
    """What is said at ``now`` (epoch ms)."""
    if card.first is None:
        return SILENT
    known: tuple[int, int, Crowd] | None = card.told.get("crowd")
    if known is None or not known[0] <= now < known[1]:
        until = min(at + another(now - at) for at in (card.touches.t, card.first))
        known = card.told["crowd"] = now, until, _crowd(card, card.first, now)
    return known[2]


def _crowd(card: Card, first: int, now: int) -> Crowd:
    people, latest = number(card.users, "person", "people"), ago(now - card.touches.t)
    return Crowd(
        f"{people} engaged, the last of them {latest}",
        f"first engaged with {ago(now - first)}",
        told(card.touches, now),
    )
