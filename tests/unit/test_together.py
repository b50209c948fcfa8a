"""One run for all who wait."""

from __future__ import annotations

import asyncio

import pytest

from schema.together import Together


async def test_those_who_come_while_it_runs_share_it() -> None:
    runs = 0

    async def action() -> None:
        nonlocal runs
        runs += 1
        await asyncio.sleep(0.01)

    together = Together(action)
    await asyncio.gather(*(together.run() for _ in range(10)))
    await together.run()
    assert runs == 2
    assert not together.under_way


async def test_its_error_is_for_all_of_them() -> None:
    async def action() -> None:
        await asyncio.sleep(0)
        raise ValueError("no")

    together = Together(action)
    assert all(
        isinstance(outcome, ValueError)
        for outcome in await asyncio.gather(*(together.run() for _ in range(3)), return_exceptions=True)
    )


async def test_it_goes_on_when_those_who_wait_leave() -> None:
    done = asyncio.Event()

    async def action() -> None:
        await asyncio.sleep(0.01)
        done.set()

    together = Together(action)
    waiting = asyncio.create_task(together.run())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(1):
        await done.wait()


async def test_it_can_be_left_off() -> None:
    together = Together(asyncio.Event().wait)  # type: ignore[arg-type]
    begun = together.begin()
    await together.stop()
    assert begun.cancelled()
    await together.stop()
