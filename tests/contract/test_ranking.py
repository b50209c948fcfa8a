"""Any history, in any order, cut in any way, ranks on every engine as the oracle says, now and as of any instant.

SOCIOGRAPH_TEST_EXAMPLES sets how many histories each test tries; a few are enough for every day.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import recording
from graph.habits import HabitsKeeper
from graph.impressions import ImpressionReader
from graph.nodes import NodeReader
from graph.sequences import SequenceReader
from resolvers.clicks import click_through
from resolvers.recent import sequence
from signals.cut import Cut
from signals.habits import Habits
from tests import ranking_town
from tests.contract.stage import Stage
from tests.factories import RECEIVED, VOCABULARY
from tests.oracle import Oracle
from tests.ranking_facts import Bounds
from tests.ranking_lists import Candidates
from tests.ranking_reads import STANDARD_WEIGHTS, View, about_everybody, about_viewer, answers
from tests.ranking_town import PEOPLE
from tests.reads import Cast, Ports, play, same
from tests.strategies import EVERYTHING, RANKED, SHOWN, Play, Step, histories

EXAMPLES = int(os.environ.get("SOCIOGRAPH_TEST_EXAMPLES", "6"))
few = settings(
    max_examples=EXAMPLES,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
pytestmark = pytest.mark.timeout(900)
"""Seconds. Only a failure takes that long: the search for its smallest example does."""
TINY = Bounds(engagers=2, touched=2, times=3, circle=4, links=1)
CROWDED = Bounds(engagers=3, touched=3, times=5, circle=8, links=2)
FEW = Candidates(ties=2, co_action=2, trending=2, hottest=500)
MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def nodes(stage: Stage) -> NodeReader:
    return NodeReader(stage.database, VOCABULARY)


async def agree(nodes: NodeReader, told: Oracle, cast: Cast, viewers: Sequence[str], view: View) -> None:
    """Every ranking read of the viewers is the same."""
    questions = [*about_everybody(cast), *(q for viewer in viewers for q in about_viewer(viewer, cast))]
    same(*await answers(questions, told, nodes, view))


async def tell(stage: Stage, steps: Sequence[Step]) -> Oracle:
    """The engine and an oracle know the history."""
    told = Oracle(VOCABULARY)
    await stage.wipe()
    same(await play(Ports.of(told), steps), await play(stage.ports, steps))
    return told


def some(cast: Cast) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(cast.users), min_size=1, max_size=3, unique=True)


@pytest.mark.parametrize("play_of", [pytest.param(RANKED, id="ranked"), pytest.param(EVERYTHING, id="everything")])
@few
@given(data=st.data())
async def test_any_history_ranks_as_the_oracle_says(
    stage: Stage, nodes: NodeReader, play_of: Play, data: st.DataObject
) -> None:
    steps: Sequence[Step] = data.draw(histories(play_of), label="history")
    cast = Cast.of(steps)
    viewers = data.draw(some(cast), label="viewers")
    await agree(nodes, await tell(stage, steps), cast, viewers, View())


@few
@given(data=st.data())
async def test_lists_that_overflow(stage: Stage, nodes: NodeReader, data: st.DataObject) -> None:
    steps: Sequence[Step] = data.draw(histories(RANKED), label="history")
    cast, view = Cast.of(steps), View(bounds=TINY, candidates=FEW)
    viewers = data.draw(some(cast), label="viewers")
    with view.limits():
        told = await tell(stage, steps)
    await agree(nodes, told, cast, viewers, view)


@pytest.mark.parametrize("seed", range(max(1, EXAMPLES // 4)))
async def test_a_busy_town(stage: Stage, nodes: NodeReader, seed: int) -> None:
    """Lists overflow and are folded at other moments; there is much to say of everybody, now and then."""
    chance = random.Random(seed)
    steps = ranking_town.history(chance, 150)
    cast, view = Cast.of(steps), View(bounds=CROWDED, candidates=FEW)
    with view.limits(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(recording, "LONG", chance.choice((0, 40, 120)))
        told = await tell(stage, steps)
    viewers = chance.sample(PEOPLE, 2)
    await agree(nodes, told, cast, viewers, view)
    for _ in range(2):
        cut = Cut(chance.choice(cast.times), chance.choice((None, RECEIVED, chance.choice(cast.times))))
        await agree(nodes, told, cast, viewers, View(now=cut.as_of, cut=cut, bounds=CROWDED))


@st.composite
def cuts(draw: st.DrawFn, told: Oracle) -> Cut:
    """At an event, right before it, right after it, or a day later; known by any time, too."""
    occurred = sorted({e.occurred_at for e in told.recorded.values()}) or [RECEIVED]
    received = sorted({e.received_at for e in told.recorded.values()}) or [RECEIVED]
    shift = st.sampled_from((timedelta(0), -MOMENT, MOMENT, timedelta(days=1)))
    known_at: datetime | None = draw(st.none() | st.none() | st.sampled_from(received))
    return Cut(draw(st.sampled_from(occurred)) + draw(shift), known_at and known_at + draw(shift))


@pytest.mark.parametrize("bounds", [pytest.param(View().bounds, id="wide"), pytest.param(TINY, id="tiny")])
@few
@given(data=st.data())
async def test_any_instant_of_the_past(stage: Stage, nodes: NodeReader, bounds: Bounds, data: st.DataObject) -> None:
    steps: Sequence[Step] = data.draw(histories(RANKED), label="history")
    cast = Cast.of(steps)
    with View(bounds=bounds).limits():
        told = await tell(stage, steps)
    for cut in data.draw(st.lists(cuts(told), min_size=1, max_size=3), label="cuts"):
        viewers = data.draw(some(cast), label="viewers")
        await agree(nodes, told, cast, viewers[:2], View(now=cut.as_of, cut=cut, bounds=bounds))


@few
@given(data=st.data())
async def test_sequences_and_clicks(stage: Stage, data: st.DataObject) -> None:
    steps: Sequence[Step] = data.draw(histories(SHOWN), label="history")
    told, cast = await tell(stage, steps), Cast.of(steps)
    impressions = ImpressionReader(stage.database, VOCABULARY, STANDARD_WEIGHTS.rates)
    sequences = SequenceReader(stage.database)
    for cut in (None, data.draw(cuts(told), label="cut")):
        ranking = View(now=View().now if cut is None else cut.as_of, cut=cut).ranking(told)
        for since, until in data.draw(st.lists(spans(cast), min_size=1, max_size=3), label="spans"):
            for kind in (None, "POST"):
                expected = ranking.click_through(since, until, kind)
                same(expected, await click_through(impressions, since, until, kind, cut))
        for user in cast.users:
            for first, types in ((50, None), (2, None), (2, ("post:view", "social:follow", "profile:visit"))):
                same(ranking.sequence(user, first, types), await sequence(sequences, user, first, types, cut))


def spans(cast: Cast) -> st.SearchStrategy[tuple[datetime, datetime]]:
    """From one event to another, or beyond."""
    ends = st.sampled_from([*cast.times, RECEIVED + timedelta(days=1)])
    everything = st.just((RECEIVED - timedelta(days=30_000), RECEIVED + MOMENT))
    return st.tuples(ends, ends).filter(lambda span: span[0] < span[1]) | everything


@few
@given(steps=histories(RANKED))
async def test_habits(stage: Stage, steps: Sequence[Step]) -> None:
    told = await tell(stage, steps)
    keeper = HabitsKeeper(stage.database, VOCABULARY, STANDARD_WEIGHTS.habits)
    expected = View().ranking(told).reckoned()
    nodes = NodeReader(stage.database, VOCABULARY)
    same(await keeper.refresh(View().now), expected)
    same(await nodes.habits(None), expected)
    same(await nodes.habits(Cut(View().now - MOMENT)), Habits())
    cast = Cast.of(steps)
    await agree(nodes, told, cast, cast.users[:1], View(habits=expected))
