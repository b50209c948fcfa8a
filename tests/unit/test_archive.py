"""Records of an archive: what is written is read again, and what nobody wrote is refused with its place."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.archiving import FOREIGN, NotRestored, page, restore
from signals.archive import KeptStanding, Objection, Record, Salt, StoredHabits, packed, unpacked
from signals.content import Registration
from signals.errors import LimitExceeded
from signals.events import Event
from signals.habits import Habits
from signals.outcomes import InvalidInput
from signals.standing import Declaration, Standing
from tests.factories import POST, RECEIVED, VOCABULARY, at, did, met
from tests.strategies import events, registrations

KEY = "0f" * 32
OTHERS: list[Record] = [
    Salt(KEY),
    StoredHabits(RECEIVED, 7, Habits(repeat=0.5)),
    KeptStanding(KEY, Standing(False, None, (Declaration(at(0), analytics=False),), at(1))),
    KeptStanding(KEY, Standing()),
    Objection("ann"),
    Registration(content=POST, tags=()),
]


def through_a_file(record: Record) -> Any:
    return orjson.loads(orjson.dumps(packed(record)))


@given(st.one_of(events(), registrations, st.sampled_from(OTHERS)))
def test_what_is_written_is_read_again(record: Record) -> None:
    assert unpacked(through_a_file(record)) == record


def test_an_event_that_was_taken_back_says_so() -> None:
    event = did("LIKE", "ann", retracted_at=RECEIVED, retract_reason="by mistake")
    line = through_a_file(event)["event"]
    assert (line["retractedAt"], line["retractReason"]) == ("2026-03-31T12:00:00.000Z", "by mistake")
    assert unpacked({"event": line}) == event


EVENT = packed(did("LIKE", "ann"))["event"]
SOCIAL = packed(met("FOLLOW", "ann", "bob"))["event"]


@pytest.mark.parametrize(
    ("raw", "path", "message"),
    [
        (None, (), "must be an object with one of"),
        ({}, (), "must be an object with one of"),
        ({"other": {}}, (), "must be an object with one of"),
        ({"event": EVENT, "content": {}}, (), "must be an object with one of"),
        ({"event": 1}, ("event",), "must be an object"),
        ({"event": EVENT | {"id": "a\tb"}}, ("event", "id"), "control character"),
        ({"event": EVENT | {"id": ""}}, ("event", "id"), "1 to 128"),
        ({"event": EVENT | {"userId": "\ud800"}}, ("event", "userId"), "half a character"),
        ({"event": EVENT | {"receivedAt": None}}, ("event", "receivedAt"), "is missing"),
        ({"event": EVENT | {"name": "like"}}, ("event", "name"), "capitals"),
        ({"event": EVENT | {"face": "x"}}, ("event", "face"), "not the name of a face"),
        ({"event": EVENT | {"seq": 1}}, ("event", "seq"), "is no field here"),
        ({"event": EVENT | {"content": {"type": "POST\n", "id": "1"}}}, ("event", "content", "type"), "capitals"),
        ({"event": EVENT | {"content": None}}, ("event", "content"), "is missing"),
        ({"event": SOCIAL | {"targetUserId": None}}, ("event", "targetUserId"), "is missing"),
        ({"salt": "0f"}, (), "64 hexadecimal digits"),
        ({"standing": {"key": "x" * 64}}, ("standing", "key"), "64 hexadecimal digits"),
        ({"standing": {"key": KEY, "analytics": 1}}, ("standing", "analytics"), "true or false"),
        ({"habits": {"at": "2026-03-01T00:00:00Z", "value": -1}}, ("habits", "value"), "whole number"),
    ],
)
def test_what_nobody_wrote_is_refused(raw: Any, path: tuple[str, ...], message: str) -> None:
    outcome = unpacked(raw)
    assert isinstance(outcome, InvalidInput)
    places = {problem.path: problem.message for problem in outcome.problems}
    assert message in places.get(path or ("salt",), places.get((), ""))


class Shelf:
    """An archive that keeps what it is given."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    async def page(self, first: int, after: str | None) -> tuple[list[Record], str | None]:
        return self.records[:first], after

    async def restore(self, records: Any) -> list[str | None]:
        self.records += records
        return ["taken"] + [None] * (len(records) - 1)


async def test_a_bad_record_harms_no_other() -> None:
    shelf = Shelf()
    good = did("LIKE", "ann")
    strange = packed(good)["event"] | {"name": "NOT_HERE"}
    outcome = await restore(shelf, VOCABULARY, [7, packed(good), {"event": strange}, packed(OTHERS[0])])
    assert shelf.records == [good, OTHERS[0]]
    assert outcome.restored == 1
    assert [each.index for each in outcome.refused] == [0, 1, 2]
    assert outcome.refused[1:] == (NotRestored(1, "taken"), NotRestored(2, FOREIGN.format(name="NOT_HERE")))


async def test_too_many_at_once_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="1001"):
        await restore(Shelf(), VOCABULARY, [0] * 1001)
    with pytest.raises(LimitExceeded, match="501"):
        await page(Shelf(), 501, None)


async def test_a_page_is_plain() -> None:
    shelf = Shelf()
    shelf.records = [did("LIKE", "ann")]
    found = await page(shelf, 5, "next")
    assert found.next == "next"
    assert [unpacked(each) for each in found.records] == shelf.records
    assert isinstance(shelf.records[0], Event)
