"""The ``sociograph`` command as its users run it: a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).with_name("sociograph")
HEADER = "id,type,actor_id,target_type,target_id,occurred_at,session_id,user_agent,region,country"


@dataclass(frozen=True)
class Finished:
    """What came of a command."""

    status: int
    out: str
    err: str


async def begun(*arguments: object, **settings: Any) -> Process:
    """The running command; ``settings`` by their lower-case names."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SOCIOGRAPH_")}
    environment |= {"SOCIOGRAPH_HEAP": "512m", "SOCIOGRAPH_DATA": os.devnull, "COLUMNS": "200"}
    environment |= {f"SOCIOGRAPH_{name.upper()}": str(value) for name, value in settings.items()}
    return await asyncio.create_subprocess_exec(
        COMMAND, *map(str, arguments), stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment
    )


async def sociograph(*arguments: object, standard_input: bytes = b"", **settings: Any) -> Finished:
    """Run the command to its end."""
    process = await begun(*arguments, **settings)
    out, err = await process.communicate(standard_input)
    return Finished(process.returncode or 0, out.decode(), err.decode())


def row(id: str, type: str = "VIEW", target: str = "POST,p", actor: str = "a", rest: str = ",,,") -> str:
    """A line of CSV."""
    return f"{id},{type},{actor},{target},2026-02-01T10:00:00Z,{rest}"


def csv(*rows: str) -> str:
    """A whole file."""
    return "\n".join([HEADER, *rows, ""])
