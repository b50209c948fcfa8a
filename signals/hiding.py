"""What a viewer is not to see, and why."""

from __future__ import annotations

from signals.clock import DAY_MS
from signals.pairs import BLOCK, MUTE, Pair
from signals.weights import NegativeWeights

HIDE, REPORT = "HIDE", "content.REPORT"

WORDS = {
    "HIDDEN": "you hid it",
    "REPORTED": "you reported it",
    "AUTHOR_BLOCKED": "you blocked its author",
    "BLOCKED_BY_AUTHOR": "its author blocked you",
    "AUTHOR_MUTED": "you muted its author",
}


def hidden_because(mine: Pair | None, out: Pair | None, into: Pair | None, now: int, w: NegativeWeights) -> str | None:
    """Why the viewer is not to see it; None where there is no reason. Hiding and muting wear off."""
    if mine is not None and _lately(mine, HIDE, now, w.hide_days):
        return "HIDDEN"
    if mine is not None and mine.counts.get(REPORT):
        return "REPORTED"
    if out is not None and out.is_on(BLOCK):
        return "AUTHOR_BLOCKED"
    if into is not None and into.is_on(BLOCK):
        return "BLOCKED_BY_AUTHOR"
    return "AUTHOR_MUTED" if out is not None and _lately(out, MUTE, now, w.mute_days) else None


def _lately(pair: Pair, name: str, now: int, days: float) -> bool:
    return pair.is_on(name) and now - pair.states[name].at < days * DAY_MS
