"""Requests of one kind that wait for the same turn: who has it first does the work of all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
A = TypeVar("A")


@dataclass(slots=True, eq=False)
class Share(Generic[T, A]):
    """What one request wants done, and the answers to come, one for each item."""

    items: Sequence[T]
    done: asyncio.Future[list[A]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Shared(Generic[T, A]):
    """``work`` answers any items, in order; ``limit``: items that are done at once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: list[Share[T, A]] = []

    @contextmanager
    def waiting(self, items: Sequence[T]) -> Iterator[Share[T, A]]:
        """A share that others may take as well, for as long as somebody waits for it."""
        share = Share[T, A](items)
        self._waiting.append(share)
        try:
            yield share
        finally:
            if share in self._waiting:
                self._waiting.remove(share)
                share.done.cancel()

    async def answer(self, share: Share[T, A], work: Callable[[Sequence[T]], Awaitable[list[A]]]) -> list[A]:
        """The answers to ``share``. Where they are still to come, ``work`` does what waits in front of it as well.

        An error of several at once is nobody's in particular: they are tried apart.
        """
        while share in self._waiting:
            await self._work(self._next(), work)
        return await share.done

    def _next(self) -> list[Share[T, A]]:
        """Whole shares up to the limit, at least one."""
        count = size = 0
        for share in self._waiting:
            size += len(share.items)
            if count and size > self._limit:
                break
            count += 1
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken

    async def _work(self, shares: list[Share[T, A]], work: Callable[[Sequence[T]], Awaitable[list[A]]]) -> None:
        try:
            answers = await work([item for share in shares for item in share.items])
        except Exception as error:  # noqa: BLE001 -- whoever waits is told
            if len(shares) > 1:
                for share in shares:
                    await self._work([share], work)
            else:
                shares[0].done.set_exception(error)
                shares[0].done.exception()  # somebody may have gone who would have heard it
            return
        for share in shares:
            share.done.set_result(answers[: len(share.items)])
            answers = answers[len(share.items) :]
