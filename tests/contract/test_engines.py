"""What an engine must keep its word about, on every engine; and how the embedded one lives and dies."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest
from neo4j.exceptions import DriverError, Neo4jError
from structlog.testing import capture_logs

from graph.data_folder import opened
from graph.driver import Database, Transaction, connect
from graph.engine import Engine, embedded
from graph.errors import is_transient
from graph.queries import Statement
from signals.errors import DataFolderInUse, StartupError, Unavailable
from tests.engines import free_port

pytestmark = pytest.mark.usefixtures("short_lived")

HEAP = "256m"
LOCK = Statement(
    "lock",
    "// Takes the writers' lock.\nMATCH (s:Sequence {id: 'event'}) SET s.holder = $holder, s.value = s.value + 1",
)
VALUE = Statement("value", "// Where the sequence stands.\nMATCH (s:Sequence {id: 'event'}) RETURN s.value AS value")
USERS = Statement("users", "// Creates users.\nUNWIND $ids AS id CREATE (:User {id: id})")
FOUND = Statement("found", "// All users.\nMATCH (n:User) RETURN n.id AS id ORDER BY id")
ENDLESS = Statement(
    "endless",
    "// Takes for ever.\nUNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a * b AS c "
    "WHERE c < 0 RETURN count(c) AS n",
)
BROKEN = Statement("broken", "// Is no Cypher.\nRETRUN 1")

SERVER = """
import asyncio, pathlib, sys
from graph.engine import embedded
async def main():
    async with embedded(pathlib.Path(sys.argv[1]), sys.argv[2]):
        print("up", flush=True)
        await asyncio.sleep(600)
