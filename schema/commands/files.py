"""Files of activity: CSV or NDJSON, plain or gzip, told apart by how they begin; read a line at a time."""

from __future__ import annotations

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol, cast

import orjson

from resolvers.importing import Item
from signals.errors import StartupError
from signals.outcomes import InvalidInput, Problem
from signals.rows import COLUMNS, NEEDED, Raw

STDIN = "-"
GZIP = b"\x1f\x8b"
LINE_BYTES = 1024 * 1024
"""Longest line of NDJSON that is looked at."""
REJECT_COLUMNS = ("line", "reason")
"""What a reject file puts before the row; no news when it is imported in its turn."""
UNREADABLE = (OSError, EOFError, zlib.error)


class Rows(Protocol):
    """Says what a row stands for."""

    def event(self, row: Mapping[str, Any]) -> Raw | InvalidInput:
        """The input for ``row``, keyed by column, or what is wrong with it."""
        ...


class Layout(NamedTuple):
    """The columns of a file, in lower case: those that mean something, and among them those it has to have."""

    columns: Sequence[str]
    needed: Sequence[str]


ACTIVITY = Layout(COLUMNS, NEEDED)


class Activity:
    """An open file of rows. Raises StartupError where it is neither CSV with the needed columns nor NDJSON."""

    def __init__(self, name: str, stored: io.BufferedReader, size: int | None, layout: Layout) -> None:
        self.name = name
        self._layout = layout
        self.size = size
        """Bytes as stored; None where that cannot be known."""
        self._stored = stored
        packed = stored.peek(2).startswith(GZIP)
        self._lines = cast("io.BufferedReader", gzip.GzipFile(fileobj=stored)) if packed else stored
        self.is_json = self._lines.peek(1).lstrip().startswith(b"{")
        text = io.TextIOWrapper(self._lines, encoding="utf-8-sig", errors="surrogateescape", newline="")
        self._cells = csv.reader(text)
        self.header = ("row",) if self.is_json else self._read_header()

    def _read_header(self) -> tuple[str, ...]:
        header = tuple(name.strip().lower() for name in next(self._cells, ()))
        missing = [name for name in self._layout.needed if name not in header]
        if missing:
            raise StartupError(
                f"{self.name} is neither NDJSON nor CSV with a header: its first line has no {', '.join(missing)}. "
                f"Columns: {','.join(self._layout.columns)}"
            )
        return header

    @property
    def ignored(self) -> list[str]:
        """Columns that mean nothing here."""
        known = (*self._layout.columns, *REJECT_COLUMNS)
        return [] if self.is_json else [name for name in self.header if name not in known]

    def position(self) -> int:
        """Bytes read so far, as stored."""
        return self._stored.tell()

    def items(self, rows: Rows) -> Iterator[Item]:
        """What the file holds. Raises StartupError where it cannot be read on."""
        try:
            yield from self._objects(rows) if self.is_json else self._rows(rows)
        except UNREADABLE as error:
            raise StartupError(f"{self.name} cannot be read to its end: {error}") from error

    def _rows(self, rows: Rows) -> Iterator[Item]:
        header, width, reader = self.header, len(self.header), self._cells
        while True:
            try:
                for cells in reader:
                    if len(cells) == width:
                        yield Item(reader.line_num, rows.event(dict(zip(header, cells, strict=True))), cells)
                    elif cells:
                        yield _wrong(reader.line_num, f"has {len(cells)} cells; the header has {width}", cells)
                return
            except csv.Error as error:
                yield _wrong(reader.line_num, f"is no CSV: {error}", ())

    def _objects(self, rows: Rows) -> Iterator[Item]:
        number = 0
        while line := self._lines.readline(LINE_BYTES):
            number += 1
            if len(line) == LINE_BYTES and not line.endswith(b"\n"):
                self._skip_line()
                yield _wrong(number, f"is longer than {LINE_BYTES} bytes", ())
            elif line := line.strip():
                yield _object(number, line, rows)

    def _skip_line(self) -> None:
        while rest := self._lines.readline(LINE_BYTES):
            if rest.endswith(b"\n"):
                return


def _object(number: int, line: bytes, rows: Rows) -> Item:
    source = (line.decode(errors="surrogateescape"),)
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return _wrong(number, f"is no JSON: {error}", source)
    if not isinstance(row, dict):
        return _wrong(number, "is no JSON object", source)
    return Item(number, rows.event(row), source)


def _wrong(line: int, message: str, source: Sequence[str]) -> Item:
    return Item(line, InvalidInput((Problem(("row",), message),)), source)


@contextmanager
def opened(name: str, layout: Layout = ACTIVITY) -> Iterator[Activity]:
    """The file of this name, ``-`` for standard input. Raises StartupError when it cannot be read."""
    try:
        stored, size = _stored(name)
    except OSError as error:
        raise StartupError(f"{name} cannot be read: {error.strerror}") from error
    with stored:
        try:
            activity = Activity("standard input" if name == STDIN else name, stored, size, layout)
        except UNREADABLE as error:
            raise StartupError(f"{name} cannot be read: {error}") from error
        yield activity


def _stored(name: str) -> tuple[io.BufferedReader, int | None]:
    if name == STDIN:
        return cast("io.BufferedReader", sys.stdin.buffer), None
    path = Path(name)
    return path.open("rb"), path.stat().st_size
