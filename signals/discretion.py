"""What rankings see of people who are not to be reckoned with: nothing but what keeps two people apart.

What somebody quiet did lends nothing to what others are shown, and of a quiet viewer nothing is known. Blocks, mutes,
hides and reports hold all the same, on both sides. What a viewer did towards somebody quiet is the viewer's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from functools import cached_property

from signals.decay import Accumulator
from signals.hiding import HIDE, REPORT
from signals.packing import SEPARATOR
from signals.pairs import BLOCK, MUTE, Pair
from signals.profiles import Card, Link, Profile
from signals.wanted import Found

KEPT_STATES = frozenset((HIDE, BLOCK, MUTE))


def discreet(found: Found, quiet: Set[str], viewer_id: str) -> Found:
    """What is left of ``found`` for a viewer, where ``quiet`` are not to be reckoned with."""
    return Found(
        profiles={id: _profile(profile, quiet, viewer_id) for id, profile in found.profiles.items()},
        cards={key: _card(card, quiet) for key, card in found.cards.items()},
        interacted=_pairs(found.interacted, quiet),
        ties=_pairs(found.ties, quiet, viewer_id if viewer_id in quiet else None),
    )


class Thinned(Profile):
    """A profile without quiet people in its lists, which are unpacked when they are looked at."""

    def __init__(self, whole: Profile, quiet: Set[str]) -> None:
        self.__dict__.update(
            id=whole.id,
            contents=whole.contents,
            partners=whole.partners,
            bars=whole.bars,
            _whole=whole,
            _quiet=quiet,
        )

    @property
    def received(self) -> Accumulator:
        return self._of.received

    @property
    def times(self) -> tuple[int, ...]:
        return self._of.times

    @property
    def circle_full(self) -> bool:
        return self._of.circle_full

    @property
    def touched(self) -> dict[str, int]:
        return self._of.touched

    @cached_property
    def circle(self) -> dict[str, int]:
        whole = self._of.circle
        return whole if self._hushed.isdisjoint(whole) else {k: v for k, v in whole.items() if k not in self._hushed}

    @cached_property
    def links(self) -> dict[str, Link]:
        whole = self._of.links
        return whole if self._hushed.isdisjoint(whole) else {k: v for k, v in whole.items() if k not in self._hushed}

    @property
    def _of(self) -> Profile:
        found: Profile = self.__dict__["_whole"]
        return found

    @property
    def _hushed(self) -> Set[str]:
        found: Set[str] = self.__dict__["_quiet"]
        return found


def _profile(profile: Profile, quiet: Set[str], viewer_id: str) -> Profile:
    """Of somebody quiet the id; a viewer keeps the own lists as they are."""
    if profile.id in quiet:
        return Profile(profile.id, bars=profile.bars)
    return profile if profile.id == viewer_id else Thinned(profile, quiet)


def _card(card: Card, quiet: Set[str]) -> Card:
    """Counts stay: they name nobody."""
    if quiet.isdisjoint(card.engagers):
        return card
    return replace(card, engagers={id: how for id, how in card.engagers.items() if id not in quiet})


def _pairs(pairs: Mapping[str, Pair], quiet: Set[str], target: str | None = None) -> dict[str, Pair]:
    """The relationships but for those that begin at somebody quiet, or lead to ``target``."""
    found = {}
    for key, pair in pairs.items():
        source, _, end = key.partition(SEPARATOR)
        if source in quiet or end == target:
            kept = _bars(pair)
            if kept is not None:
                found[key] = kept
        else:
            found[key] = pair
    return found


def _bars(pair: Pair) -> Pair | None:
    """What keeps the two apart; None where nothing does."""
    states = {name: state for name, state in pair.states.items() if name in KEPT_STATES and state.on}
    counts = {REPORT: pair.counts[REPORT]} if REPORT in pair.counts else {}
    return Pair(counts=counts, states=states) if states or counts else None