asyncio.run(main())
"""


async def write(
    database: Database,
    ids: list[str],
    *,
    timeout: float = 30.0,
    then: Callable[[Transaction], Awaitable[object]] | None = None,
) -> None:
    """Create users in one transaction, and do something else before it ends."""
    async with database.transaction(timeout=timeout) as transaction:
        await transaction.run(USERS, {"ids": ids})
        if then is not None:
            await then(transaction)


async def failed() -> None:
    raise asyncio.InvalidStateError


async def found(database: Database) -> list[str]:
    return [record["id"] for record in await database.read(FOUND)]


async def test_a_clean_exit_commits(database: Database) -> None:
    async with database.transaction(name="test") as transaction:
        await transaction.run(USERS, {"ids": ["a", "b"]})
    assert await found(database) == ["a", "b"]


async def test_an_error_takes_everything_back(database: Database) -> None:
    with pytest.raises(Neo4jError):
        await write(database, ["a", "b"], then=lambda transaction: transaction.run(BROKEN))
    with pytest.raises(asyncio.InvalidStateError):
        await write(database, ["a", "b"], then=lambda _: failed())
    assert await found(database) == []


async def test_a_cancelled_transaction_leaves_nothing(database: Database) -> None:
    with pytest.raises(TimeoutError):
        await write(database, ["a", "b"], timeout=0.5, then=lambda _: asyncio.sleep(5))
    assert await found(database) == []
    await write(database, ["a"])
    assert await found(database) == ["a"]


async def test_a_lost_race_is_transient(database: Database) -> None:
    await write(database, ["a"])
    with pytest.raises(Neo4jError) as caught:
        await write(database, ["b", "a"])
    assert is_transient(caught.value)
    assert await found(database) == ["a"]


async def test_the_lock_keeps_writers_exact(database: Database) -> None:
    async def count_up(holder: str) -> None:
        written = 0
        while written < 10:
            try:
                async with database.transaction() as transaction:
                    await transaction.run(LOCK, {"holder": holder})
                written += 1
            except Neo4jError as error:
                if not is_transient(error):
                    raise

    await asyncio.gather(*(count_up(f"w{n}") for n in range(4)))
    assert (await database.read(VALUE))[0]["value"] == 40


async def test_a_statement_that_takes_too_long(database: Database) -> None:
    with pytest.raises(Unavailable, match="in time"):
        await database.read(ENDLESS, timeout=0.5)
    assert await found(database) == []


async def test_a_broken_statement_is_not_an_outage(database: Database) -> None:
    with pytest.raises(Exception, match="refused a statement") as caught:
        await database.read(BROKEN)
    assert not isinstance(caught.value, Unavailable)


async def test_wrong_password(embedded_engine: Engine) -> None:
    async with connect(embedded_engine.uri, ("root", "not this one"), embedded_engine.database) as database:
        with pytest.raises(Unavailable, match="user or the password"):
            await database.verify()


async def test_wrong_database(engine: Engine) -> None:
    async with connect(engine.uri, engine.auth, "elsewhere") as database:
        with pytest.raises(Unavailable):
            await database.verify()


async def test_a_server_that_is_down_and_comes_up(tmp_path: Path) -> None:
    async with connect(f"bolt://127.0.0.1:{free_port()}", None, "neo4j") as database:
        with pytest.raises(Unavailable):
            await database.verify(timeout=0.3)


async def test_killed_in_the_middle_of_writes(tmp_path: Path) -> None:
    acknowledged: list[int] = []
    async with embedded(tmp_path, HEAP) as engine, connect(engine.uri, engine.auth, engine.database) as database:
        victim = engine_of(tmp_path)
        writers = [asyncio.create_task(write_on(database, n, acknowledged)) for n in range(3)]
        await until(lambda: len(acknowledged) > 100)
        victim.kill()
        known = len(acknowledged)
        await until(lambda: len(acknowledged) > known + 50)
        for writer in writers:
            writer.cancel()
        await asyncio.gather(*writers, return_exceptions=True)
        assert engine_of(tmp_path) != victim
        kept = await found(database)
    assert {f"{n}/{part}" for n in acknowledged for part in range(5)} <= set(kept)
    assert len(kept) == len(set(kept))
    assert len(kept) % 5 == 0, "a transaction is whole or absent"


async def write_on(database: Database, writer: int, acknowledged: list[int]) -> None:
    """Five users a transaction; a number is acknowledged after its commit."""
    number = writer * 1_000_000
    while True:
        number += 1
        try:
            await write(database, [f"{number}/{part}" for part in range(5)])
        except (Neo4jError, DriverError, TimeoutError):
            await asyncio.sleep(0.02)
        else:
            acknowledged.append(number)


async def test_stopping_leaves_no_process(tmp_path: Path) -> None:
    async with embedded(tmp_path, HEAP) as engine:
        process = engine_of(tmp_path)
        assert process.is_running()
        assert str(tmp_path) in engine.description
        assert "durable" in engine.description
    assert gone(process)


async def test_terminated_it_stops_in_order_and_comes_back(tmp_path: Path) -> None:
    async with embedded(tmp_path, HEAP) as engine, connect(engine.uri, engine.auth, engine.database) as database:
        await write(database, ["a"])
        victim = engine_of(tmp_path)
        with capture_logs() as logs:
            victim.terminate()
            await until(lambda: any(entry["event"] == "the embedded engine is back" for entry in logs))
        assert [entry["status"] for entry in logs if "status" in entry] == [0]
        assert await found(database) == ["a"]


async def test_the_password_file(tmp_path: Path) -> None:
    async with embedded(tmp_path, HEAP) as engine, connect(engine.uri, engine.auth, engine.database) as database:
        file = tmp_path / "engine.password"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert engine.auth == ("root", file.read_text().strip())
        assert engine.auth[1] not in repr(engine)
        await write(database, ["a"])
    file.unlink()
    async with embedded(tmp_path, HEAP) as again, connect(again.uri, again.auth, again.database) as database:
        assert again.auth != engine.auth
        assert await found(database) == ["a"]


async def test_what_would_not_be_durable_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCADEDB_JVM_ARGS", "-Darcadedb.txWAL=false")
    with pytest.raises(StartupError, match="lose acknowledged writes"):
        async with embedded(tmp_path, HEAP):
            pass


async def test_an_engine_that_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match=r"did not start: .*engine\.log"):
        async with embedded(tmp_path, "1"):
            pass


async def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StartupError, match="cannot be used"):
        async with opened(tmp_path / "file"):
            pass


async def test_one_process_per_folder(tmp_path: Path) -> None:
    async with embedded(tmp_path, HEAP):
        status, output = await ended(await server(tmp_path))
        assert status != 0
        assert f"open in another process (pid {os.getpid()})" in output
        with pytest.raises(DataFolderInUse):
            async with opened(tmp_path):
                pass


async def test_the_engine_dies_with_its_server(tmp_path: Path) -> None:
    process = await server(tmp_path)
    assert process.stdout is not None
    await process.stdout.readuntil(b"up\n")
    orphan = engine_of(tmp_path)
    process.kill()
    await ended(process)
    async with embedded(tmp_path, HEAP):
        assert gone(orphan)


async def server(folder: Path) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, str(folder), HEAP, stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    output, _ = await process.communicate()
    return process.returncode, output.decode()


def engine_of(folder: Path) -> psutil.Process:
    """The engine's process, as the lock file has it."""
    return psutil.Process(int((folder / "engine.lock").read_text().split()[1]))


def gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


async def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while True:
            if condition():
                return
            await asyncio.sleep(0.02)
