"""The soak: its requests are ones of the schema, and it notices what it is there for."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from benchmarks.soak import MANY, PINGED, READS, REGISTERED, SINGLE, TAKEN_BACK, Sample, Tally, broken

SDL = Path(__file__).parents[2] / "schema" / "schema.graphql"


def test_every_request_is_one_of_the_schema() -> None:
    schema = build_schema(SDL.read_text(encoding="utf-8"))
    for query in (SINGLE, MANY, PINGED, TAKEN_BACK, REGISTERED, *READS):
        assert validate(schema, parse(query)) == []


def samples(api: float = 0.0, engine: float = 0.0, files: float = 0.0) -> list[Sample]:
    """Two minutes that begin with 100 MB and 50 files and grow by so much a second."""
    return [Sample(n, 100 + n * api, 100 + n * engine, round(50 + n * files)) for n in range(120)]


def test_a_steady_run_keeps_its_promises() -> None:
    assert broken(Tally(events=3), samples(api=0.05), 3) == []


@pytest.mark.parametrize(
    ("given", "counted", "words"),
    [
        (samples(), 4, "4 events"),
        (samples(api=1.0), 3, "API"),
        (samples(engine=1.0), 3, "engine"),
        (samples(files=1.0), 3, "open files"),
    ],
)
def test_what_is_broken_is_named(given: list[Sample], counted: int, words: str) -> None:
    [fault] = broken(Tally(events=3), given, counted)
    assert words in fault
