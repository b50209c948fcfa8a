"""The table of retention: which rule holds, what is due, and what a run has to look at."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.calendar import Period
from signals.clock import DAY_MS
from signals.errors import StartupError
from signals.retention import Expired, Expiry, Retention, Rule, standard
from tests.factories import VOCABULARY
from tests.unit.surface import Ports, answered, ask

NOW = 20_000 * DAY_MS
TABLE = """
[categories]
message = { days = 30, keep = "nothing" }
[types]
"message:pin" = { days = 0 }
"""


def loaded(folder: Path, text: str) -> Retention:
    file = folder / "retention.toml"
    file.write_text(text, encoding="utf-8")
    return Retention.load(file)


def test_by_default_a_year_and_streaks_that_were_brought_along_for_ever() -> None:
    table = standard()
    assert table.due("post:like", NOW - 365 * DAY_MS - 1, NOW) == "aggregates"
    assert table.due("post:like", NOW - 365 * DAY_MS, NOW) is None
    assert table.due("streak:imported", 0, NOW) is None
    assert not table.takes_out
    term = next(term for term in VOCABULARY.terms.values() if term.name == "STREAK_IMPORTED")
    assert f"{term.category}:{term.action}" in table.types


def test_a_type_goes_before_its_category_and_that_before_the_default(tmp_path: Path) -> None:
    table = loaded(tmp_path, TABLE)
    assert table.rule("message:send") == Rule(days=30, keep="nothing")
    assert table.rule("message:pin") == Rule(days=0)
    assert table.rule("post:like") == standard().default
    assert table.types["streak:imported"].days == 0
    assert table.takes_out
    assert table.print != standard().print


def test_other_days_are_those_of_the_default_alone(tmp_path: Path) -> None:
    table = loaded(tmp_path, TABLE).within(7)
    assert [table.rule(type).days for type in ("post:like", "message:send", "message:pin")] == [7, 30, 0]
    assert standard().within(None) is standard()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[default]\ndays = -1", "default.days"),
        ("[default]\nkeep = 'all'", "default.keep"),
        ("[types]\n'Post Like' = { days = 1 }", "types"),
        ("[categories]\n'post:like' = { days = 1 }", "categories"),
        ("[types]\n'post:like' = { keep = 'nothing' }", "types.post:like.days"),
        ("[more]", "more"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(StartupError, match=told):
        loaded(tmp_path, text)


days = st.integers(0, 40)
tables = st.builds(
    Retention,
    default=st.builds(Rule, days=days),
    categories=st.dictionaries(st.sampled_from(("post", "social")), st.builds(Rule, days=days)),
    types=st.dictionaries(st.sampled_from(("post:like", "social:follow")), st.builds(Rule, days=days)),
)


@settings(deadline=None)
@given(table=tables, covered=st.none() | st.integers(0, 100), later=st.integers(0, 100), data=st.data())
def test_what_comes_due_lies_in_the_spans(
    table: Retention, covered: int | None, later: int, data: st.DataObject
) -> None:
    now = ((covered or 0) + later) * DAY_MS
    spans = table.spans(now, None if covered is None else covered * DAY_MS)
    assert spans == sorted(spans)
    assert all(one.end < other.start for one, other in pairwise(spans))
    at = data.draw(st.integers(0, 250)) * DAY_MS // 2
    for type in ("post:like", "post:view", "social:follow", "auth:login"):
        was = covered is not None and table.due(type, at, covered * DAY_MS)
        if table.due(type, at, now) and not was:
            assert any(start <= at < end for start, end in spans)


def test_nothing_is_looked_at_twice() -> None:
    table = standard().within(10)
    assert table.spans(NOW, None) == [Period(0, NOW - 10 * DAY_MS)]
    assert table.spans(NOW, NOW - DAY_MS) == [Period(NOW - 11 * DAY_MS, NOW - 10 * DAY_MS)]
    assert table.spans(NOW, NOW) == []
    assert Retention(default=Rule(days=0), categories={}, types={}).spans(NOW, None) == []


RETAIN = "mutation { retain(dryRun: true, days: %s) { events next expired { type keep events } } }"


async def test_the_mutation_says_what_expired() -> None:
    rows = Expired("post:like", "aggregates", 3), Expired("post:view", "nothing", 1)
    ports = Ports(known={"step": Expiry(rows, "on")})
    answer = await answered(ports, RETAIN % "7")
    assert answer["retain"] == {
        "events": 4,
        "next": "on",
        "expired": [
            {"type": "post:like", "keep": "AGGREGATES", "events": 3},
            {"type": "post:view", "keep": "NOTHING", "events": 1},
        ],
    }


@pytest.mark.parametrize("days", [0, -1, 40_001])
async def test_days_that_are_none_are_refused(days: int) -> None:
    answer = await ask(Ports(), RETAIN % days)
    assert [error.message for error in answer.errors] == [f"days is {days}; it has to be 1 to 40000."]
