"""Erasing a person: which events go together, what will be left of everything they touched, and the certificate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from signals.events import Face
from signals.packing import SEPARATOR, joined
from signals.removal import Removed
from signals.rollups import EVERYTHING, day_of, key_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What was taken out of the database for a person, who is named by a hash alone (``graph.standings.Keys``).

    ``id``: None for a dry run. ``finished_at``: None while it goes on. ``authorships``: contents whose author the
    person was said to be; ``api_keys``, ``audits``: keys that let the person in, entries of the audit log that name
    them now by the hash.
    """

    id: str | None
    person: str
    requested_at: datetime
    finished_at: datetime | None = None
    removed: Removed = field(default_factory=Removed)
    authorships: int = 0
    api_keys: int = 0
    audits: int = 0


class Trace(NamedTuple):
    """An event, as far as erasing needs it; ``at`` in epoch ms."""

    id: str
    at: int
    actor: str
    target: str | None
    content: str | None
    face: str
    pair: str | None
    connection: str | None
    retracted_at: int | None

    @property
    def item(self) -> str | None:
        """The key of the content it was done to."""
        return self.content if self.face in (Face.CONTENT.value, Face.ACTIVITY.value) else None


def batches(traces: Iterable[Trace], user_id: str, size: int) -> Iterator[list[str]]:
    """Ids of events that go together, at most ``size``.

    Whom or what they share stays together, so that little is folded more than once. The latest begin, so that when
    somebody came first changes at the very end.
    """
    groups: dict[str, list[Trace]] = {}
    for trace in traces:
        groups.setdefault(_other(trace, user_id), []).append(trace)
    batch: list[str] = []
    for group in sorted(groups.values(), key=lambda group: -min(trace.at for trace in group)):
        if batch and len(batch) + len(group) > size:
            yield batch
            batch = []
        for trace in sorted(group, key=lambda trace: -trace.at):
            batch.append(trace.id)
            if len(batch) == size:
                yield batch
                batch = []
    if batch:
        yield batch


def _other(trace: Trace, user_id: str) -> str:
    """With whom or what: of a tie, either direction is with the same."""
    one, _, two = (trace.pair or "").partition(SEPARATOR)
    return two if one == user_id else one if two == user_id else trace.pair or ""


@dataclass(slots=True)
class Share:
    """How much of users (as actors, and as targets), contents, relationships and days is a person's."""

    events: int = 0
    retracted: int = 0
    done: Counter[str] = field(default_factory=Counter)
    received: Counter[str] = field(default_factory=Counter)
    contents: Counter[str] = field(default_factory=Counter)
    interacted: Counter[str] = field(default_factory=Counter)
    ties: Counter[str] = field(default_factory=Counter)
    connections: set[str] = field(default_factory=set)
    days: Counter[str] = field(default_factory=Counter)

    def add(self, trace: Trace) -> None:
        """One event more."""
        counts = int(trace.retracted_at is None)
        self.events += counts
        self.retracted += 1 - counts
        self.done[trace.actor] += counts
        if trace.item is not None:
            self.contents[trace.item] += counts
            self.interacted[trace.pair or ""] += counts
        elif trace.target is not None:
            self.received[trace.target] += counts
            self.ties[trace.pair or ""] += counts
        if counts:
            self._add_days(trace)

    def _add_days(self, trace: Trace) -> None:
        if trace.connection is not None:
            self.connections.add(trace.connection)
        day = day_of(trace.at)
        named = (("u", trace.actor), ("t", trace.target), ("c", trace.item))
        subjects = [joined(kind, name) for kind, name in named if name is not None]
        self.days.update(key_of(subject, day) for subject in (EVERYTHING, *subjects))

    def keys(self) -> dict[str, list[str]]:
        """Of all that may go."""
        return {
            "users": sorted({*self.done, *self.received}),
            "contents": sorted(self.contents),
            "interacted": sorted(self.interacted),
            "ties": sorted(self.ties),
            "connections": sorted(self.connections),
            "days": sorted(self.days),
        }

    def all_of(self, rows: Mapping[str, Sequence[Sequence[Any]]]) -> Removed:
        """What goes as a whole; ``rows``: key and size (of users: as actors, as targets) of what there is, by kind."""
        users = rows.get("users", ())
        return Removed(
            interactions=_whole(rows.get("interacted", ()), self.interacted),
            ties=_whole(rows.get("ties", ()), self.ties),
            connections=len(rows.get("connections", ())),
            people=sum((done, n) == (self.done[id], self.received[id]) for id, done, n in users),
            contents=_whole(rows.get("contents", ()), self.contents),
            days=_whole(rows.get("days", ()), self.days),
        )


def _whole(rows: Iterable[Sequence[Any]], share: Mapping[str, int]) -> int:
    return sum(share[key] == n for key, n in rows)
