"""What was done with one content in a span of time, event by event, and what that adds up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from signals.content import Depth
from signals.decay import Accumulator
from signals.events import Face
from signals.funnel import STEPS, funnel
from signals.items import Item
from signals.pairs import term_of
from signals.vocabulary import Behaviour, Term, Vocabulary

PLACES = {"VIEW": 0, "LIKE": 1, "REACT": 1, "COMMENT": 2, "REPLY": 2, "SHARE": 3}
"""Which step of the funnel a name is."""


class Interaction(NamedTuple):
    """One unretracted event. ``at``: epoch ms. Lists are oldest first by (at, id)."""

    at: int
    id: str
    actor_id: str
    face: str
    name: str
    duration_ms: int | None
    scroll_depth: float | None


def added_up(interactions: Sequence[Interaction], vocabulary: Vocabulary) -> Item:
    """What an engagement is told from; states are those that these events leave on."""
    counts = Counter(f"{each.face}.{each.name}" for each in interactions)
    terms = {code: term_of(vocabulary, code) for code in counts}
    touched: dict[str, int] = {}
    states: dict[tuple[str, str], bool] = {}
    for each in interactions:
        term = terms[f"{each.face}.{each.name}"]
        if term.weight > 0:
            touched.setdefault(each.actor_id, each.at)
        if term.behaviour is Behaviour.STATE:
            states[each.actor_id, _state(term)] = term.on
    depths = [each.scroll_depth for each in interactions if each.scroll_depth is not None]
    return Item(
        n=len(interactions),
        counts=dict(counts),
        on=dict(Counter(state for (_, state), on in states.items() if on)),
        touches=Accumulator.of(touched.values()),
        time_ms=sum(each.duration_ms or 0 for each in interactions),
        scroll_sum=sum(depths, 0.0),
        scroll_n=len(depths),
    )


def _state(term: Term) -> str:
    return term.state or term.name


def depth(interactions: Iterable[Interaction]) -> Depth:
    """How long people stayed, and how far they went."""
    did: dict[str, set[int]] = {}
    durations: list[int] = []
    for each in interactions:
        if each.duration_ms is not None:
            durations.append(each.duration_ms)
        if each.face == Face.CONTENT and each.name in PLACES:
            did.setdefault(each.actor_id, set()).add(PLACES[each.name])
    ways = Counter(frozenset(places) for places in did.values())
    return Depth(
        mean_dwell_ms=sum(durations) / len(durations) if durations else None,
        funnel=funnel(([place in way for place in range(len(STEPS))], people) for way, people in ways.items()),
    )
