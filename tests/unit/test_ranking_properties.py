"""Ranking over what the product folds in memory: every read as the oracle says, and what holds of any history."""

from __future__ import annotations

import math
import os
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.affinities import affinities, ties
from resolvers.feed import feed_signals
from resolvers.recommending import recommended
from resolvers.standpoint import Standpoint
from resolvers.suggesting import suggested
from resolvers.trending import trending
from signals.clock import to_ms
from signals.content import Registration
from signals.cut import Cut
from signals.decay import HALF_LIVES_MS, Accumulator
from signals.events import ContentRef, Event
from signals.feed import Feature
from signals.habits import Habits
from signals.ranked import CandidateSignals, Rates, SocialProof
from signals.recommendations import diverse
from signals.trending import decayed
from tests import ranking_town
from tests.factories import ARTICLE, NOON, POST, RECEIVED, VOCABULARY, at, did, met
from tests.oracle import Oracle
from tests.ranking_facts import STANDARD, Bounds
from tests.ranking_lists import MANY, Candidates
from tests.ranking_reads import (
    ALL,
    LATER,
    STANDARD_WEIGHTS,
    InMemory,
    View,
    about_everybody,
    about_viewer,
    answers,
    recommendations_for,
)
from tests.ranking_town import PEOPLE, THINGS
from tests.reads import Cast, Ports, play, same

SEEDS = range(int(os.environ.get("SOCIOGRAPH_TEST_EXAMPLES", "4")))
TINY = Bounds(engagers=3, touched=3, times=5, circle=8, links=2)
MOMENT = timedelta(milliseconds=1)
W = STANDARD_WEIGHTS
SETTLED = Habits(0.8, 0.7, 2.5, 0.4, 1.5, answer=1.3, answer_late=0.4, lasting=0.25)
"""Of people who keep to whom and what they know."""
FLEETING = Habits(0.1, 0.2, 0.3, 0.0, 0.2, answer=-1.0, answer_late=4.0, lasting=0.9)
"""Of people who hardly turn to anybody twice, in a catalogue."""

NOTHING = CandidateSignals(
    content=POST,
    score=0.0,
    contributions=(),
    popularity=0.0,
    trend=0.0,
    rising=0.0,
    author_affinity=0.0,
    co_action=0.0,
    social_proof=SocialProof(),
    rates=Rates(),
    reporters=0,
    seen=False,
    last_seen_at=None,
    my_interactions=(),
    hidden_because=None,
)

seeded = pytest.mark.parametrize("seed", SEEDS)


async def town(seed: int, *more: Event) -> Oracle:
    """What a busy town does, and ``more`` after it."""
    told = Oracle(VOCABULARY)
    await told.record(more)
    await play(Ports.of(told), ranking_town.history(random.Random(seed)))
    return told


async def told(events: Sequence[Event], authors: dict[ContentRef, str] | None = None) -> Oracle:
    oracle = Oracle(VOCABULARY)
    await oracle.record(events)
    await oracle.register([Registration(content=ref, author_id=id) for ref, id in (authors or {}).items()])
    return oracle


def looking(oracle: Oracle, now: datetime = LATER, cut: Cut | None = None) -> Standpoint:
    return View(now=now, cut=cut).standpoint(InMemory(oracle))


async def row(oracle: Oracle, viewer: str, ref: ContentRef = POST, now: datetime = LATER) -> CandidateSignals:
    [found] = (await feed_signals(looking(oracle, now), viewer, [ref])).candidates
    return found


# ---- the oracle


