"""The audits of the npm package graphql-http, against the service as it is served."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from tests.acceptance.conftest import Client

AUDITS = Path(__file__).parent / "audits"
CACHE = Path(__file__).parents[2] / ".cache" / "audits"
COUNT = 61

needs_node = pytest.mark.skipif(
    not (shutil.which("node") and shutil.which("npm")),
    reason="THE AUDITS OF GRAPHQL OVER HTTP ARE NOT RUN: node and npm are not here",
)


@needs_node
@pytest.mark.timeout(300)
async def test_all_audits_pass(client: Client) -> None:
    await installed()
    said = await run("node", "audit.cjs", f"{client.http.base_url}/graphql")
    results: list[tuple[str, str, str, str]] = json.loads(said)
    assert len(results) == COUNT
    assert [result for result in results if result[2] != "ok"] == []


async def installed() -> None:
    """The packages, once; beside the audits that use them."""
    CACHE.mkdir(parents=True, exist_ok=True)
    for file in AUDITS.iterdir():
        shutil.copy(file, CACHE / file.name)
    if not (CACHE / "node_modules" / "graphql-http").exists():
        await run("npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent")


async def run(*command: str) -> str:
    """What a command prints; it must succeed."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=CACHE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()
