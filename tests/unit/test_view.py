"""A request's view of the nodes: it looks once at what others have written, however often it reads."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import cast

import pytest

from graph.nodes import NodeReader, View
from resolvers.ports import Nodes
from signals.errors import Unavailable
from signals.wanted import Found, Wanted


class Reader:
    """Stands for a NodeReader; ``looks``: how often it looked."""

    def __init__(self, fails: bool = False) -> None:
        self.looks = 0
        self.fails = fails
        self.hottest = self.habits = None

    async def look(self) -> None:
        self.looks += 1
        await asyncio.sleep(0)
        if self.fails:
            raise Unavailable

    async def read_on(self, *_: object) -> Found:
        assert self.looks
        return Found()


def view(reader: Reader) -> View:
    return View(cast("NodeReader", reader))


async def test_all_who_read_share_a_look_that_was_begun_before() -> None:
    reader = Reader()
    found = view(reader)
    found.ahead()
    await asyncio.gather(*(found.read(Wanted(), None) for _ in range(3)))
    found.ahead()
    await found.read(Wanted(), None)
    assert reader.looks == 1


async def test_a_reader_who_was_not_announced_looks_too() -> None:
    reader = Reader()
    await view(reader).read(Wanted(), None)
    assert reader.looks == 1


async def test_who_gives_up_waiting_leaves_the_look_to_the_others() -> None:
    found = view(Reader())
    given_up = asyncio.ensure_future(found.read(Wanted(), None))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await found.read(Wanted(), None) == Found()
    assert given_up.cancelled()


async def test_a_look_that_fails_is_told_to_who_reads() -> None:
    found = view(Reader(fails=True))
    found.ahead()
    for _ in range(2):
        with pytest.raises(Unavailable):
            await found.read(Wanted(), None)


async def test_a_look_that_fails_and_that_nobody_waits_for_is_no_complaint(caplog: pytest.LogCaptureFixture) -> None:
    found = view(Reader(fails=True))
    found.ahead()
    await asyncio.sleep(0.01)
    del found
    gc.collect()
    assert not caplog.records


async def test_it_goes_with_its_request() -> None:
    found: Nodes = view(Reader())
    await found.read(Wanted(), None)
    gc.disable()
    try:
        left = weakref.ref(found)
        del found
        assert left() is None
    finally:
        gc.enable()
