"""The part of the rehearsal that sessions and behaviour read, in every size of list that a plan is made for."""

from __future__ import annotations

import asyncio

from graph import recording
from graph.diaries import DiaryReader
from graph.driver import Database
from graph.queries import statement
from graph.recording import padded
from graph.sessions import SessionReader

BY_SIZE = (("events_by_id", "ids"), ("steps_of_sessions", "ids"), ("steps_of_users", "actors"))


async def rehearse_sessions(database: Database, nobody: str) -> None:
    """Read for somebody who does not exist."""
    sizes = [above // 10 + 1 for above in recording.SIZES[:-1]]
    diaries, sessions = DiaryReader(database), SessionReader(database)
    span = {"from": 0, "until": 1}
    await asyncio.gather(
        *(
            database.read(statement(name), {**padded({keys: [nobody] * size}), **span})
            for name, keys in BY_SIZE
            for size in sizes
        ),
        *(diaries.tags([nobody] * size) for size in sizes),
        diaries.received(nobody, 0, 1),
        sessions.sessions(nobody, 0, 1, 1),
        sessions.sessions(None, 0, 1, 1),
    )
