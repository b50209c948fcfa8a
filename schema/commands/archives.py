"""Archive files: JSON lines, one record each, between a line that says what the file is and one that says it is whole.

``.gz`` and ``.zst`` at the end of the name choose a compression; reading goes by how the file begins.
"""

from __future__ import annotations

import gzip
import io
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import orjson
import zstandard

from schema.instance import own_version
from signals.archive import FORMAT
from signals.errors import StartupError

GZIP, ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
HEADER, END = "archive", "end"
SLOWEST = 6
"""Of gzip, 1 to 9: more costs more time than it saves space."""
UNREADABLE = (OSError, EOFError, zstandard.ZstdError)


class Writing:
    """An archive that is being written. ``counts``: records by kind."""

    def __init__(self, lines: IO[bytes]) -> None:
        self._lines = lines
        self.counts: Counter[str] = Counter()

    def add(self, record: dict[str, Any]) -> None:
        """One more record."""
        self.counts.update(record.keys())
        self._lines.write(orjson.dumps(record) + b"\n")


@contextmanager
def written(path: Path) -> Iterator[Writing]:
    """Write an archive to ``path``, readable by its owner only; an older one stays until this one is whole.

    Raises StartupError where it cannot be written.
    """
    partial = path.with_name(f"{path.name}.part")
    try:
        with _fresh(partial) as stored:
            with _packing(stored, path.suffix) as lines:
                lines.write(orjson.dumps({HEADER: FORMAT, "sociograph": own_version()}) + b"\n")
                writing = Writing(lines)
                yield writing
                lines.write(orjson.dumps({END: writing.counts}) + b"\n")
            stored.flush()
            os.fsync(stored.fileno())
        partial.replace(path)
    except OSError as error:
        raise StartupError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)


def _fresh(path: Path) -> IO[bytes]:
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _packing(stored: IO[bytes], suffix: str) -> IO[bytes]:
    if suffix == ".gz":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stored, mode="wb", compresslevel=SLOWEST, mtime=0))
    if suffix == ".zst":
        return cast("IO[bytes]", zstandard.ZstdCompressor().stream_writer(stored, closefd=False))
    return cast("IO[bytes]", os.fdopen(os.dup(stored.fileno()), "wb"))


def is_archive(path: Path) -> bool:
    """Whether the file begins as an archive does."""
    try:
        with _unpacking(path) as lines:
            return _header(lines.readline()) is not None
    except UNREADABLE:
        return False


def records(path: Path) -> Iterator[Any]:
    """The records of an archive, one after the other.

    Raises StartupError where it is no archive, is written by a newer release, or ends before it is whole.
    """
    try:
        with _unpacking(path) as lines:
            header = _header(lines.readline())
            if header is None:
                raise StartupError(f"{path} is no archive of events.")
            if header > FORMAT:
                raise StartupError(f"{path} has the format {header}; this release reads up to {FORMAT}.")
            yield from _counted(path, lines)
    except UNREADABLE as error:
        raise StartupError(f"{path} cannot be read to its end: {error}") from error


def _counted(path: Path, lines: IO[bytes]) -> Iterator[Any]:
    counts: Counter[str] = Counter()
    for number, line in enumerate(lines, start=2):
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise StartupError(f"{path}, line {number}: {error}") from error
        if isinstance(record, dict) and END in record:
            if record[END] != counts:
                raise StartupError(f"{path} is not whole: it says that it has {record[END]} and it has {dict(counts)}.")
            return
        counts.update(record.keys() if isinstance(record, dict) else ("",))
        yield record
    raise StartupError(f"{path} is not whole: its last line is missing.")


def _header(line: bytes) -> int | None:
    """The format that the first line names; None where it names none."""
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return found[HEADER] if isinstance(found, dict) and isinstance(found.get(HEADER), int) else None


@contextmanager
def _unpacking(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as stored:
        start = stored.read(4)
        stored.seek(0)
        if start.startswith(GZIP):
            with gzip.GzipFile(fileobj=stored) as lines:
                yield cast("IO[bytes]", lines)
        elif start == ZSTANDARD:
            with io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(stored)) as lines:
                yield lines
        else:
            yield stored
