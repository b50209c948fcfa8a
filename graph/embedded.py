"""The embedded engine's process, watched: started, verified, restarted when it dies, stopped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import structlog

from graph.data_folder import DataFolder
from signals.errors import StartupError, Unavailable

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

CHILD = Path(__file__).with_name("embedded_child.py")
START_SECONDS = 180.0
"""Long enough to replay what a crash left in the log."""
STOP_SECONDS = 25.0
TERMINATE_SECONDS = 5.0
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
"""An engine that ran this long and died is restarted as quickly as the first time."""
DURABLE = ("YES_FULL", "YES_NOMETADATA")
PORT_TRIES = 3


@dataclass(frozen=True, slots=True)
class Launch:
    """What the engine's process needs to know. The same for every restart, so that clients find it again."""

    folder: DataFolder
    password: str
    port: int
    database: str
    heap: str

    def settings(self) -> bytes:
        """The line the process reads first."""
        return (
            json.dumps(
                {
                    "root": str(self.folder.root),
                    "password": self.password,
                    "port": self.port,
                    "database": self.database,
                    "heap": self.heap,
                }
            ).encode()
            + b"\n"
        )


class Child:
    """One running engine process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.report: dict[str, Any] = {}
        self._orders = cast("asyncio.StreamWriter", process.stdin)
        self._answers = cast("asyncio.StreamReader", process.stdout)
        self._backing_up = asyncio.Lock()

    @classmethod
    async def start(cls, launch: Launch) -> Child:
        """Start the process and wait until it serves. Raises StartupError with the reason when it does not."""
        launch.folder.rotate()
        with launch.folder.log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",
                str(CHILD),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=output,
                cwd=launch.folder.root,
                pass_fds=(launch.folder.lock,),
                start_new_session=True,
            )
        child = cls(process)
        try:
            launch.folder.holder(process.pid)
            child.report = await child._reported(launch)
        except BaseException:
            await child.stop(patience=2.0)
            raise
        return child

    async def _reported(self, launch: Launch) -> dict[str, Any]:
        self._orders.write(launch.settings())
        try:
            async with asyncio.timeout(START_SECONDS):
                line = await self._answers.readline()
        except TimeoutError:
            raise StartupError(f"The embedded engine did not start in {START_SECONDS:.0f} s.") from None
        report: dict[str, Any] = json.loads(line) if line else {"error": "it ended without a word"}
        if "error" in report:
            raise StartupError(f"The embedded engine did not start: {report['error']}. See {launch.folder.log}.")
        if not (report["wal"] and report["flush"] in DURABLE):
            raise StartupError(f"The embedded engine would lose acknowledged writes in a crash: {report}.")
        return report

    async def back_up(self, path: Path) -> None:
        """Write a consistent copy of the database to ``path``, where nothing may be yet. One at a time.

        Raises Unavailable when it fails, or the process ends.
        """
        async with self._backing_up:
            asking = asyncio.create_task(self._ask({"backup": str(path)}), name="backup")
            answer = await asyncio.shield(asking)
        if "error" in answer:
            raise Unavailable(f"The backup failed: {answer['error']}.")

    async def _ask(self, order: dict[str, str]) -> dict[str, Any]:
        try:
            self._orders.write(json.dumps(order).encode() + b"\n")
            line = await self._answers.readline()
        except OSError:
            line = b""
        answer: dict[str, Any] = json.loads(line) if line else {"error": "the engine ended"}
        return answer

    async def stop(self, patience: float = STOP_SECONDS) -> None:
        """Ask (end of input), then terminate, then kill; return when the process is gone. ``patience`` in seconds."""
        self._orders.close()
        for wait, insist in ((patience, self.process.terminate), (TERMINATE_SECONDS, self.process.kill)):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self.process.wait()
            if self.process.returncode is None:
                log.warning("the embedded engine does not stop when asked", pid=self.process.pid)
                with contextlib.suppress(ProcessLookupError):
                    insist()
        await self.process.wait()


class Supervisor:
    """Keeps one engine process running: starts it again, with growing pauses, whenever it dies."""

    def __init__(self, launch: Launch, child: Child) -> None:
        self.launch = launch
        self.child = child

    async def watch(self) -> None:
        """Runs until it is cancelled."""
        clock = asyncio.get_running_loop().time
        pause = FIRST_PAUSE
        while True:
            started = clock()
            status = await self.child.process.wait()
            if clock() - started > STEADY_SECONDS:
                pause = FIRST_PAUSE
            log.error("the embedded engine died and is started again", status=status, log=str(self.launch.folder.log))
            pause = await self._again(pause)

    async def _again(self, pause: float) -> float:
        while True:
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 (a pause, not a secret)
            pause = min(pause * 2, LONGEST_PAUSE)
            try:
                self.child = await Child.start(self.launch)
            except (StartupError, OSError) as error:
                log.error("the embedded engine does not start again", reason=str(error), next_try_s=round(pause, 1))
            else:
                log.info("the embedded engine is back", pid=self.child.process.pid)
                return pause


@asynccontextmanager
async def supervised(folder: DataFolder, password: str, database: str, heap: str) -> AsyncIterator[Supervisor]:
    """A running engine that is started again whenever it dies, until the end of the block."""
    supervisor = await _first(folder, password, database, heap)
    watch = asyncio.create_task(supervisor.watch(), name="embedded engine")
    try:
        yield supervisor
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch
        await supervisor.child.stop()


async def _first(folder: DataFolder, password: str, database: str, heap: str) -> Supervisor:
    """The first start; with another port when somebody was quicker to take the chosen one."""
    for _ in range(PORT_TRIES - 1):
        launch = Launch(folder, password, _free_port(), database, heap)
        try:
            return Supervisor(launch, await Child.start(launch))
        except StartupError as error:
            if str(launch.port) not in str(error):
                raise
    launch = Launch(folder, password, _free_port(), database, heap)
    return Supervisor(launch, await Child.start(launch))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
