"""``server.json`` in the data folder: where the server that has this folder open listens, while it does."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

FILE = "server.json"


@dataclass(frozen=True, slots=True)
class Instance:
    """A running server: its base ``url`` without a trailing slash, its process and its version."""

    url: str
    pid: int
    version: str


def own_version() -> str:
    """The version of this installation."""
    try:
        return version("sociograph")
    except PackageNotFoundError:
        return "unknown"


def find(data: Path) -> Instance | None:
    """The server that serves this data folder now, or None. A file left by a killed server does not count."""
    try:
        instance = Instance(**json.loads((data / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return instance if _alive(instance.pid) else None


@contextmanager
def announced(data: Path, url: str) -> Iterator[Instance]:
    """Keep ``server.json`` in ``data`` for the time of the block."""
    instance = Instance(url, os.getpid(), own_version())
    _write(data / FILE, json.dumps(asdict(instance)))
    try:
        yield instance
    finally:
        if find(data) == instance:
            (data / FILE).unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
