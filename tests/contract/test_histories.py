"""Any history, in any order, repeated and cut in any way, reads on every engine as the oracle says.

SOCIOGRAPH_TEST_EXAMPLES sets how many histories each test tries; a few are enough for every day.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signals.events import EventFilter
from tests.contract.stage import Stage
from tests.reads import Cast, answers, play, same, without_envelopes
from tests.strategies import CONNECTIONS, EVERYTHING, SWITCHES, TALKS, Play, Step, arrangements, filters, histories

few = settings(
    max_examples=int(os.environ.get("SOCIOGRAPH_TEST_EXAMPLES", "12")),
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
pytestmark = pytest.mark.timeout(900)
"""Seconds. Only a failure takes that long: the search for its smallest example does."""
plays = pytest.mark.parametrize(
    "play_of",
    [
        pytest.param(EVERYTHING, id="everything"),
        pytest.param(SWITCHES, id="switches"),
        pytest.param(CONNECTIONS, id="connections"),
        pytest.param(TALKS, id="talks"),
    ],
)


@plays
@few
@given(data=st.data())
async def test_any_history_reads_as_the_oracle_says(stage: Stage, play_of: Play, data: st.DataObject) -> None:
    steps: Sequence[Step] = data.draw(histories(play_of), label="history")
    narrowed: Sequence[EventFilter] = data.draw(st.lists(filters, max_size=5), label="filters")
    await stage.wipe()
    await stage.agrees(steps, narrowed)


@plays
@few
@given(data=st.data())
async def test_the_order_of_arrival_decides_nothing_but_envelopes(
    stage: Stage, play_of: Play, data: st.DataObject
) -> None:
    one, other = data.draw(arrangements(play_of), label="two orders")
    await stage.wipe()
    expected = await stage.agrees(one)
    await stage.wipe()
    await play(stage.ports, other)
    got = await answers(stage.ports, Cast.of(one))
    same(without_envelopes(expected), without_envelopes(got))
