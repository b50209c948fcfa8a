"""What runs inside the embedded engine's own process: a JVM with ArcadeDB, its Bolt port and nothing else.

Run as a file, never imported. The first line of standard input is a JSON object: ``root`` (folder), ``password``,
``port``, ``database``, ``heap``. One JSON line comes back on standard output when the engine is up, or why it is not.
Each further line is an order: ``{"backup": path}`` writes a consistent copy of the database, while it goes on, and is
answered by a line when that is done. The end of standard input, which a dead parent brings about as well, is the order
to stop.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from typing import Any, TextIO

STOP_SECONDS = 20.0
"""A stop that takes longer is cut short: the log of the engine makes up for it at the next start."""

JVM = (
    "-Xrs",  # signals are this file's business
    "-XX:+ExitOnOutOfMemoryError",
    "-Darcadedb.txWalFlush=2",  # fsync at every commit
    "-Darcadedb.command.timeout=60000",  # ms; the engine knows no transaction timeouts, and statements outlive clients
    "-Darcadedb.polyglotEngineEnabled=false",
    "-Darcadedb.opencypher.loadCsv.allowRemoteUrls=false",
)


def main() -> None:
    """Start, report, serve until told to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _terminated)
    report = _report()
    try:
        settings = json.loads(sys.stdin.readline())
        server = _start(settings)
        answer = {"version": _version(), **_durability(server, settings["database"])}
    except BaseException as error:
        report.write(json.dumps({"error": f"{type(error).__name__}: {error}"}) + "\n")
        report.flush()
        raise
    report.write(json.dumps(answer) + "\n")
    report.flush()
    with contextlib.suppress(InterruptedError):
        _obey(server.get_database(settings["database"])._java_db.getEmbedded(), report)
    _watch()
    server.stop()
    os._exit(0)


def _obey(local: Any, report: TextIO) -> None:
    """Carry out orders, beside this thread, until there are no more or it is told to stop."""
    for line in sys.stdin:
        path = json.loads(line)["backup"]
        threading.Thread(target=_back_up, args=(local, path, report), daemon=True).start()


def _back_up(local: Any, path: str, report: TextIO) -> None:
    """The database as it is at one moment: its pages are kept as they were while transactions go on."""
    import jpype

    answer: dict[str, Any] = {}
    try:
        backup = jpype.JClass("com.arcadedb.integration.backup.Backup")(local, f"file://{path}")
        backup.setVerboseLevel(0).setCompressionThreads(1).backupDatabase()
    except BaseException as error:  # noqa: BLE001 -- whatever it is, who asked is told
        answer = {"error": f"{type(error).__name__}: {error}"}
    report.write(json.dumps(answer) + "\n")
    report.flush()


def _terminated(*_: object) -> None:
    """SIGTERM says what the end of input says; a second one is ignored, the stop is under way."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise InterruptedError


def _report() -> TextIO:
    """Standard output for reports alone: what the JVM prints goes where errors go, into the log."""
    report = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return report


def _start(settings: dict[str, Any]) -> Any:
    from arcadedb_embedded.server import ArcadeDBServer

    server = ArcadeDBServer(
        settings["root"],
        settings["password"],
        config={
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt_port": settings["port"],
            "http_port": 0,
            "host": "127.0.0.1",
            "mode": "production",
        },
        jvm_kwargs={"heap_size": settings["heap"], "jvm_args": JVM},
    )
    server.start()
    server.create_database(settings["database"])
    return server


def _durability(server: Any, database: str) -> dict[str, Any]:
    """What a transaction really does at its commit, asked of a transaction and not of the settings."""
    local = server.get_database(database)._java_db.getEmbedded()
    local.begin()
    try:
        transaction = local.getTransaction()
        return {"wal": bool(transaction.isUseWAL()), "flush": str(transaction.getWALFlush())}
    finally:
        local.rollback()


def _version() -> str:
    from arcadedb_embedded import __version__

    return str(__version__)


def _watch() -> None:
    timer = threading.Timer(STOP_SECONDS, os._exit, [1])
    timer.daemon = True
    timer.start()


if __name__ == "__main__":
    main()
