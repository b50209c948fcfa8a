"""The engines the contract suite runs on. Real Neo4j comes from wherever it can be had on this machine:

1. a server that runs already: SOCIOGRAPH_TEST_NEO4J_URI (with _USER and _PASSWORD), whose data is wiped;
2. a container, when Docker answers and testcontainers is installed;
3. the published jars of Neo4j Community, fetched once with Maven and run with the local Java (17 or 21).
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from xml.etree import ElementTree

from graph.driver import Database, connect
from graph.engine import Engine, remote
from graph.queries import Statement
from signals.errors import Unavailable

POM = Path(__file__).parent / "neo4j" / "pom.xml"
CHECKOUT = Path(__file__).parent.parent
URI = "SOCIOGRAPH_TEST_NEO4J_URI"
START_SECONDS = 120.0
HEAP, PAGES = "768m", "128m"
WITH_US = 'exec 3<&0; "$0" "$@" & server=$!; (cat <&3 >/dev/null; kill $server 2>/dev/null) & wait $server'
"""Runs a command that is stopped at the end of input: when the tests let go of it, or were killed themselves."""
WIPE = Statement(
    "wipe",
    """// Deletes some nodes with what hangs on them, and says how many; the schema's own node stays.
    MATCH (n:Event|User|Content|Rollup|Sequence|Erased|Habits|Standing|Quiet|Key|Audit|Erasure)
    WITH n LIMIT $limit DETACH DELETE n
    RETURN count(*) AS deleted
    """,
)
SEQUENCE = Statement("sequence", "// A fresh sequence.\nCREATE (:Sequence {id: 'event', value: 0, holder: ''})")


class NoNeo4j(Exception):
    """There is no real Neo4j to be had here, and why."""


def neo4j(heap: str = HEAP, pages: str = PAGES) -> AbstractAsyncContextManager[Engine]:
    """The first real Neo4j that can be had; memory is for the jars alone. Raises NoNeo4j when there is none."""
    uri = os.environ.get(URI)
    if uri:
        return remote(uri, os.environ.get(f"{URI[:-4]}_USER", ""), os.environ.get(f"{URI[:-4]}_PASSWORD", ""), "neo4j")
    if _docker():
        return _container()
    if shutil.which("java") and (shutil.which("mvn") or _jars(_cache())):
        return _community(heap, pages)
    raise NoNeo4j(f"{URI} is not set, Docker does not answer, and there are no java and mvn")


async def wipe(database: Database) -> None:
    """All data gone, 2,000 nodes a time; constraints and indexes stay; the sequence starts again."""
    deleted = 1
    while deleted:
        async with database.transaction(name="wipe", timeout=60.0) as transaction:
            deleted = (await transaction.run(WIPE, {"limit": 2000}))[0]["deleted"]
    async with database.transaction(name="wipe") as transaction:
        await transaction.run(SEQUENCE)


def version() -> str:
    """The version of Neo4j the tests ask for."""
    found = ElementTree.parse(POM).find(".//{*}neo4j.version")  # noqa: S314 (our own file)
    assert found is not None
    assert found.text
    return found.text


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _docker() -> bool:
    if importlib.util.find_spec("testcontainers") is None or shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False, timeout=20).returncode == 0


@asynccontextmanager
async def _container() -> AsyncIterator[Engine]:
    from testcontainers.neo4j import Neo4jContainer

    container = Neo4jContainer(f"neo4j:{version()}-community", password="only for tests")  # noqa: S106
    await asyncio.to_thread(container.start)
    try:
        async with remote(container.get_connection_url(), "neo4j", "only for tests", "neo4j") as engine:
            await _answering(engine)
            yield engine
    finally:
        await asyncio.to_thread(container.stop)


@asynccontextmanager
async def _community(heap: str, pages: str) -> AsyncIterator[Engine]:
    jars = await asyncio.to_thread(_fetched)
    with tempfile.TemporaryDirectory(prefix="sociograph-neo4j-") as home:
        port = free_port()
        with _console(Path(home)).open("wb") as console:
            process = await asyncio.create_subprocess_exec(
                "sh",
                "-c",
                WITH_US,
                *_command(jars, Path(home), port, heap, pages),
                stdin=asyncio.subprocess.PIPE,
                stdout=console,
                stderr=console,
            )
        try:
            async with remote(f"bolt://127.0.0.1:{port}", "", "", "neo4j") as engine:
                await _answering(engine, process, _console(Path(home)))
                yield engine
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()


def _console(home: Path) -> Path:
    return home / "console.log"


def _command(jars: Path, home: Path, port: int, heap: str = HEAP, pages: str = PAGES) -> list[str]:
    (home / "conf").mkdir()
    settings = {
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.http.enabled": "false",
        "dbms.security.auth_enabled": "false",
        "dbms.usage_report.enabled": "false",
        "server.memory.pagecache.size": pages,
    }
    (home / "conf" / "neo4j.conf").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    packages = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")
    opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in packages]
    main = "org.neo4j.server.CommunityEntryPoint"
    return ["java", f"-Xmx{heap}", *opens, "-cp", f"{jars}/*", main, f"--home-dir={home}", f"--config-dir={home}/conf"]


async def _answering(
    engine: Engine, process: asyncio.subprocess.Process | None = None, console: Path | None = None
) -> None:
    async with connect(engine.uri, engine.auth, engine.database) as database, asyncio.timeout(START_SECONDS):
        while True:
            if process is not None and process.returncode is not None:
                raise NoNeo4j(f"the server ended at once, see {console}")
            with contextlib.suppress(Unavailable):
                await database.verify(timeout=2.0)
                return


def _cache(environment: Mapping[str, str] = os.environ) -> Path:
    """The jars' folder: in the checkout, or in the user's cache when that is where they are or may be put."""
    name = f"neo4j-{version()}"
    own = CHECKOUT / ".cache" / name
    shared = environment.get("XDG_CACHE_HOME")
    return own if _jars(own) or not shared else Path(shared) / "sociograph" / name


def _jars(folder: Path) -> bool:
    return any(folder.glob("neo4j-*.jar"))


def _fetched() -> Path:
    """The jars, from the cache or from Maven Central (125 MB, half a minute)."""
    folder = _cache()
    if not _jars(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as fresh:
            goal = ["dependency:copy-dependencies", f"-DoutputDirectory={fresh}/jars", "-DincludeScope=runtime"]
            subprocess.run(["mvn", "-q", "-B", "-f", str(POM), *goal], check=True, timeout=600)
            with contextlib.suppress(OSError):
                Path(fresh, "jars").rename(folder)
    return folder
