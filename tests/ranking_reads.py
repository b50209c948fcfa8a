"""Every ranking read about a small world, by the product and by the oracle, and what makes two answers comparable."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

from resolvers import recommending, trending
from resolvers.affinities import affinities, ties
from resolvers.feed import feed_signals
from resolvers.paths import path_between
from resolvers.ports import Nodes, Sequences
from resolvers.recent import sequence
from resolvers.recommending import recommended
from resolvers.standpoint import Standpoint
from resolvers.suggesting import suggested
from signals import items, persons, profiles
from signals.contributions import Contribution
from signals.cut import Cut
from signals.events import ContentRef, Event
from signals.habits import Habits
from signals.profiles import Card
from signals.wanted import Found, Wanted
from signals.weights import Weights, standard
from signals.world import World
from tests.factories import RECEIVED, VOCABULARY
from tests.oracle import Oracle
from tests.ranking_facts import STANDARD, Bounds
from tests.ranking_lists import MANY, Candidates
from tests.ranking_oracle import Ranking
from tests.reads import Cast

T = TypeVar("T")

LATER = RECEIVED + timedelta(hours=5)
"""An instant after all events of a small world."""
TYPES = ("POST", "ARTICLE")
ALL = 500
STANDARD_WEIGHTS = standard()
START = Habits()


@dataclass(frozen=True, slots=True)
class View:
    """From where a world is looked at, and by which numbers."""

    now: datetime = LATER
    cut: Cut | None = None
    weights: Weights = STANDARD_WEIGHTS
    habits: Habits = START
    bounds: Bounds = STANDARD
    candidates: Candidates = MANY

    def ranking(self, told: Oracle) -> Ranking:
        return Ranking(
            told,
            self.now,
            self.weights,
            cut=self.cut,
            habits=self.habits,
            bounds=self.bounds,
            candidates=self.candidates,
        )

    def standpoint(self, nodes: Nodes) -> Standpoint:
        return Standpoint(nodes, self.weights, VOCABULARY, self.now, self.cut)

    @contextmanager
    def limits(self) -> Iterator[None]:
        """The product's lists bounded as ``bounds`` and ``candidates`` say."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(items, "ENGAGERS", self.bounds.engagers)
            patch.setattr(persons, "TOUCHED", self.bounds.touched)
            patch.setattr(persons, "TIMES", self.bounds.times)
            patch.setattr(persons, "CIRCLE", self.bounds.circle)
            patch.setattr(persons, "LINKS", self.bounds.links)
            patch.setattr(recommending, "FROM_TIES", self.candidates.ties)
            patch.setattr(recommending, "FROM_CO_ACTION", self.candidates.co_action)
            patch.setattr(recommending, "FROM_TRENDING", self.candidates.trending)
            patch.setattr(trending, "LOOKED_AT", self.candidates.hottest)
            yield


@dataclass
class InMemory:
    """Port Nodes without a database: the world that the product folds from what the oracle was told.

    ``stored``: habits that were stored at ``since``.
    """

    told: Oracle
    stored: Habits = START
    since: datetime = RECEIVED
    worlds: dict[Cut | None, World] = field(default_factory=dict)

    def world(self, cut: Cut | None) -> World:
        if cut not in self.worlds:
            self.worlds[cut] = world = World(VOCABULARY)
            for event in self.told.live():
                if cut is None or cut.holds(event):
                    world.record(event)
            world.settle()
        return self.worlds[cut]

    async def read(self, wanted: Wanted, cut: Cut | None) -> Found:
        world = self.world(cut)
        people = {id: {"id": id, **world.persons[id].pack()} for id in wanted.profiles & world.persons.keys()}
        return Found(
            profiles={id: profiles.Profile.unpack(row) for id, row in people.items()},
            cards={key: card for key in wanted.cards if (card := self._card(world, key)) is not None},
            interacted={key: world.interacted[key] for key in wanted.interacted & world.interacted.keys()},
            ties={key: world.ties[key] for key in wanted.ties & world.ties.keys()},
        )

    def _card(self, world: World, key: str) -> Card | None:
        ref = ContentRef.of(key)
        told = [r for r in self.told.registrations if r.content == ref]
        if key not in world.items and not told:
            return None
        row = world.items[key].pack() if key in world.items else {}
        card = Card.unpack({"type": ref.type, "id": ref.id, **row})
        authors = [r.author_id for r in told if r.author_id is not None]
        return replace(card, author_id=authors[-1] if authors else None, registered=bool(told))

    async def hottest(self, content_type: str | None, first: int, cut: Cut | None) -> list[str]:
        hot = {key: item.hot for key, item in self.world(cut).items.items() if item.hot is not None}
        of_type = [key for key in hot if content_type in (None, ContentRef.of(key).type)]
        return sorted(of_type, key=lambda key: (-hot[key], key))[:first]

    async def habits(self, cut: Cut | None) -> Habits:
        return self.stored if cut is None or cut.as_of >= self.since else START


@dataclass(frozen=True, slots=True)
class Question:
    """One read: its name, the oracle's answer and how to get the product's."""

    name: str
    expected: Callable[[Ranking], Any]
    ask: Callable[[Standpoint], Any]


