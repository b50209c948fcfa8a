"""The embedded engine's folder: who may use it, the password it keeps, where things are.

::

    engine.lock      who has the folder open; locked (flock) by that process and by its engine
    engine.password  what the Bolt port asks for; made at the first start, readable by its owner only
    engine.log       what the engine prints
    engine/          the database itself
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from signals.errors import DataFolderInUse, StartupError

LOG_BYTES = 10_000_000
PATIENCE_SECONDS = 2.0
"""How long a server that is just stopping may take to let go."""
GRACE_SECONDS = 30.0
"""How long an engine whose server was killed may take to notice and stop."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """An exclusively held data folder. ``lock`` is the locked file's descriptor: the engine's process inherits it."""

    path: Path
    lock: int

    @property
    def root(self) -> Path:
        """Where the engine keeps its files."""
        return self.path / "engine"

    @property
    def log(self) -> Path:
        """Where the engine's output goes."""
        return self.path / "engine.log"

    def holder(self, engine: int) -> None:
        """Note the process id of this server and of its ``engine`` in the lock file."""
        os.ftruncate(self.lock, 0)
        os.pwrite(self.lock, f"{os.getpid()}\n{engine}\n".encode(), 0)

    def rotate(self) -> None:
        """Keep one earlier log when the present one has grown."""
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))

    def password(self) -> str:
        """The engine's password; a new one where there is none, also for a database that had another."""
        file = self.path / "engine.password"
        known = file.read_text(encoding="ascii").strip() if file.exists() else ""
        if known:
            file.chmod(0o600)
            return known
        for users in (self.root / "config").glob("server-users.json*"):
            users.unlink()
        return _written(file, secrets.token_urlsafe(32))


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[DataFolder]:
    """Hold ``path`` (made if need be) for this process alone.

    Raises DataFolderInUse, with the process id, when another process has it, and StartupError when it is not writable.
    """
    path, lock = _prepared(path)
    try:
        await _lock(lock, path)
        yield DataFolder(path, lock)
    finally:
        os.close(lock)


def _prepared(path: Path) -> tuple[Path, int]:
    path = path.resolve()
    try:
        (path / "engine").mkdir(parents=True, exist_ok=True)
        return path, os.open(path / "engine.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StartupError(f"The data folder {path} cannot be used: {error.strerror}.") from error


async def _lock(lock: int, path: Path) -> None:
    clock = asyncio.get_running_loop().time
    started = clock()
    while not _locked(lock):
        server, engine = _holders(lock)
        if _alive(server) and clock() - started > PATIENCE_SECONDS:
            raise DataFolderInUse(
                f"The data folder {path} is open in another process (pid {server}). "
                "Stop that one, or give this one a folder of its own with SOCIOGRAPH_DATA."
            )
        if clock() - started > GRACE_SECONDS:
            raise DataFolderInUse(
                f"The data folder {path} is still held by the engine (pid {engine}) of a server that has died."
            )
        await asyncio.sleep(0.1)


def _locked(lock: int) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _holders(lock: int) -> tuple[int, int]:
    """Process ids of the server and the engine; zeros where nothing is noted yet."""
    numbers = [int(word) for word in os.pread(lock, 64, 0).split() if word.isdigit()]
    return (*numbers, 0, 0)[0], (*numbers, 0, 0)[1]


def _alive(pid: int) -> bool:
    if not pid:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _written(file: Path, password: str) -> str:
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(0o600)
    with fresh.open("w", encoding="ascii") as handle:
        handle.write(password + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(file)
    return password
