"""One request reads what somebody did once, whatever it asks of it."""

from __future__ import annotations

from collections.abc import Sequence

from signals.diary import Entry
from signals.errors import Unavailable
from tests.unit.surface import Ports, answered, ask

EVERYTHING = """{
    user(id: "ann") {
        points { total }
        again: points { total }
        achievements { id }
        engagementScore { value }
        balance(metadataKey: "path") { evenness }
        late: points(since: "2026-03-02T00:00:00Z") { total }
    }
}"""


async def test_one_read_for_everything_that_asks_the_same() -> None:
    ports = Ports()
    await answered(ports, EVERYTHING)
    reads = [call[2:] for call in ports.calls if call[0] == "diary"]
    assert len(reads) == len(set(reads)) == 3
    assert {metadata for *_, metadata in reads} == {True, False}
    assert len({since for since, *_ in reads}) == 2


async def test_another_request_reads_anew() -> None:
    ports = Ports()
    for _ in range(2):
        await answered(ports, '{ user(id: "ann") { points { total } } }')
    assert len([call for call in ports.calls if call[0] == "diary"]) == 2


class Broken(Ports):
    """Cannot read diaries."""

    async def diary(self, user_ids: Sequence[str], since: int, until: int, metadata: bool = False) -> list[Entry]:
        await super().diary(user_ids, since, until, metadata)
        raise Unavailable


async def test_a_failure_is_told_to_whoever_waits() -> None:
    answer = await ask(Broken(), '{ user(id: "ann") { a: points { total } b: points { total } } }')
    assert set(answer.codes()) == {"UNAVAILABLE"}
