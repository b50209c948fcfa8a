"""Sessions of somebody or of everybody, newest first: implements ``resolvers.ports.Sessions``.

A walk backwards from the end of the window in ever longer spans, until there are enough sessions. What belongs to a
session is read wherever it lies: all events of a client's session by its id, and, of what silence divides, the events
after the window and those before it that it goes on from.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.driver import Database
from graph.pages import END_OF_TIME
from graph.queries import Statement, statement
from graph.recording import padded
from graph.records import event_of
from signals.clock import DAY_MS
from signals.events import Event
from signals.sessions import LONGEST_MS, SILENCE_MS, Outline, Step, given, inferred, loose

EVENTS_BY_ID = statement("events_by_id")
SESSION_IDS_OF_TIME = statement("session_ids_of_time")
SESSION_IDS_OF_USER = statement("session_ids_of_user")
STEPS_OF_SESSIONS = statement("steps_of_sessions")
STEPS_OF_TIME = statement("steps_of_time")
STEPS_OF_USERS = statement("steps_of_users")

AT_ONCE = 1000
"""Keys in a statement."""
PATIENCE_S = 30.0
"""For a statement: a million events take their time."""
SPAN_OF_ALL_MS = 300_000
SPAN_OF_ONE_MS = 14 * DAY_MS
GROWTH = 4
PAGE = 500


@dataclass(slots=True)
class _Known:
    """What a walk has read: the sessions of clients, and what was done outside them, by whom."""

    asked: set[str] = field(default_factory=set)
    given: list[Outline] = field(default_factory=list)
    steps: dict[str, list[Step]] = field(default_factory=dict)

    def add(self, steps: Iterable[Step]) -> None:
        """More steps; each one comes once."""
        for actor, own in loose(steps).items():
            self.steps[actor] = sorted([*own, *self.steps.get(actor, ())])

    def outlines(self) -> list[Outline]:
        return self.given + inferred(step for own in self.steps.values() for step in own)


class SessionReader:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def sessions(self, user_id: str | None, since: int, until: int, first: int) -> list[Outline]:
        """The latest ``first`` that start in [since, until), epoch ms; newest first by (start, id).

        ``user_id``: only those that this user began.
        """
        known = _Known()
        page: list[Outline] = []
        for low, high in _spans(since, until, _first_span(user_id, first)):
            await self._read(known, user_id, low, high)
            if low == since or len(_within(known.outlines(), low, until)) >= first:
                page = _within(await self._settled(known, low, until), low, until)
                if len(page) >= first:
                    break
        return page[:first]

    async def events_by_id(self, ids: Sequence[str]) -> list[Event | None]:
        """One per id, retracted or not; None for one that is not there."""
        rows = await self._by_key(EVENTS_BY_ID, "ids", sorted(set(ids)))
        found = {row["id"]: event_of(row) for row in rows}
        return [found.get(id) for id in ids]

    async def _read(self, known: _Known, user_id: str | None, low: int, high: int) -> None:
        span = {"from": low, "until": high}
        if user_id is None:
            reads = self._rows(SESSION_IDS_OF_TIME, span), self._rows(STEPS_OF_TIME, span)
        else:
            reads = (
                self._rows(SESSION_IDS_OF_USER, {"actor": user_id, **span}),
                self._rows(STEPS_OF_USERS, {"actors": [user_id], **span}),
            )
        ids, steps = await asyncio.gather(*reads)
        known.add(map(Step._make, steps))
        new = sorted(set(ids) - known.asked)
        known.asked.update(new)
        rows = await self._by_key(STEPS_OF_SESSIONS, "ids", new)
        known.given += [one for one in given(map(Step._make, rows)) if user_id in (None, one.user_id)]

    async def _settled(self, known: _Known, low: int, until: int) -> list[Outline]:
        """Sessions as they are, when everything from ``low`` to ``until`` is known."""
        whole = _Known(given=known.given, steps=dict(known.steps))
        later = [actor for actor, own in known.steps.items() if until - own[-1].at <= SILENCE_MS]
        whole.add(await self._steps(later, until, until + LONGEST_MS))
        reach, start = LONGEST_MS, low
        unsettled = _unsettled(whole.steps, low, start)
        while unsettled:
            earlier = max(0, start - reach)
            whole.add(await self._steps(unsettled, earlier, start))
            reach, start = GROWTH * reach, earlier
            unsettled = _unsettled({actor: whole.steps[actor] for actor in unsettled}, low, start)
        return whole.outlines()

    async def _steps(self, actors: Sequence[str], low: int, high: int) -> list[Step]:
        rows = await self._by_key(STEPS_OF_USERS, "actors", actors, {"from": low, "until": high})
        return list(map(Step._make, rows))

    async def _by_key(
        self, statement: Statement, name: str, keys: Sequence[str], others: Mapping[str, Any] | None = None
    ) -> list[Any]:
        rows: list[Any] = []
        for start in range(0, len(keys), AT_ONCE):
            some = padded({name: list(keys[start : start + AT_ONCE])})
            rows += await self._rows(statement, {**some, **(others or {})})
        return rows

    async def _rows(self, statement: Statement, parameters: Mapping[str, Any]) -> list[Any]:
        record = await self._database.single(statement, parameters, timeout=PATIENCE_S)
        rows: list[Any] = [] if record is None else record["rows"]
        return rows


def _first_span(user_id: str | None, first: int) -> int:
    """So long that it often has enough, in ms; the whole window where more is wanted than a page."""
    if user_id is None:
        return SPAN_OF_ALL_MS
    return SPAN_OF_ONE_MS if first <= PAGE else END_OF_TIME


def _spans(since: int, until: int, length: int) -> Iterator[tuple[int, int]]:
    """[low, high) backwards from ``until`` to ``since``, each longer than the one after it."""
    while until > since:
        low = max(since, until - length)
        yield low, until
        until, length = low, GROWTH * length


def _within(outlines: Iterable[Outline], low: int, until: int) -> list[Outline]:
    """Those that start in [low, until), newest first."""
    return sorted((o for o in outlines if low <= o.start_ms < until), key=lambda o: o.place, reverse=True)


def _block(steps: Sequence[Step], low: int) -> int:
    """Where the unbroken activity begins that is going on at ``low`` or begins next."""
    place = next((n for n, step in enumerate(steps) if step.at >= low), len(steps))
    while 0 < place < len(steps) and steps[place].at - steps[place - 1].at <= SILENCE_MS:
        place -= 1
    return place


def _unsettled(steps: Mapping[str, Sequence[Step]], low: int, start: int) -> list[str]:
    """Whose activity at ``low`` may have begun before ``start``, from which on it is known."""
    return [
        actor for actor, own in steps.items() if start > 0 and _block(own, low) == 0 and own[0].at - start < SILENCE_MS
    ]
