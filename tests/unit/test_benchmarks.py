"""What the benchmarks are made of: queries that the schema has, histories that are the same each time, a reference."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import orjson
import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from benchmarks.history import PER_DAY, events, history
from benchmarks.insights import INSIGHTS, LATELY
from benchmarks.loaded import LOADED, ending
from benchmarks.peers.check import latest
from benchmarks.plot import svg
from benchmarks.reads import READS

ROOT = Path(__file__).parents[2]
UNTIL = datetime(2026, 3, 1, tzinfo=UTC)
PEERS = sorted((ROOT / "benchmarks" / "peers").glob("*.json"))


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema((ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8"))


QUESTIONS = {**{name: read.question for name, read in READS.items()}, **INSIGHTS, **LATELY}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_read_is_one_of_the_schema(name: str, schema: GraphQLSchema) -> None:
    assert validate(schema, parse(QUESTIONS[name].query)) == []


@pytest.mark.parametrize("file", PEERS, ids=lambda file: file.stem)
def test_every_work_beside_the_peers_is_one_of_the_schema(file: Path, schema: GraphQLSchema) -> None:
    works = orjson.loads(file.read_bytes())["work"]
    assert works
    for work in works.values():
        assert validate(schema, parse(work["body"]["query"])) == []


def test_a_history_is_in_order_ends_in_time_and_nobody_talks_to_themselves() -> None:
    rows = list(events(3000, UNTIL))
    assert len({cells[0] for _, cells in rows}) == 3000
    assert [at for at, _ in rows] == sorted(at for at, _ in rows)
    assert rows[-1][0] == UNTIL
    assert all(cells[2] != cells[4] for _, cells in rows)


def test_a_history_is_the_same_each_time_and_goes_further_back_when_longer(tmp_path: Path) -> None:
    assert list(events(500, UNTIL)) == list(events(500, UNTIL))
    assert UNTIL - next(events(2 * PER_DAY, UNTIL))[0] > 1.9 * (UNTIL - next(events(PER_DAY, UNTIL))[0])
    world = history(tmp_path, 500, UNTIL)
    assert world.files[1].read_text().count("\n") == 501


def test_reads_ask_the_same_of_the_same_world(tmp_path: Path) -> None:
    world = history(tmp_path, 4000, UNTIL)
    read = READS["feedSignals, 200 candidates"].question
    requests = read.requests(world, 3)
    assert requests == read.requests(world, 3)
    assert all(len({ref["id"] for ref in asked["c"]}) == len(asked["c"]) > 20 for asked in requests)


def test_the_latest_are_certain_but_for_those_who_were_there_at_the_edge() -> None:
    times = {"a": 5, "b": 4, "c": 3, "d": 3, "e": 1}
    assert latest(times, 3) == ({"a", "b"}, {"a", "b", "c", "d"})
    assert latest(times, 5) == (set(times), set(times))


def test_a_plot_has_a_line_and_a_dot_for_what_was_measured() -> None:
    lines = {"one & all": [(50_000.0, 3.0), (2_000_000.0, 4.5)], "other": [(50_000.0, 0.0)]}
    root = ElementTree.fromstring(svg("t < u", "x", "y", lines))  # noqa: S314 (our own text)
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{space}polyline")) == 2
    heights = [float(dot.attrib["cy"]) for dot in root.findall(f"{space}circle")]
    assert heights[1] < heights[0] < heights[2]


def test_a_world_that_was_loaded_before_ends_when_it_did(tmp_path: Path) -> None:
    assert ending(tmp_path) > UNTIL
    (tmp_path / LOADED).write_text('{"until": "2026-03-01T00:00:00+00:00", "load": {"events": 3}}')
    assert ending(tmp_path) == UNTIL