def about_viewer(viewer: str, cast: Cast, first: int = ALL) -> Iterator[Question]:
    """What is ranked for one viewer."""
    users, refs = cast.users, cast.contents
    yield Question(
        f"affinities of {viewer!r}",
        lambda r: r.affinities(viewer, users, 2),
        lambda s: affinities(s, viewer, users, 2),
    )
    yield Question(f"ties of {viewer!r}", lambda r: in_order(r.ties(viewer, first), tied), ties_of(viewer, first))
    for preset in ("HOME", "DISCOVER"):
        yield feed_of(viewer, refs, preset)
    yield Question(
        f"suggestions for {viewer!r}",
        lambda r: in_order(r.suggested(viewer, first), scored),
        lambda s: ordered(suggested(s, viewer, first), scored),
    )
    for kind in (None, TYPES[0]):
        yield recommendations_for(viewer, kind, first)
        yield trends(viewer, kind, first)


def ties_of(viewer: str, first: int) -> Callable[[Standpoint], Any]:
    return lambda s: ordered(ties(s, viewer, first), tied)


def feed_of(viewer: str, refs: Sequence[ContentRef], preset: str) -> Question:
    async def ask(standpoint: Standpoint) -> Any:
        found = await feed_signals(standpoint, viewer, refs, preset=preset, witnesses=4)
        assert found.as_of == standpoint.now
        assert found.dropped == ()
        return found.candidates

    return Question(f"feed of {viewer!r}, {preset}", lambda r: r.feed(viewer, refs, preset, 4), ask)


def recommendations_for(viewer: str, kind: str | None, first: int) -> Question:
    return Question(
        f"recommendations for {viewer!r} of {kind}",
        lambda r: in_order(r.recommended(viewer, first, kind), worth),
        lambda s: ordered(recommended(s, viewer, first, kind), worth),
    )


def trends(viewer: str | None, kind: str | None, first: int = ALL) -> Question:
    return Question(
        f"trends of {kind} among the ties of {viewer!r}",
        lambda r: in_order(r.trending(first, kind, viewer), worth),
        lambda s: ordered(trending.trending(s, first, kind, viewer), worth),
    )


def path_of(start: str, end: str, hops: int) -> Question:
    return Question(
        f"path from {start!r} to {end!r} in {hops}",
        lambda r: r.path(start, end, hops),
        lambda s: path_between(s, start, end, hops),
    )


def about_everybody(cast: Cast) -> Iterator[Question]:
    """What is the same for all, and the ways between people."""
    for kind in (None, *TYPES):
        yield trends(None, kind)
    for start in cast.users[:2]:
        for end in cast.users:
            yield path_of(start, end, 4)
    yield path_of(cast.users[-2], cast.users[0], 2)


async def sequences(port: Sequences, ranking: Ranking, cast: Cast, cut: Cut | None) -> tuple[Any, Any]:
    """Every action sequence, as the oracle and as the product has it."""
    asked: list[tuple[str, int, Sequence[str] | None]] = [(user, 50, None) for user in cast.users]
    asked += [(user, 2, ("post:like", "social:follow", "profile:visit")) for user in cast.users]
    expected = [ranking.sequence(*one) for one in asked]
    got = [await sequence(port, user, first, types, cut) for user, first, types in asked]
    return expected, got


Scored = Callable[[Any], tuple[float, str]]


def tied(one: Any) -> tuple[float, str]:
    return one.order, one.user_id


def scored(one: Any) -> tuple[float, str]:
    return one.score, one.user_id


def worth(one: Any) -> tuple[float, str]:
    return one.score, one.content.key


async def ordered(found: Any, key: Scored) -> list[Any]:
    return in_order(await found, key)


def in_order(found: Sequence[T], key: Scored) -> list[T]:
    """The same list, with what scores the same but for rounding put by id."""
    runs: list[list[T]] = []
    for one in found:
        near = runs and math.isclose(key(runs[-1][-1])[0], key(one)[0], rel_tol=1e-9, abs_tol=1e-9)
        runs[-1].append(one) if near else runs.append([one])
    return [one for run in runs for one in sorted(run, key=lambda one: key(one)[1])]


def wordless(answer: Any) -> Any:
    """An answer without its words, contributions by name."""
    if isinstance(answer, Event):
        return answer
    if isinstance(answer, list | tuple):
        found = [wordless(one) for one in answer]
        return sorted(found, key=lambda p: p.signal) if found and isinstance(found[0], Contribution) else found
    if is_dataclass(answer) and not isinstance(answer, type):
        values = {row.name: wordless(getattr(answer, row.name)) for row in fields(answer)}
        if "because" in values:
            values["because"] = None
        return replace(answer, **values)
    return answer


async def answers(questions: Iterable[Question], told: Oracle, nodes: Nodes, view: View) -> tuple[Any, Any]:
    """What the oracle says and what the product says, by question."""
    ranking, standpoint = view.ranking(told), view.standpoint(nodes)
    questions = list(questions)
    expected = {question.name: wordless(question.expected(ranking)) for question in questions}
    with view.limits():
        got = {question.name: wordless(await question.ask(standpoint)) for question in questions}
    return expected, got
