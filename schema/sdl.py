"""The exported SDL: ``python -m schema.sdl --check`` compares the committed file, ``--write`` replaces it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from difflib import unified_diff
from pathlib import Path

from schema.api import build_schema
from signals.vocabulary import Vocabulary

FILE = Path(__file__).with_name("schema.graphql")


def sdl() -> str:
    """The schema with the default vocabulary, as text."""
    return build_schema(Vocabulary.load()).as_str() + "\n"


def difference(committed: str, built: str) -> str:
    """A unified diff that would bring the committed text up to date; empty where they are equal."""
    lines = unified_diff(
        committed.splitlines(keepends=True), built.splitlines(keepends=True), "schema/schema.graphql", "the code"
    )
    return "".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """0 when the file is up to date, or was written; 1 when it differs."""
    parser = ArgumentParser(prog="python -m schema.sdl", description=__doc__)
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--check", action="store_true", help="print what differs and exit with 1")
    choice.add_argument("--write", action="store_true", help="write the file")
    if parser.parse_args(arguments).write:
        FILE.write_text(sdl(), encoding="utf-8")
        return 0
    found = difference(FILE.read_text(encoding="utf-8") if FILE.exists() else "", sdl())
    sys.stdout.write(found and f"{found}\nRun `make sdl` and commit the file.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
