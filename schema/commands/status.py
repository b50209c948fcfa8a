"""``sociograph status``: what runs, with which settings, and whether it takes events."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any

import httpx
import orjson
import typer
from rich.console import Console
from rich.table import Table

from schema.commands.target import Url, server_of
from schema.instance import find
from schema.settings import Settings, variable

TIMEOUT_S = 10.0
TOTALS = "{ activitySummary { totalEvents uniqueUsers sessions mostActiveDay } }"
NO_SERVER = "No server has this data folder open; `sociograph serve` starts one."


@dataclass(frozen=True, slots=True)
class Status:
    """What there is to say. ``totals``: None where they cannot be read."""

    settings: dict[str, Any]
    server: dict[str, Any] | None
    ready: bool
    reason: str | None
    engine: str
    totals: dict[str, Any] | None


def run(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
    url: Url = None,
) -> None:
    """Say which settings are in effect, where the server listens and whether it takes events.

    Exit status: 0 it does, 1 it does not.
    """
    status = look(Settings.load(), url)
    if as_json:
        typer.echo(orjson.dumps(asdict(status), option=orjson.OPT_INDENT_2).decode())
    else:
        _print(status)
    raise typer.Exit(0 if status.ready else 1)


def look(settings: Settings, url: str | None) -> Status:
    """The status of the server at ``url``, or of the one that has the data folder."""
    found = find(settings.data)
    server = {"url": url.rstrip("/").removesuffix("/graphql")} if url else asdict(found) if found else None
    said: dict[str, Any] = {"reason": NO_SERVER}
    totals = None
    address = server_of(settings, url)
    if server and address:
        with httpx.Client(base_url=server["url"], headers=address.headers(), timeout=TIMEOUT_S) as client:
            said = _readiness(client)
            totals = _totals(client)
    return Status(
        settings=settings.model_dump(mode="json"),
        server=server,
        ready=said.get("status") == "ready",
        reason=said.get("reason"),
        engine=said.get("engine") or settings.neo4j_uri or f"embedded, {settings.data}",
        totals=totals,
    )


def _readiness(client: httpx.Client) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = client.get("/health/ready").json()
    except (httpx.HTTPError, ValueError) as error:
        return {"reason": f"The server does not answer: {error}"}
    return answer


def _totals(client: httpx.Client) -> dict[str, Any] | None:
    try:
        body = client.post("/graphql", json={"query": TOTALS}).json()
    except (httpx.HTTPError, ValueError):
        return None
    totals: dict[str, Any] | None = (body.get("data") or {}).get("activitySummary")
    return totals


def _print(status: Status) -> None:
    table = Table(show_header=False)
    server = status.server
    table.add_row("server", server["url"] if server else "none")
    if server and "pid" in server:
        table.add_row("process", f"{server['pid']}, version {server['version']}")
    table.add_row("ready", "yes" if status.ready else f"no: {status.reason}")
    table.add_row("engine", status.engine)
    for name, value in (status.totals or {}).items():
        table.add_row(_words(name), f"{value:,}" if isinstance(value, int) else str(value))
    table.add_section()
    for name, value in status.settings.items():
        table.add_row(variable(name), "" if value is None else str(value))
    Console().print(table)


def _words(name: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name)
