"""``server.json`` in the data folder: where the server that has this folder open listens, while it does.

``server.key`` beside it, readable by its owner alone, holds the credential with which commands of this machine may do
everything there: the server made it up and forgets it when it ends. There is none while authentication is off.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from signals.errors import StartupError

FILE = "server.json"
KEY_FILE = "server.key"
OWNER_ONLY = 0o600
OTHERS = 0o644


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


def credential(data: Path) -> str | None:
    """The key that the server of this data folder gives to commands. Raises StartupError where others own it."""
    try:
        return (data / KEY_FILE).read_text(encoding="ascii").strip() or None
    except PermissionError as error:
        raise StartupError(
            f"{data / KEY_FILE} may be read by the user who started the server only. Be that user, or set "
            "SOCIOGRAPH_TOKEN to an API key or a token of your own."
        ) from error
    except (OSError, ValueError):
        return None


@contextmanager
def announced(data: Path, url: str, key: str | None = None) -> Iterator[Instance]:
    """Keep ``server.json``, and ``server.key`` where there is a key, in ``data`` for the time of the block."""
    instance = Instance(url, os.getpid(), own_version())
    if key is None:
        (data / KEY_FILE).unlink(missing_ok=True)
    else:
        _write(data / KEY_FILE, key, OWNER_ONLY)
    _write(data / FILE, json.dumps(asdict(instance)))
    try:
        yield instance
    finally:
        if find(data) == instance:
            (data / FILE).unlink(missing_ok=True)
            (data / KEY_FILE).unlink(missing_ok=True)


def _write(path: Path, text: str, mode: int = OTHERS) -> None:
    """At once and whole; the file never stands there with more rights than ``mode``, not even empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
