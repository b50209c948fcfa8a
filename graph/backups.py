"""Backups of the embedded engine: one file that holds the database as it was at one moment, and putting it back.

The file is the engine's own archive (zip: its files, without the log of transactions) and ``sociograph.json``, which
says what it is. Several processes may read it; it is written once and never changed.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from graph.constraints import latest
from graph.data_folder import opened
from graph.engine import EMBEDDED_DATABASE, Engine
from signals.errors import InvalidArgument, StartupError, Unavailable

FORMAT = 1
MANIFEST = "sociograph.json"
FOLDER = "backups"
CHUNK = 1 << 20
NEO4J = (
    "The database is a Neo4j server, which has backups of its own: neo4j-admin database dump (offline) or backup "
    "(Enterprise). `sociograph export --events` writes the log of either engine."
)


@dataclass(frozen=True, slots=True)
class Backup:
    """A file that was written: where, relative to the data folder; its size; how long that took."""

    file: str
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. ``kept``: where the database is that was there before."""

    made_at: str
    release: str
    kept: Path | None


class Backups:
    """Implements ``resolvers.ports.Backups`` for an engine with its data in ``data``; ``release``: this one's name."""

    def __init__(self, engine: Engine, data: Path, release: str) -> None:
        self._engine = engine
        self._folder = data.resolve() / FOLDER
        self._release = release
        self.made_at: float = 0.0
        """When the last one was made, in seconds since 1970; 0: none was since the start."""

    async def make(self, now: datetime) -> Backup:
        """Write one while requests go on. Raises InvalidArgument for Neo4j, and Unavailable when it cannot be had."""
        if self._engine.back_up is None:
            raise InvalidArgument(NEO4J)
        started = time.monotonic()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"sociograph-{now:%Y%m%dT%H%M%S.%f}.zip"
        partial = path.with_suffix(".part")
        try:
            await self._engine.back_up(partial)
            await asyncio.to_thread(_finished, partial, path, self._manifest(now))
        except OSError as error:
            raise Unavailable(f"The backup cannot be written: {error.strerror or error}.") from error
        finally:
            partial.unlink(missing_ok=True)
        self.made_at = now.timestamp()
        return Backup(f"{FOLDER}/{path.name}", path.stat().st_size, time.monotonic() - started)

    def _manifest(self, now: datetime) -> dict[str, Any]:
        return {"format": FORMAT, "madeAt": now.isoformat(), "release": self._release, "schema": latest()}


def _finished(partial: Path, path: Path, manifest: dict[str, Any]) -> None:
    """Say what it is, read it once from beginning to end, and give it its name."""
    partial.chmod(0o600)
    with zipfile.ZipFile(partial, "a") as archive:
        archive.writestr(MANIFEST, json.dumps(manifest))
    with zipfile.ZipFile(partial) as archive:
        broken = archive.testzip()
    if broken is not None:
        raise Unavailable(f"The backup failed: {broken} in it cannot be read again.")
    _synced(partial)
    partial.replace(path)
    _synced(path.parent)


def _synced(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


async def restore(file: Path, data: Path, *, replace: bool) -> Restored:
    """Put a backup into the data folder ``data``, which no process may have open.

    ``replace``: a database that is there is put aside; without it, it is a reason not to begin. Raises StartupError.
    """
    manifest = _checked(file)
    async with opened(data) as folder:
        database = folder.root / "databases" / EMBEDDED_DATABASE
        if database.exists() and not replace:
            raise StartupError(
                f"There is a database in {folder.path} already. Choose another folder with SOCIOGRAPH_DATA, or put it "
                "aside with --replace."
            )
        fresh = folder.path / "restoring"
        await asyncio.to_thread(_extracted, file, fresh)
        kept = None
        if database.exists():
            kept = folder.path / f"replaced-{time.strftime('%Y%m%dT%H%M%S')}"
            database.rename(kept)
        database.parent.mkdir(parents=True, exist_ok=True)
        fresh.rename(database)
        _synced(database.parent)
    return Restored(manifest["madeAt"], manifest["release"], kept)


def _checked(file: Path) -> dict[str, Any]:
    """What the file says of itself. Raises StartupError where it is no backup, or not one for this release."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
            strange = [name for name in archive.namelist() if Path(name).name != name]
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise StartupError(f"{file} is no backup: {error}") from error
    if strange:
        raise StartupError(f"{file} is no backup: it holds {strange[0]!r}.")
    if manifest["format"] > FORMAT or manifest["schema"] > latest():
        raise StartupError(f"{file} was made by a newer release ({manifest['release']}): restore it with that one.")
    return manifest


def _extracted(file: Path, folder: Path) -> None:
    """The engine's files, each compared with its checksum, on disk. Raises StartupError."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                if name != MANIFEST:
                    with archive.open(name) as packed, (folder / name).open("wb") as plain:
                        shutil.copyfileobj(packed, plain, CHUNK)
                    _synced(folder / name)
    except (OSError, zipfile.BadZipFile) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise StartupError(f"{file} cannot be restored: {error}") from error
    _synced(folder)
