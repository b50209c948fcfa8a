"""Pages of events, newest first: which index serves a filter, and how far back a page has to look.

A page never sorts a long history: the subject's day roll-ups say from which day on there are enough events, and the
window grows fourfold where other filters leave too few of them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from cachetools import TTLCache

from graph.driver import Database
from graph.queries import Statement, statement
from graph.records import rank_of
from signals.clock import to_ms
from signals.errors import InvalidCursor
from signals.events import EventFilter
from signals.packing import joined
from signals.rollups import EVERYTHING, day_of

END_OF_TIME = 253_402_300_800_000
"""Epoch ms of the year 10000: later than anything recorded."""
MAX_DAYS = 400
SUBJECTS = 10_000
REMEMBERED_S = 60.0

DAYS_OF_SUBJECT = statement("days_of_subject")


@dataclass(frozen=True, slots=True)
class Path:
    """An access path: the statements it is read with, the index key, and whose day roll-ups bound it."""

    name: str
    key: str | None
    subject: str | None

    @property
    def page(self) -> Statement:
        return statement(f"events_of_{self.name}")

    @property
    def summary(self) -> Statement:
        return statement(f"summary_of_{self.name}")

    @property
    def lengths(self) -> Statement:
        return statement(f"lengths_of_{self.name}")


def path_of(filter: EventFilter) -> Path:
    """The most selective index for a filter."""
    if filter.session_id is not None:
        return Path("session", filter.session_id, None)
    if filter.user_id is not None:
        return Path("user", filter.user_id, joined("u", filter.user_id))
    if filter.content is not None:
        return Path("content", filter.content.key, joined("c", filter.content.key))
    if filter.target_user_id is not None:
        return Path("target", filter.target_user_id, joined("t", filter.target_user_id))
    return Path("time", None, EVERYTHING)


def predicates(filter: EventFilter, path: Path) -> dict[str, Any]:
    """A filter as parameters; None lets everything pass."""
    return {
        "key": path.key,
        "userId": filter.user_id,
        "types": None if filter.types is None else list(filter.types),
        "categories": None if filter.categories is None else list(filter.categories),
        "actions": None if filter.actions is None else list(filter.actions),
        "contentKey": None if filter.content is None else filter.content.key,
        "targetUserId": filter.target_user_id,
        "sessionId": filter.session_id,
    }


def window(filter: EventFilter) -> tuple[int, int]:
    """The filter's [from, until) in epoch ms."""
    since = 0 if filter.since is None else to_ms(filter.since)
    return since, END_OF_TIME if filter.until is None else to_ms(filter.until)


def cursor(event: dict[str, Any]) -> str:
    """An opaque place in the order (at, id), stable whatever is recorded later."""
    return base64.urlsafe_b64encode(joined(str(event["at"]), event["id"]).encode()).decode()


def place(cursor: str) -> tuple[int, str]:
    """The (at, id) of a cursor. Raises InvalidCursor."""
    try:
        at, id = base64.urlsafe_b64decode(cursor.encode()).decode().split("\t")
        return int(at), id
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor from error


def _everything_of_a_subject(filter: EventFilter) -> bool:
    """Whether nothing but one subject narrows the filter."""
    given = {field.name for field in fields(filter) if getattr(filter, field.name) is not None}
    return given in (set(), {"user_id"}, {"content"}, {"target_user_id"})


class Pages:
    """Pages of events. Remembers for a minute how far back a subject's latest page reached, to save the roll-ups.

    What is remembered only decides how far a read looks first, never what it answers.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reached: TTLCache[tuple[str | None, int], int] = TTLCache(SUBJECTS, REMEMBERED_S)

    async def page(self, filter: EventFilter, need: int, after: str | None) -> list[dict[str, Any]]:
        """Up to ``need`` event nodes, newest first, strictly after the cursor. Raises InvalidCursor."""
        path = path_of(filter)
        since, at = window(filter)
        if after is None and _everything_of_a_subject(filter):
            return await self._latest(path, filter, need)
        at, id = (at, "") if after is None else min(place(after), (at, ""))
        found, _ = await self._walk(path, filter, need, (since, at, id))
        return found

    async def _latest(self, path: Path, filter: EventFilter, need: int) -> list[dict[str, Any]]:
        since, at = window(filter)
        reached = self._reached.get((path.subject, need))
        if reached is not None:
            rows = await self._rows(path, filter, need, (reached, at, ""))
            if len(rows) == need or reached <= since:
                return rows
        rows, reached = await self._walk(path, filter, need, (since, at, ""))
        self._reached[path.subject, need] = reached
        return rows

    async def _walk(
        self, path: Path, filter: EventFilter, need: int, span: tuple[int, int, str]
    ) -> tuple[list[dict[str, Any]], int]:
        """Window by window backwards from (at, id) to ``since``; the nodes, and how far back it had to go."""
        since, at, id = span
        found: list[dict[str, Any]] = []
        bound = since
        for bound in await self._bounds(path, since, at, need):
            found += await self._rows(path, filter, need - len(found), (bound, at, id))
            if len(found) >= need:
                break
            at, id = bound, ""
        return found, bound

    async def _rows(
        self, path: Path, filter: EventFilter, limit: int, span: tuple[int, int, str]
    ) -> list[dict[str, Any]]:
        bound, at, id = span
        limits = {"from": bound, "at": at, "rank": rank_of(id), "limit": limit}
        row = await self._database.single(path.page, {**predicates(filter, path), **limits})
        return row["events"] if row is not None else []

    async def _bounds(self, path: Path, since: int, at: int, need: int) -> Iterator[int]:
        """Ever earlier lower bounds, the last of them ``since``."""
        if path.subject is None:
            return iter((since,))
        rows = await self._database.read(
            DAYS_OF_SUBJECT, {"subject": path.subject, "from": day_of(since), "to": at, "limit": MAX_DAYS}
        )
        return bounds([(row["at"], row["n"]) for row in rows], since, need)


def bounds(days: list[tuple[int, int]], since: int, need: int) -> Iterator[int]:
    """From (day, events), latest first: the days where ``need``, 4 x, 16 x ... events are reached; then ``since``."""
    total = 0
    for day, events in days[:-1]:
        total += events
        if total > need and day > since:
            yield day
            need *= 4
    yield since
