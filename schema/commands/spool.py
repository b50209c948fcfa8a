"""A temporary file of events: written newest first, read back from its end, so that a log of any length comes out
oldest first with one block of it in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any

import orjson

from resolvers.training import Entry
from signals.clock import from_ms, to_ms
from signals.events import ContentRef, Event, Face
from signals.labels import Label


class File:
    """Implements ``resolvers.training.Spool`` in a ``with`` block. Keeps of an event what folding and rows need."""

    def __enter__(self) -> File:
        self._file = TemporaryFile(prefix="sociograph-")
        self._blocks: list[int] = []
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._file.close()

    @property
    def size(self) -> int:
        """Bytes."""
        return self._file.tell()

    def write(self, entries: Sequence[Entry]) -> None:
        """Append a block."""
        if entries:
            self._blocks.append(self._file.tell())
            self._file.write(orjson.dumps([_packed(entry) for entry in entries], option=orjson.OPT_APPEND_NEWLINE))

    def backwards(self) -> Iterator[Entry]:
        """All entries, the last first; nothing may be written meanwhile."""
        for place in reversed(self._blocks):
            self._file.seek(place)
            for row in reversed(orjson.loads(self._file.readline())):
                yield _unpacked(row)


def _packed(entry: Entry) -> list[Any]:
    event, shown, label = entry
    return [
        event.id,
        event.face.value,
        event.name,
        event.category,
        event.action,
        event.user_id,
        None if event.content is None else event.content.key,
        event.target_user_id,
        to_ms(event.occurred_at),
        to_ms(event.received_at),
        event.duration_ms,
        event.scroll_depth,
        event.impression_id,
        event.position,
        shown is not None,
        None if label is None else [label.at, label.type, label.gain],
    ]


def _unpacked(row: list[Any]) -> Entry:
    (
        id,
        face,
        name,
        category,
        action,
        user,
        key,
        target,
        at,
        received,
        duration,
        depth,
        impression,
        place,
        shown,
        label,
    ) = row
    content = None if key is None else ContentRef.of(key)
    event = Event(
        id=id,
        face=Face(face),
        name=name,
        category=category,
        action=action,
        user_id=user,
        content=content,
        target_user_id=target,
        occurred_at=from_ms(at),
        received_at=from_ms(received),
        duration_ms=duration,
        scroll_depth=depth,
        impression_id=impression,
        position=place,
    )
    return Entry(event, content if shown else None, None if label is None else Label(*label))
