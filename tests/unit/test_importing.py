"""Delivery: batches, several at once, until everything is taken or refused."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

import pytest

from resolvers.importing import IN_FLIGHT, Delivery, Item, Receipt, Tally, receipt_of
from signals.errors import Unavailable
from signals.limits import BATCH
from signals.outcomes import InvalidInput, Overloaded, Problem
from signals.rows import Raw


class Scripted:
    """A sink that remembers ids; ``overloads`` times it takes only half a batch."""

    def __init__(self, overloads: int = 0) -> None:
        self.ids: set[str] = set()
        self.registered: list[Raw] = []
        self.overloads = overloads
        self.under_way = self.most = 0

    async def track(self, events: Sequence[Raw]) -> Receipt:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(0.001)
        self.under_way -= 1
        taken = len(events)
        if self.overloads:
            self.overloads -= 1
            taken = len(events) // 2
        receipt = Receipt(overloaded=list(range(taken, len(events))), retry_after_ms=1)
        for position, event in enumerate(events[:taken]):
            if event["social"]["id"] == "bad":
                receipt.refused[position] = "is bad"
            elif event["social"]["id"] not in self.ids:
                self.ids.add(event["social"]["id"])
                receipt.tracked += 1
        return receipt

    async def register(self, contents: Sequence[Raw]) -> Receipt:
        self.registered += contents
        return Receipt(tracked=len(contents))


def item(number: int, id: str | None = None) -> Item:
    return Item(number, {"social": {"id": id or f"e{number}"}})


async def deliver(sink: Scripted, items: Sequence[Item] | Iterator[Item]) -> tuple[Tally, list[tuple[int, str]]]:
    refused: list[tuple[int, str]] = []
    delivery = Delivery(sink, reject=lambda item, why: refused.append((item.line, why)), progress=lambda _: None)
    return await delivery.send(items), refused


async def test_everything_arrives_once() -> None:
    sink = Scripted()
    tally, refused = await deliver(sink, [item(n) for n in range(5500)])
    assert (tally.tracked, tally.duplicates, refused) == (5500, 0, [])
    tally, _ = await deliver(sink, [item(n) for n in range(5501)])
    assert (tally.tracked, tally.duplicates, tally.rows) == (1, 5500, 5501)


async def test_what_is_refused_is_told_with_its_line() -> None:
    wrong = Item(7, InvalidInput((Problem(("type",), "is odd"), Problem((), "and more"))))
    tally, refused = await deliver(Scripted(), [item(5), item(6, "bad"), wrong, item(8)])
    assert sorted(refused) == [(6, "is bad"), (7, "type: is odd; and more")]
    assert (tally.tracked, tally.rejected) == (2, 2)


async def test_what_is_overloaded_is_sent_again() -> None:
    sink = Scripted(overloads=3)
    tally, refused = await deliver(sink, [item(1), item(2, "bad"), *(item(n) for n in range(3, 2001))])
    assert (tally.tracked, tally.duplicates, refused) == (1999, 0, [(2, "is bad")])


async def test_registrations_are_counted_apart() -> None:
    sink = Scripted()
    tally, _ = await deliver(sink, [Item(1, {"registerContent": {"content": {}}}), item(2)])
    assert (tally.registered, tally.tracked, sink.registered) == (1, 1, [{"content": {}}])


async def test_reading_goes_no_further_ahead_than_what_is_under_way() -> None:
    read, ahead = 0, 0
    sink = Scripted()

    def items() -> Iterator[Item]:
        nonlocal read, ahead
        for number in range(20 * BATCH):
            read += 1
            ahead = max(ahead, read - len(sink.ids))
            yield item(number)

    await deliver(sink, items())
    assert sink.most <= IN_FLIGHT
    assert ahead <= (IN_FLIGHT + 1) * BATCH


async def test_a_sink_that_takes_nothing_is_given_up() -> None:
    class Full(Scripted):
        async def track(self, events: Sequence[Raw]) -> Receipt:
            return receipt_of([Overloaded(1)] * len(events))

    delivery = Delivery(Full(), reject=lambda *_: None, progress=lambda _: None, patience=0.02)
    with pytest.raises(Unavailable, match="taken nothing"):
        await delivery.send([item(1)])


def test_reasons_do_not_tell_the_place_in_a_batch() -> None:
    receipt = receipt_of([InvalidInput((Problem(("events", "0", "social", "id"), "is empty"),))])
    assert receipt.refused == {0: "social.id: is empty"}
