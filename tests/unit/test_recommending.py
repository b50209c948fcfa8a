"""Contents a viewer may like: where they come from, what is left out, and that no author fills the list."""

from __future__ import annotations

import pytest

from resolvers.recommending import recommended
from signals.errors import LimitExceeded
from signals.events import ContentRef
from tests.factories import did, met
from tests.unit.crowd import Crowd

HOUR = 3600


def post(id: str) -> ContentRef:
    return ContentRef("POST", id)


def crowd() -> Crowd:
    return Crowd(
        [
            *(met("MESSAGE_SENT", "ann", "bea", n) for n in range(3)),
            did("LIKE", "bea", post("by-tie"), 10),
            did("LIKE", "ann", post("mine"), 11),
            did("LIKE", "zoe", post("mine"), 12),
            did("LIKE", "zoe", post("by-taste"), 13),
            did("LIKE", "yan", post("hot"), 14),
            did("LIKE", "bea", post("own"), 15),
            did("LIKE", "bea", post("hidden"), 16),
            did("HIDE", "ann", post("hidden"), 17),
            did("LIKE", "bea", ContentRef("ARTICLE", "long"), 18),
        ],
        authors={"POST:own": "ann"},
    )


async def test_sources() -> None:
    found = {one.content.id: one for one in await recommended(crowd().standpoint(HOUR), "ann")}
    assert found.keys() == {"by-tie", "by-taste", "hot", "long"}
    assert found["by-tie"].sources == ("TIES", "TRENDING")
    assert found["by-taste"].sources == ("CO_ACTION", "TRENDING")
    assert found["hot"].sources == ("TRENDING",)
    assert found["by-tie"].social_proof.count == 1
    assert "like" in found["by-tie"].because
    assert all(one.because for one in found.values())


async def test_the_best_first_and_only_of_the_type_asked_for() -> None:
    found = await recommended(crowd().standpoint(HOUR), "ann")
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert {one.content.id for one in await recommended(crowd().standpoint(HOUR), "ann", None, "ARTICLE")} == {"long"}
    assert len(await recommended(crowd().standpoint(HOUR), "ann", 2)) == 2


async def test_no_author_fills_the_list() -> None:
    events = [did("LIKE", f"u{n}", post(f"p{m}"), n) for n in range(9) for m in range(6)]
    events += [did("LIKE", f"u{n}", post("other"), n) for n in range(8)]
    nodes = Crowd(events, authors={f"POST:p{m}": "dan" for m in range(6)} | {"POST:other": "eve"})
    found = await recommended(nodes.standpoint(HOUR), "ann")
    assert [one.content.id for one in found[:3]] == ["p0", "other", "p1"]
    assert found[2].score > found[1].score


async def test_somebody_unknown_gets_what_is_hot() -> None:
    found = await recommended(crowd().standpoint(HOUR), "nobody", 3)
    assert len(found) == 3
    assert {one.sources for one in found} == {("TRENDING",)}


async def test_limits() -> None:
    with pytest.raises(LimitExceeded, match="first"):
        await recommended(crowd().standpoint(), "ann", 501)
