"""Who has the turn first does the work of all who wait; nobody waits for what nobody does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from graph.sharing import Shared


class Worker:
    """Doubles numbers, a turn at a time; refuses lists with a 13 among them."""

    def __init__(self, limit: int = 10) -> None:
        self.shared = Shared[int, int](limit)
        self.turn = asyncio.Lock()
        self.done: list[list[int]] = []

    async def work(self, items: Sequence[int]) -> list[int]:
        self.done.append([*items])
        await asyncio.sleep(0)
        if 13 in items:
            raise ValueError("13")
        return [2 * item for item in items]

    async def ask(self, *items: int) -> list[int]:
        with self.shared.waiting(items) as share:
            async with self.turn:
                return await self.shared.answer(share, self.work)


async def test_those_who_wait_are_answered_together_each_with_its_own() -> None:
    worker = Worker()
    async with worker.turn:
        asked = [asyncio.create_task(worker.ask(*items)) for items in ((1, 2), (3,), (), (4, 5))]
        await asyncio.sleep(0)
    assert await asyncio.gather(*asked) == [[2, 4], [6], [], [8, 10]]
    assert worker.done == [[1, 2, 3, 4, 5]]


async def test_no_more_than_the_limit_is_done_at_once_but_what_came_as_one() -> None:
    worker = Worker(limit=3)
    async with worker.turn:
        asked = [asyncio.create_task(worker.ask(*items)) for items in ((1, 2), (3, 4), (5,), (6, 7, 8, 9))]
        await asyncio.sleep(0)
    assert await asyncio.gather(*asked) == [[2, 4], [6, 8], [10], [12, 14, 16, 18]]
    assert worker.done == [[1, 2], [3, 4, 5], [6, 7, 8, 9]]


async def test_an_error_is_told_to_whom_it_belongs() -> None:
    worker = Worker()
    async with worker.turn:
        asked = [asyncio.create_task(worker.ask(item)) for item in (1, 13, 2)]
        await asyncio.sleep(0)
    first, second, third = await asyncio.gather(*asked, return_exceptions=True)
    assert (first, third) == ([2], [4])
    assert isinstance(second, ValueError)


async def test_who_goes_away_is_left_out_and_holds_up_nobody() -> None:
    worker = Worker()
    async with worker.turn:
        gone, stays = asyncio.create_task(worker.ask(1)), asyncio.create_task(worker.ask(2))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
    assert await stays == [4]
    assert worker.done == [[2]]
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_a_turn_that_comes_after_the_asker_went_ends_at_once() -> None:
    worker = Worker()
    with worker.shared.waiting([1]) as share:
        pass
    with pytest.raises(asyncio.CancelledError):
        await worker.shared.answer(share, worker.work)
    assert worker.done == []
