"""How close people are: what is read, what is answered, and in which order."""

from __future__ import annotations

import math

import pytest

from resolvers.affinities import affinities, ties
from signals.cut import Cut
from signals.errors import InvalidArgument, LimitExceeded
from signals.people import ConnectionStatus
from tests.factories import at, met
from tests.unit.crowd import Crowd

HOUR = 3600


def connected(a: str, b: str, seconds: float = 0) -> list:  # type: ignore[type-arg]
    return [met("CONNECTION_REQUEST", a, b, seconds), met("CONNECTION_ACCEPT", b, a, seconds + 1)]


def crowd() -> Crowd:
    return Crowd(
        [
            *(met("MESSAGE_SENT", "ann", "bea", n) for n in range(5)),
            met("REPLY", "bea", "ann", 10),
            met("FOLLOW", "ann", "cat", 20),
            met("MESSAGE_SENT", "bea", "dan", 30),
            met("MESSAGE_SENT", "eve", "fay", 40),
            met("BLOCK", "gus", "ann", 50),
            met("MESSAGE_SENT", "ann", "gus", 5),
            *connected("ann", "bea", 60),
            *connected("ann", "cat", 60),
            *connected("bea", "cat", 60),
            *connected("bea", "dan", 60),
        ]
    )


async def test_each_is_answered_in_the_order_asked() -> None:
    asked = ["dan", "bea", "nobody", "bea", "ann", "gus"]
    found = await affinities(crowd().standpoint(HOUR), "ann", asked)
    assert [one.user_id for one in found] == asked
    dan, bea, nobody, again, self, gus = found
    assert bea == again
    assert bea.score > dan.score > 0, "dan is known through bea"
    assert (nobody.score, nobody.contributions, self.score, self.contributions) == (0, (), 0, ())
    assert (gus.blocked, gus.score) == (True, 0)
    assert (bea.outgoing, bea.incoming) == (6, 2)
    assert bea.last_interaction_at == at(61)
    for one in found:
        assert math.isclose(math.fsum(part.contribution for part in one.contributions), one.score, abs_tol=1e-9)


async def test_connections_stand_beside() -> None:
    bea, eve, self = await affinities(crowd().standpoint(HOUR), "ann", ["bea", "eve", "ann"], 1)
    assert bea.connection is not None
    assert (bea.connection.status, bea.connection.requested_by, bea.connection.since) == (
        ConnectionStatus.ACCEPTED,
        "ann",
        at(61),
    )
    assert (bea.mutual_connections.count, bea.mutual_connections.witnesses) == (1, ("cat",))
    assert eve.connection is None
    assert eve.mutual_connections.count == self.mutual_connections.count == 0


async def test_witnesses_are_some_of_them_by_id() -> None:
    events = [e for other in ("dan", "cat", "bea") for e in (*connected("ann", other), *connected("zoe", other))]
    [zoe] = await affinities(Crowd(events).standpoint(HOUR), "ann", ["zoe"], 2)
    assert (zoe.mutual_connections.count, zoe.mutual_connections.witnesses) == (3, ("bea", "cat"))
    [zoe] = await affinities(Crowd(events).standpoint(HOUR), "ann", ["zoe"], 0)
    assert (zoe.mutual_connections.count, zoe.mutual_connections.witnesses) == (3, ())


async def test_one_round_trip_for_ties_two_where_there_are_strangers() -> None:
    nodes = crowd()
    await affinities(nodes.standpoint(HOUR), "ann", ["bea", "cat"])
    assert len(nodes.reads) == 1
    await affinities(nodes.standpoint(HOUR), "ann", ["bea", "dan"])
    assert len(nodes.reads) == 3
    assert nodes.reads[-1].profiles == {"cat", "gus"}, "bea was read before"
    await affinities(nodes.standpoint(HOUR), "ann", ["bea", "dan"], scored=False)
    assert len(nodes.reads) == 4


async def test_the_past_is_read_from_the_past() -> None:
    nodes = crowd()
    here = nodes.standpoint(HOUR)
    await affinities(here.back(at(5), None), "ann", ["dan"])
    await ties(here.back(None, at(6)), "ann")
    assert set(nodes.cuts) == {Cut(at(5)), Cut(at(HOUR), at(6))}


async def test_ties_come_closest_first() -> None:
    found = await ties(crowd().standpoint(HOUR), "ann")
    assert {one.user_id for one in found} == {"bea", "cat", "gus"}
    assert [one.order for one in found] == sorted((one.order for one in found), reverse=True)
    assert [one.user_id for one in await ties(crowd().standpoint(HOUR), "ann", 1)] == [found[0].user_id]
    assert await ties(crowd().standpoint(HOUR), "nobody") == []


async def test_equally_close_ties_come_by_id() -> None:
    nodes = Crowd([met("MESSAGE_SENT", "ann", other, 1) for other in ("cat", "bea", "dan")])
    assert [one.user_id for one in await ties(nodes.standpoint(HOUR), "ann")] == ["bea", "cat", "dan"]


async def test_arguments_have_limits() -> None:
    here = crowd().standpoint()
    assert await affinities(here, "ann", []) == []
    with pytest.raises(LimitExceeded, match="1001 items"):
        await affinities(here, "ann", ["bea"] * 1001)
    with pytest.raises(LimitExceeded, match="witnesses is 21"):
        await affinities(here, "ann", ["bea"], 21)
    with pytest.raises(InvalidArgument, match="witnesses"):
        await affinities(here, "ann", ["bea"], -1)
    with pytest.raises(InvalidArgument, match="userIds"):
        await affinities(here, "ann", [""])
    with pytest.raises(LimitExceeded, match="first"):
        await ties(here, "ann", 501)
