"""GraphiQL for browsers, served from here so that it works offline, with example operations as its tabs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import PathLike, StaticFiles

FOLDER = Path(__file__).parent
PAGE = FOLDER / "page.html"
YEAR_S = 31_536_000


@dataclass(frozen=True, slots=True)
class Example:
    """An operation to try: a tab in GraphiQL. They work one after the other on an empty server."""

    name: str
    query: str
    variables: str
    """JSON, laid out for reading."""


def examples() -> list[Example]:
    """The example operations in their order: ``examples/*.graphql`` with the variables in a ``.json`` beside each."""
    return [_example(path) for path in sorted((FOLDER / "examples").glob("*.graphql"))]


def _example(path: Path) -> Example:
    variables = path.with_suffix(".json")
    text = variables.read_text(encoding="utf-8") if variables.exists() else "{}"
    json.loads(text)
    return Example(path.stem, path.read_text(encoding="utf-8"), text)


class Vendored(StaticFiles):
    """Files whose names hold their version, so that a browser asks once a year."""

    def file_response(self, full_path: PathLike, *given: Any, **named: Any) -> Response:
        response = super().file_response(full_path, *given, **named)
        response.headers["cache-control"] = f"public, max-age={YEAR_S}, immutable"
        return response


def routes() -> list[Route | Mount]:
    """What the page loads."""
    tabs = [asdict(example) for example in examples()]

    async def show_examples(_: Request) -> Response:
        return JSONResponse(tabs, headers={"cache-control": "no-cache"})

    return [
        Route("/graphiql/examples.json", show_examples),
        Mount("/graphiql/vendor", Vendored(directory=FOLDER / "vendor")),
        Mount("/graphiql/page", StaticFiles(directory=FOLDER / "page")),
    ]