@seeded
@pytest.mark.parametrize("bounds", [STANDARD, TINY], ids=["wide", "tiny"])
async def test_a_busy_town_reads_as_the_oracle_says(seed: int, bounds: Bounds) -> None:
    steps = ranking_town.history(random.Random(seed), 150)
    oracle = Oracle(VOCABULARY)
    await play(Ports.of(oracle), steps)
    cast = Cast.of(steps)
    few = MANY if bounds is STANDARD else Candidates(2, 2, 2, ALL)
    cut = Cut(cast.times[len(cast.times) * 3 // 4], RECEIVED - timedelta(days=2))
    now = View(bounds=bounds, candidates=few)
    known = (replace(now, habits=SETTLED), replace(now, habits=FLEETING))
    for view in (now, *known, View(now=cut.as_of, cut=cut, bounds=bounds)):
        questions = [*about_everybody(cast), *(q for user in cast.users[:3] for q in about_viewer(user, cast))]
        same(*await answers(questions, oracle, InMemory(oracle, view.habits), view))


# ---- sums


@seeded
async def test_contributions_add_up_to_the_score(seed: int) -> None:
    standpoint = looking(await town(seed))
    rows: list[Any] = [*await trending(standpoint), *await trending(standpoint, viewer_id="ann")]
    for viewer in PEOPLE[:3]:
        rows += await affinities(standpoint, viewer, PEOPLE)
        rows += await ties(standpoint, viewer)
        rows += await suggested(standpoint, viewer)
        rows += await recommended(standpoint, viewer)
        for preset in ("HOME", "DISCOVER"):
            rows += (await feed_signals(standpoint, viewer, THINGS, preset=preset)).candidates
    assert len(rows) > 50
    for one in rows:
        parts = [part.contribution for part in one.contributions]
        assert math.isclose(math.fsum(parts), one.score, rel_tol=1e-9, abs_tol=1e-9), one
        assert len({part.signal for part in one.contributions}) == len(parts)


@given(
    done=st.lists(st.tuples(st.integers(0, 10**12), st.floats(0.1, 9)), min_size=1, max_size=9),
    later=st.integers(0, 10**10),
    half_life=st.integers(0, 6),
)
def test_an_accumulator_one_half_life_later_is_half(done: list[tuple[int, float]], later: int, half_life: int) -> None:
    now = max(at for at, _ in done) + later
    accumulator = Accumulator.unpack(Accumulator.weighing(done).pack())
    whole = decayed(accumulator, half_life, now)
    half = decayed(accumulator, half_life, now + HALF_LIVES_MS[half_life])
    assert math.isclose(half, whole / 2, rel_tol=1e-9, abs_tol=1e-300)


# ---- blocks and other negatives


@seeded
@pytest.mark.parametrize("mine", [True, False], ids=["mine", "theirs"])
async def test_a_block_zeroes_and_hides(seed: int, mine: bool) -> None:
    """Whatever happened before or after, as long as nobody lifts it."""
    block = met("BLOCK", "ann", "bob", 10**9) if mine else met("BLOCK", "bob", "ann", 10**9)
    oracle = await town(seed, replace(block, occurred_at=RECEIVED))
    await oracle.register([Registration(content=ref, author_id="bob") for ref in THINGS])
    for viewer, other in (("ann", "bob"), ("bob", "ann")):
        [found] = await affinities(looking(oracle), viewer, [other])
        assert (found.score, found.order, found.blocked) == (0, 0, True)
        assert other not in [user.user_id for user in await suggested(looking(oracle), viewer)]
    feed = (await feed_signals(looking(oracle), "ann", THINGS)).candidates
    assert all(one.hidden for one in feed)
    assert {one.hidden_because for one in feed} & {"AUTHOR_BLOCKED", "BLOCKED_BY_AUTHOR"}
    assert {one.score for one in feed} == {0}
    assert all("bob" not in [w.user_id for w in one.social_proof.witnesses] for one in feed)
    assert await recommended(looking(oracle), "ann") == []


DAY = timedelta(days=1)
EXPIRING = (
    (did("HIDE", "ann", POST), "HIDDEN", W.negative.hide_days * DAY),
    (met("MUTE", "ann", "author"), "AUTHOR_MUTED", W.negative.mute_days * DAY),
)
LASTING = (
    (did("REPORT", "ann", POST), "REPORTED"),
    (met("BLOCK", "ann", "author"), "AUTHOR_BLOCKED"),
    (met("BLOCK", "author", "ann"), "BLOCKED_BY_AUTHOR"),
)


@pytest.mark.parametrize(("event", "reason", "span"), EXPIRING, ids=["hide", "mute"])
async def test_hiding_and_muting_wear_off_to_the_millisecond(event: Event, reason: str, span: timedelta) -> None:
    oracle = await told([event, did("VIEW", "bob", POST)], {POST: "author"})
    still, over = await row(oracle, "ann", now=NOON + span - MOMENT), await row(oracle, "ann", now=NOON + span)
    assert (still.hidden_because, still.score) == (reason, 0)
    assert over.hidden_because is None
    assert over.score > 0


@pytest.mark.parametrize(("event", "reason"), LASTING, ids=["report", "block", "blocked"])
async def test_blocks_and_reports_last(event: Event, reason: str) -> None:
    oracle = await told([event, did("VIEW", "bob", POST)], {POST: "author"})
    assert (await row(oracle, "ann", now=NOON + 36_500 * DAY)).hidden_because == reason


async def test_one_person_cannot_report_an_item_away() -> None:
    views = [did("VIEW", f"u{n}", POST, n) for n in range(5)]
    reports = [did("REPORT", "eve", POST, 10 + n) for n in range(100)]
    untouched, stormed = await row(await told(views), "ann"), await row(await told([*views, *reports]), "ann")
    assert (stormed.reporters, stormed.hidden) == (1, False)
    assert stormed.score == untouched.score > 0
    assert stormed.contributions == untouched.contributions


async def test_a_crowd_of_reporters_costs_a_bounded_part() -> None:
    views = [did("VIEW", f"u{n}", POST, n) for n in range(5)]
    scores = []
    for count in (0, 2, 3, 10, 1000):
        reports = [did("REPORT", f"r{n}", POST, 10 + n) for n in range(count)]
        scores.append((await row(await told([*views, *reports]), "ann")).score)
    assert scores[0] == scores[1] > scores[2] > scores[3] >= scores[4]
    assert scores[0] - scores[4] <= W.negative.report * W.negative.report_most + 1e-9


# ---- strangers


@seeded
async def test_what_was_never_heard_of_is_nothing(seed: int) -> None:
    oracle = await town(seed)
    unheard = ContentRef("POST", "unheard of")
    for viewer in ("ann", "nobody"):
        zeros = await row(oracle, viewer, unheard)
        assert zeros == replace(NOTHING, content=unheard)
        [stranger] = await affinities(looking(oracle), viewer, ["nobody at all"])
        assert (stranger.score, stranger.contributions, stranger.outgoing, stranger.incoming) == (0, (), 0, 0)


async def test_whom_one_declined_is_not_suggested() -> None:
    asked = [met("CONNECTION_REQUEST", "ann", "dan"), did("VIEW", "ann", POST, 1), did("VIEW", "dan", POST, 2)]
    for end, expected in (("CONNECTION_DECLINE", []), ("CONNECTION_CANCEL", ["ann"]), (None, [])):
        who = ("dan", "ann") if end == "CONNECTION_DECLINE" else ("ann", "dan")
        answer = [] if end is None else [met(end, *who, 3)]
        found = await suggested(looking(await told([*asked, *answer])), "dan")
        assert [user.user_id for user in found] == expected, end


# ---- order


def mirrored(chance: random.Random, make: Any, names: Iterable[str]) -> list[Event]:
    """The same done to each of the names, arriving in any order."""
    made = [event for name in names for event in make(name)]
    chance.shuffle(made)
    return made


@given(seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
async def test_equal_ones_stand_by_id(seed: int) -> None:
    """The same was done to several contents and people; what arrives when decides nothing."""
    chance, names = random.Random(seed), ["b", "a", "\ufffd", "B", "\U0001f600"]
    moments = [chance.choice((1, 2, 3600.123, 90_000, 10**6)) + chance.random() for _ in range(6)]
    users = [chance.choice(("u1", "u2", "u3", "u4", "me")) for _ in moments]

    def contents(name: str) -> list[Event]:
        ref = ContentRef("POST", name)
        return [did("VIEW", user, ref, second) for user, second in zip(users, moments, strict=True)]

    def people(name: str) -> list[Event]:
        talks = [met("MESSAGE_SENT", "me", name, moments[0]), met("MESSAGE_SENT", name, "me", moments[1])]
        return [*talks, *(met("FOLLOW", name, f"f{n}", second) for n, second in enumerate(moments))]

    oracle = await told([*mirrored(chance, contents, names), *mirrored(chance, people, names)])
    standpoint, ids = looking(oracle), sorted(names)
    assert [one.content.id for one in await trending(standpoint)] == ids
    assert [one.user_id for one in await ties(standpoint, "me")] == ids
    assert [one.content.id for one in await recommended(standpoint, "u9")] == ids
    followed = [one.user_id for one in await suggested(standpoint, "me")]
    assert [id for id in followed if id.startswith("f")]
    strangers = [one.user_id for one in await suggested(looking(oracle), "f0") if one.user_id in names]
    assert strangers == sorted(strangers)


@seeded
async def test_an_author_of_everything_does_not_fill_the_list(seed: int) -> None:
    oracle = await town(seed)
    await oracle.register([Registration(content=ref, author_id="author") for ref in THINGS[:5]])
    questions = [recommendations_for(viewer, None, ALL) for viewer in (*PEOPLE, "nobody")]
    expected, got = await answers(questions, oracle, InMemory(oracle), View())
    same(expected, got)
    assert max(map(len, got.values())) >= 5


def test_each_content_more_of_an_author_counts_less() -> None:
    """A 10, B 9, C 8 of one author: B is left with 6.3, C with 3.92 against D 5."""
    scores = {"POST:A": 10.0, "POST:B": 9.0, "POST:C": 8.0, "POST:D": 5.0}
    rows = [replace(NOTHING, content=ContentRef.of(key), score=score) for key, score in scores.items()]
    authors: dict[str, str | None] = dict.fromkeys(["POST:A", "POST:B", "POST:C"], "x")
    assert [one.content.id for one in diverse(rows, authors, 4, W)] == ["A", "B", "D", "C"]


@seeded
async def test_a_shorter_list_begins_the_longer_one(seed: int) -> None:
    standpoint = looking(await town(seed))
    lists: list[Callable[..., Awaitable[Sequence[Any]]]] = [
        partial(ties, standpoint, "ann"),
        partial(suggested, standpoint, "cat"),
        partial(recommended, standpoint, "eve"),
        partial(trending, standpoint),
    ]
    for ask in lists:
        whole = list(await ask(first=ALL))
        for first in (1, 2, 5):
            assert list(await ask(first=first)) == whole[:first]


FIELDS = {
    Feature.POPULARITY: ("popularity",),
    Feature.TREND: ("trend", "rising"),
    Feature.RATES: ("rates",),
    Feature.MINE: ("seen", "last_seen_at", "my_interactions"),
    Feature.AUTHOR_AFFINITY: ("author_affinity",),
    Feature.SOCIAL_PROOF: ("social_proof",),
    Feature.CO_ACTION: ("co_action",),
    Feature.SCORE: ("score", "contributions", "hidden_because"),
}


@seeded
async def test_a_feature_alone_is_the_same_as_among_all(seed: int) -> None:
    assert {name for names in FIELDS.values() for name in names} | {"content", "reporters"} == {
        field.name for field in fields(CandidateSignals)
    }
    standpoint = looking(await town(seed))
    for preset in ("HOME", "DISCOVER"):
        whole = (await feed_signals(standpoint, "ann", THINGS, preset=preset)).candidates
        for feature, names in FIELDS.items():
            alone = (await feed_signals(standpoint, "ann", THINGS, preset=preset, features={feature})).candidates
            for one, other in zip(alone, whole, strict=True):
                for name in names:
                    assert getattr(one, name) == getattr(other, name), (feature, name)


async def test_the_order_asked_is_the_order_answered() -> None:
    oracle = await told([did("VIEW", "bob", POST), did("VIEW", "bob", ARTICLE, 1)])
    asked = [ARTICLE, POST, ContentRef("POST", "x"), POST]
    found = (await feed_signals(looking(oracle, at(60)), "ann", asked)).candidates
    assert [one.content for one in found] == asked
    assert found[1] == found[3]


def test_the_instant_of_a_test_comes_after_its_events() -> None:
    assert to_ms(LATER) > to_ms(RECEIVED)
