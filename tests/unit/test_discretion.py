"""Rankings without those who objected: as viewers they are strangers, and in others' answers they are not."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from resolvers.affinities import affinities, ties
from resolvers.discretion import PERSONALISATION, seen_by
from resolvers.feed import feed_signals
from resolvers.paths import path_between
from resolvers.recommending import recommended
from resolvers.standpoint import Standpoint
from resolvers.suggesting import suggested
from resolvers.trending import trending
from signals.discretion import discreet
from signals.events import ContentRef, Event
from signals.wanted import Found
from tests.factories import ARTICLE, POST, did, met, visited
from tests.unit.crowd import Crowd
from tests.unit.surface import Ports, answered, ask

PEOPLE = ("ann", "bea", "cat", "HUSH1", "HUSH2", "dan", "eve")
QUIET = frozenset({"HUSH1", "HUSH2"})
CONTENTS = tuple(ContentRef("POST", str(n)) for n in range(6))
LATER = 300_000
STRANGER = "nobody-ever-saw"


def town(seed: int) -> Crowd:
    """Seven people who deal with each other and with six contents, without a block."""
    chance = random.Random(seed)
    events: list[Event] = []
    for _ in range(150):
        one, other = chance.sample(PEOPLE, 2)
        when = chance.randint(0, 200_000)
        events += [
            did(chance.choice(("VIEW", "LIKE", "COMMENT", "SHARE")), one, chance.choice(CONTENTS), when),
            chance.choice(
                (
                    met(chance.choice(("FOLLOW", "MESSAGE_SENT", "REPLY")), one, other, when),
                    met(chance.choice(("CONNECTION_REQUEST", "CONNECTION_ACCEPT")), one, other, when),
                    visited(one, other, when),
                )
            ),
        ]
    return Crowd(events, {ref.key: chance.choice(PEOPLE) for ref in CONTENTS[:3]})


async def everything(here: Standpoint, viewer: str) -> dict[str, object]:
    """What each ranking read answers a viewer."""
    feed = await feed_signals(here, viewer, CONTENTS)
    return {
        "feed": [replace(row, my_interactions=()) for row in feed.candidates],
        "affinities": [a.score for a in await affinities(here, viewer, ["ann", "bea", "dan"])],
        "ties": await ties(here, viewer),
        "suggested": await suggested(here, viewer),
        "recommended": [(r.content, r.score, r.sources) for r in await recommended(here, viewer)],
        "trending": await trending(here, None, None, viewer),
        "path": await path_between(here, viewer, "eve"),
    }


@pytest.mark.parametrize("seed", range(8))
async def test_a_quiet_viewer_is_answered_as_a_stranger(seed: int) -> None:
    crowd = town(seed)
    crowd.authors = {key: author for key, author in crowd.authors.items() if author != "HUSH1"}
    here = crowd.standpoint(LATER)
    known, quiet = seen_by(here, QUIET, "HUSH1"), seen_by(here, QUIET, STRANGER)
    assert await everything(known, "HUSH1") == await everything(quiet, STRANGER)
    assert await everything(here, "HUSH1") != await everything(quiet, STRANGER)
    assert (known.dropped, quiet.dropped) == ((PERSONALISATION,), ())


@pytest.mark.parametrize("seed", range(8))
async def test_the_quiet_are_in_nobody_elses_answer(seed: int) -> None:
    crowd = town(seed)
    found_before = 0
    for viewer in ("ann", "bea", "cat"):
        loud, here = crowd.standpoint(LATER), seen_by(crowd.standpoint(LATER), QUIET, viewer)
        for name in ("feed", "suggested", "recommended", "trending", "path"):
            found_before += "HUSH" in repr((await everything(loud, viewer))[name])
            assert "HUSH" not in repr((await everything(here, viewer))[name]), name
        for mutual in await affinities(here, viewer, ["dan", "eve"], 20):
            assert "HUSH" not in repr(mutual)
    assert found_before


@pytest.mark.parametrize("seed", range(4))
async def test_what_others_did_stays_as_it_is_where_nobody_quiet_is_near(seed: int) -> None:
    crowd = Crowd([e for e in town(seed).events if not {e.user_id, e.target_user_id} & QUIET])
    here = crowd.standpoint(LATER)
    assert await everything(seen_by(here, QUIET, "ann"), "ann") == await everything(here, "ann")


def test_where_nobody_objected_nothing_is_wrapped() -> None:
    here = town(1).standpoint(LATER)
    assert seen_by(here, frozenset(), "ann") is here


async def test_what_a_viewer_did_towards_the_quiet_is_the_viewers_own() -> None:
    crowd = Crowd([met("FOLLOW", "ann", "HUSH1", 1), met("MESSAGE_SENT", "ann", "HUSH1", 2)])
    here = seen_by(crowd.standpoint(LATER), QUIET, "ann")
    [affinity] = await affinities(here, "ann", ["HUSH1"])
    assert affinity.score > 0
    assert [tie.user_id for tie in await ties(here, "ann")] == ["HUSH1"]
    [back] = await affinities(seen_by(crowd.standpoint(LATER), QUIET, "HUSH1"), "HUSH1", ["ann"])
    assert (back.score, back.incoming, back.connection) == (0, 0, None)


async def test_what_keeps_two_apart_holds_for_the_quiet_and_from_them() -> None:
    wrote = {ref.key: author for ref, author in zip(CONTENTS, ("bea", "cat", "dan", None), strict=False) if author}
    crowd = Crowd(
        [
            met("BLOCK", "HUSH1", "bea", 1),
            met("MUTE", "HUSH1", "cat", 2),
            met("BLOCK", "dan", "HUSH1", 3),
            did("HIDE", "HUSH1", CONTENTS[3], 4),
            did("REPORT", "HUSH1", CONTENTS[4], 5),
            did("LIKE", "HUSH1", CONTENTS[5], 6),
            *(did("LIKE", "eve", ref, 7) for ref in CONTENTS),
        ],
        wrote,
    )
    here = seen_by(crowd.standpoint(60), QUIET, "HUSH1")
    feed = await feed_signals(here, "HUSH1", CONTENTS)
    assert [row.hidden_because for row in feed.candidates] == [
        "AUTHOR_BLOCKED",
        "AUTHOR_MUTED",
        "BLOCKED_BY_AUTHOR",
        "HIDDEN",
        "REPORTED",
        None,
    ]
    assert feed.dropped == (PERSONALISATION,)
    assert feed.candidates[5].seen is False
    assert [one.content for one in await recommended(here, "HUSH1")] == [CONTENTS[5]]
    other = Crowd([met("BLOCK", "HUSH1", "ann", 1), did("LIKE", "eve", POST, 2)], {POST.key: "HUSH1"})
    [row] = (await feed_signals(seen_by(other.standpoint(60), QUIET, "ann"), "ann", [POST])).candidates
    assert row.hidden_because == "BLOCKED_BY_AUTHOR"


async def test_counts_name_nobody_and_stay() -> None:
    crowd = Crowd([did("LIKE", "HUSH1", POST, 1), did("LIKE", "bea", POST, 2), did("LIKE", "bea", ARTICLE, 3)])
    loud, here = crowd.standpoint(60), seen_by(crowd.standpoint(60), QUIET, "ann")
    assert await trending(here) == await trending(loud)
    before, after = await feed_signals(loud, "ann", [POST]), await feed_signals(here, "ann", [POST])
    assert before.candidates[0].popularity == after.candidates[0].popularity > 0


def test_nothing_found_is_nothing_seen() -> None:
    assert discreet(Found(), QUIET, "ann") == Found()


FEED = '{ feedSignals(viewerId: "HUSH1", candidates: [{type: POST, id: "1"}]) { dropped } }'


async def test_an_answer_says_what_was_dropped() -> None:
    ports = Ports(known={"quiet": QUIET})
    assert (await answered(ports, FEED))["feedSignals"]["dropped"] == [PERSONALISATION]
    for query in (
        FEED,
        '{ suggestedUsers(viewerId: "HUSH1") { score } }',
        '{ recommendedContent(viewerId: "HUSH1") { score } }',
        '{ affinities(viewerId: "HUSH1", userIds: ["a"]) { score } }',
        '{ trending(viewerId: "HUSH1") { score } }',
        '{ pathBetween(fromId: "HUSH1", toId: "a") { length } }',
        '{ user(id: "HUSH1") { ties { score } } }',
    ):
        assert (await ask(ports, query)).extensions == {"dropped": [PERSONALISATION]}
        assert not (await ask(ports, query.replace("HUSH1", "ann"))).extensions
    assert not (await ask(ports, "{ trending { score } }")).extensions
