"""Whom a viewer may want to know."""

from __future__ import annotations

import math

import pytest

from resolvers.suggesting import suggested
from signals.errors import LimitExceeded
from tests.factories import POST, did, met
from tests.unit.crowd import Crowd

HOUR = 3600


def crowd() -> Crowd:
    """bea and cat are ann's; dan is both of theirs, eve is bea's, fay is cat's but blocks ann, zoe likes the same."""
    return Crowd(
        [
            met("FOLLOW", "ann", "bea", 1),
            met("MESSAGE_SENT", "ann", "cat", 2),
            met("MESSAGE_SENT", "bea", "dan", 3),
            met("MESSAGE_SENT", "cat", "dan", 4),
            met("MESSAGE_SENT", "bea", "eve", 5),
            met("MESSAGE_SENT", "cat", "fay", 6),
            met("BLOCK", "fay", "ann", 7),
            met("MESSAGE_SENT", "cat", "hal", 8),
            met("CONNECTION_REQUEST", "ann", "hal", 8),
            met("CONNECTION_DECLINE", "hal", "ann", 9),
            met("MESSAGE_SENT", "ivy", "ann", 10),
            did("LIKE", "ann", POST, 20),
            did("LIKE", "zoe", POST, 21),
            did("LIKE", "bea", POST, 22),
        ]
    )


async def test_partners_of_partners_taste_and_the_unanswered() -> None:
    found = await suggested(crowd().standpoint(HOUR), "ann")
    assert {one.user_id for one in found} == {"dan", "eve", "zoe", "ivy"}
    scores = {one.user_id: one.score for one in found}
    assert scores["dan"] > scores["eve"], "two lead to dan"
    assert [one.score for one in found] == sorted(scores.values(), reverse=True)
    for one in found:
        assert math.isclose(math.fsum(part.contribution for part in one.contributions), one.score, abs_tol=1e-9)


async def test_who_leads_there() -> None:
    dan = next(one for one in await suggested(crowd().standpoint(HOUR), "ann") if one.user_id == "dan")
    assert {(proof.kind, proof.witnesses) for proof in dan.social_proof} == {("FOLLOWS", ("bea",)), ("TALKS", ("cat",))}
    zoe = next(one for one in await suggested(crowd().standpoint(HOUR), "ann") if one.user_id == "zoe")
    assert (zoe.shared_contents, zoe.social_proof) == (1, ())


async def test_a_block_on_the_first_place_makes_room_for_the_next() -> None:
    events = [met("MESSAGE_SENT", "ann", "bea", 1)]
    events += [met("MESSAGE_SENT", "bea", f"u{n}", 100 + n) for n in range(30)]
    events += [met("BLOCK", f"u{n}", "ann", 200) for n in range(10, 30)]
    found = await suggested(Crowd(events).standpoint(HOUR), "ann", 2)
    assert [one.user_id for one in found] == ["u9", "u8"]


async def test_equally_good_ones_come_by_id_and_only_so_many() -> None:
    events = [met("MESSAGE_SENT", "ann", "bea", 1), *(met("MESSAGE_SENT", "bea", id, 2) for id in ("z", "x", "y"))]
    assert [one.user_id for one in await suggested(Crowd(events).standpoint(HOUR), "ann", 2)] == ["x", "y"]


async def test_few_round_trips() -> None:
    nodes = crowd()
    await suggested(nodes.standpoint(HOUR), "ann")
    assert len(nodes.reads) == 3


async def test_nobody_for_somebody_unknown() -> None:
    assert await suggested(crowd().standpoint(HOUR), "nobody") == []
    with pytest.raises(LimitExceeded, match="first"):
        await suggested(crowd().standpoint(), "ann", 501)
