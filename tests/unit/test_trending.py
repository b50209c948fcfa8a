"""What is catching on: with everybody, and among ties."""

from __future__ import annotations

import math

import pytest

from resolvers.trending import trending
from signals.errors import LimitExceeded
from signals.events import ContentRef
from tests.factories import did, met
from tests.unit.crowd import Crowd

DAY = 86_400
OLD, NEW, ONE = (ContentRef("POST", id) for id in ("old", "new", "one"))
LONG = ContentRef("ARTICLE", "long")


def crowd() -> Crowd:
    return Crowd(
        [
            *(did("LIKE", f"u{n}", OLD, n) for n in range(9)),
            *(did("LIKE", f"u{n}", NEW, 5 * DAY + n) for n in range(4)),
            *(did("VIEW", "u0", NEW, 5 * DAY + n) for n in range(99)),
            did("LIKE", "u8", ONE, 5 * DAY),
            did("LIKE", "u8", LONG, 5 * DAY),
            did("REPORT", "u8", ContentRef("POST", "bad"), 5 * DAY),
            met("FOLLOW", "ann", "u0", 1),
            met("FOLLOW", "u8", "ann", 2),
            met("FOLLOW", "ann", "u1", 1),
            met("BLOCK", "u1", "ann", 3),
        ]
    )


async def test_what_many_people_turn_to_now() -> None:
    found = await trending(crowd().standpoint(5 * DAY + 3600))
    assert [(one.content, one.users) for one in found] == [(NEW, 4), (LONG, 1), (ONE, 1), (OLD, 9)]
    assert found[0].rising > found[3].rising
    for one in found:
        assert math.isclose(math.fsum(part.contribution for part in one.contributions), one.score)


async def test_by_type_and_only_so_many() -> None:
    here = crowd().standpoint(5 * DAY + 3600)
    assert [one.content for one in await trending(here, None, "ARTICLE")] == [LONG]
    assert [one.content for one in await trending(here, 2)] == [NEW, LONG]


async def test_among_ties_each_tie_counts_once() -> None:
    here = crowd().standpoint(5 * DAY + 3600)
    found = await trending(here, viewer_id="ann")
    assert {one.content.id: one.users for one in found} == {"new": 1, "long": 1, "one": 1, "old": 2}, "u1 is blocked"
    assert [one.content for one in await trending(here, None, "ARTICLE", "ann")] == [LONG]
    assert await trending(here, viewer_id="nobody") == []


async def test_round_trips() -> None:
    nodes = crowd()
    await trending(nodes.standpoint())
    assert len(nodes.reads) == 1
    await trending(nodes.standpoint(), viewer_id="ann")
    assert len(nodes.reads) == 3


async def test_limits() -> None:
    with pytest.raises(LimitExceeded, match="first"):
        await trending(crowd().standpoint(), 501)
