"""No figure that analysts are told has 1 to k - 1 people behind it; what enough people do is told as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

import resolvers.crowds
from signals.active import ActiveDate, Dates, Presence, active_dates
from signals.calendar import Granularity
from signals.clock import DAY_MS, HOUR_MS, from_ms
from signals.diary import Entry
from signals.events import ContentRef
from signals.interactions import Interaction, added_up, depth
from signals.items import Item
from signals.top_content import By, TopContent, numbers_of
from signals.trend_parts import group_of, of_entries
from signals.trends import BEFORE, Group, Question, answer, table
from signals.weights import standard
from signals.withholding import crowded, crowded_date, crowded_positions, enough
from tests.factories import VOCABULARY

UTC = ZoneInfo("UTC")
WEIGHTS = standard().engagement_rate
K = 3
PEOPLE = tuple("abcdefg")
KINDS = ("VIEW", "LIKE", "UNLIKE", "SAVE", "UNSAVE", "COMMENT", "REPLY", "SHARE", "HIDE", "REACT")
POST = ContentRef("POST", "1")
START = 20_000 * DAY_MS

calm = settings(deadline=None)
people = st.sampled_from(PEOPLE)
durations = st.none() | st.integers(0, 5000)
depths = st.none() | st.floats(0, 100)


@st.composite
def histories(draw: st.DrawFn) -> list[Interaction]:
    """What some people did with a content, most of it by many of them."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4, unique=True))
    made = draw(st.lists(st.tuples(st.sampled_from(kinds), people, durations, depths, st.integers(0, 60)), max_size=40))
    return [
        Interaction(START + minute * 60_000, f"e{number:02}", who, "content", name, ms, scroll)
        for number, (name, who, ms, scroll, minute) in enumerate(sorted(made, key=lambda one: one[-1]))
    ]


def doers(done: Sequence[Interaction], *names: str) -> int:
    return len({each.actor_id for each in done if not names or each.name in names})


@calm
@given(histories())
def test_what_is_kept_was_done_by_enough_people(done: list[Interaction]) -> None:
    kept = crowded(done, K)
    for name in KINDS:
        before, after = doers(done, name), doers(kept, name)
        assert after == (before if before >= K else 0)
    for told in ([e for e in kept if e.duration_ms is not None], [e for e in kept if e.scroll_depth is not None]):
        assert enough(doers(told), K)
    assert [(each.at, each.id) for each in kept] == [(e.at, e.id) for e in done if doers(done, e.name) >= K]


@calm
@given(histories())
def test_everybody_is_enough_for_nothing_and_one(done: list[Interaction]) -> None:
    assert crowded(done, 1) == crowded(done, 1, VOCABULARY) == done
    few = [each for each in done if each.actor_id in PEOPLE[: K - 1]]
    assert crowded(few, K) == crowded(few, K, VOCABULARY) == []


@dataclass
class Contents:
    """A port of what was done with one content."""

    done: list[Interaction]

    async def interactions(self, _: ContentRef, since: int, until: int) -> list[Interaction]:
        return [each for each in self.done if since <= each.at < until]


@calm
@given(histories())
async def test_every_figure_of_an_engagement_has_enough_people_behind_it(done: list[Interaction]) -> None:
    at = from_ms(START + DAY_MS)
    found = await resolvers.crowds.engagement(Contents(done), VOCABULARY, POST, at, None, K, deep=True)  # type: ignore[arg-type]
    for name, figure in (("VIEW", found.views), ("SHARE", found.shares), ("COMMENT", found.comments)):
        names = (name, "REPLY") if name == "COMMENT" else (name,)
        assert figure == 0 or doers(done, *names) >= K
    for users in (found.likes, found.saves, found.unique_users):
        assert enough(users, K)
    by_type = defaultdict[str, set[str]](set)
    for each in done:
        by_type[f"post:{each.name.lower()}"].add(each.actor_id)
    assert all(len(by_type[type]) >= K for type, _ in found.by_type)
    assert found.views + found.comments + found.shares <= sum(n for _, n in found.by_type)
    if found.time_spent_ms:
        assert doers([each for each in done if each.duration_ms is not None]) >= K
    if found.average_scroll_depth is not None:
        assert doers([each for each in done if each.scroll_depth is not None]) >= K
    assert found.depth is not None
    assert all(enough(step.users, K) for step in found.depth.funnel)
    truth = added_up(done, VOCABULARY).engagement(POST, VOCABULARY, at)
    assert found.withheld or replace(found, depth=None) == truth


@calm
@given(histories())
async def test_nothing_is_withheld_where_everybody_did_everything(done: list[Interaction]) -> None:
    every = [
        each._replace(actor_id=who, id=f"{each.id}{who}", duration_ms=7, scroll_depth=5.0)
        for each in done
        for who in PEOPLE
        if each.name not in ("UNLIKE", "UNSAVE")
    ]
    at = from_ms(START + DAY_MS)
    found = await resolvers.crowds.engagement(Contents(every), VOCABULARY, POST, at, None, K, deep=True)  # type: ignore[arg-type]
    whole = added_up(every, VOCABULARY).engagement(POST, VOCABULARY, at)
    assert found == replace(whole, depth=depth(every))


@calm
@given(histories(), st.sampled_from(By))
async def test_every_figure_of_a_top_content_has_enough_people_behind_it(done: list[Interaction], by: By) -> None:
    row = TopContent.of(POST.key, numbers_of(done, VOCABULARY), by, WEIGHTS)
    span = (START, START + DAY_MS)
    rows = await resolvers.crowds.top(Contents(done), VOCABULARY, WEIGHTS, [row], span, by, K)  # type: ignore[arg-type]
    if not rows:
        return
    [found] = rows
    for name, figure in (
        (("VIEW",), found.views),
        (("LIKE",), found.likes),
        (("COMMENT", "REPLY"), found.comments),
        (("SHARE",), found.shares),
        (("SAVE",), found.saves),
    ):
        assert figure == sum(each.name in name and doers(done, each.name) >= K for each in done)
    assert found.unique_users >= K
    assert found.events == sum(doers(done, each.name) >= K for each in done)
    assert found.withheld or found == row


@st.composite
def crowds(draw: st.DrawFn) -> list[Entry]:
    """Events of some people on the day before and the three days of a span."""
    made = st.tuples(
        people, st.sampled_from(("like", "view", "save")), st.integers(-72, 71), durations, st.sampled_from(("s", "t"))
    )
    return [
        Entry(
            START + hour * HOUR_MS, f"e{number}", who, "content", action.upper(), "post", action, "POST:1",
            duration_ms=ms, session_id=who + session,
        )
        for number, (who, action, hour, ms, session) in enumerate(draw(st.lists(made, max_size=60)))
    ]  # fmt: skip


@calm
@given(crowds(), st.sampled_from((Group.TYPE, Group.CATEGORY, Group.NONE)))
def test_every_bucket_of_a_trend_has_enough_people_behind_it(entries: list[Entry], group: Group) -> None:
    question = Question(
        since=START,
        until=START + 3 * DAY_MS,
        zone=UTC,
        granularity=Granularity.DAY,
        group=group,
        now=START + 9 * DAY_MS,
    )
    counted = table()
    of_entries(entries, question, VOCABULARY, str, counted)
    cells = defaultdict[tuple[str, int], list[Entry]](list)
    for entry in entries:
        place = (entry.at - START) // DAY_MS if entry.at >= START else BEFORE
        cells[group_of(entry, group), place].append(entry)
    told = {cell: some for cell, some in cells.items() if len({entry.actor_id for entry in some}) >= K}

    found = answer(replace(question, least=K), counted)
    assert found.withheld == (len(told) < len(cells))
    for series in found.series:
        mine = {place: some for (name, place), some in told.items() if name == series.group}
        for place, bucket in enumerate(series.buckets):
            some = mine.get(place, [])
            assert bucket.events == len(some)
            assert bucket.unique_users == len({entry.actor_id for entry in some})
            assert bucket.time_spent_ms == sum(entry.duration_ms or 0 for entry in some)
            assert bucket.withheld == (bool(cells.get((series.group, place))) and not some)
        inside = [entry for place, some in mine.items() if place != BEFORE for entry in some]
        assert series.total == len(inside) == sum(bucket.events for bucket in series.buckets)
        assert series.unique_users == len({entry.actor_id for entry in inside})
        assert series.sessions == len({entry.session_id for entry in inside})
        assert series.previous_total == len(mine.get(BEFORE, []))
        assert series.total or group is Group.NONE
    if not found.withheld:
        assert replace(question, least=0) == question
        assert found == answer(question, counted)


@calm
@given(st.lists(st.sets(people), min_size=40, max_size=40), st.integers(0, 9))
def test_every_number_of_a_date_has_enough_people_behind_it(active: list[set[str]], earlier: int) -> None:
    dates = Dates.of(UTC, START, START + 10 * DAY_MS)
    seen: set[str] = set()
    new: list[int] = []
    for some in active:
        new.append(len(some - seen))
        seen |= some
    for row in active_dates(dates, Presence(active, new, earlier)):
        found = crowded_date(row, K)
        for name in ("dau", "wau", "mau", "new", "returning", "resurrected", "dormant"):
            number, truth = getattr(found, name), getattr(row, name)
            assert number in (0, truth)
            assert enough(number, K)
        parts = (found.new, found.returning, found.resurrected)
        # What is told together says nothing of what is not: all parts of those who were active, or none.
        assert parts == (0, 0, 0) or sum(parts) == row.dau
        assert found.withheld == (replace(found, withheld=False) != row)
        assert not found.stickiness or found.dau


def test_a_date_of_crowds_is_told_as_it_is() -> None:
    row = ActiveDate(
        date=from_ms(START).date(), start=from_ms(START), dau=9, wau=20, mau=30, stickiness=0.3,
        new=3, returning=6, resurrected=0, dormant=5,
    )  # fmt: skip
    assert crowded_date(row, K) == row
    few = crowded_date(replace(row, new=2, returning=7), K)
    assert (few.dau, few.new, few.returning, few.resurrected, few.withheld) == (9, 0, 0, 0, True)


@calm
@given(st.lists(st.tuples(st.none() | st.integers(0, 3), people, st.booleans()), max_size=40))
def test_every_position_was_seen_and_clicked_by_enough_people(shown: list[tuple[int | None, str, bool]]) -> None:
    kept = crowded_positions(shown, K)
    for position in {at for at, *_ in shown}:
        saw = {who for at, who, _ in shown if at == position}
        clicked = {who for at, who, click in shown if at == position and click}
        here = [each for each in kept if each[0] == position]
        told = len(saw) >= K and enough(len(clicked), K)
        assert here == ([each for each in shown if each[0] == position] if told else [])


def test_a_state_that_few_have_on_is_not_told() -> None:
    """Seven liked it, five took it back: the two who like it now are not told, by no figure."""
    likes = [Interaction(START + n, f"l{n}", who, "content", "LIKE", None, None) for n, who in enumerate(PEOPLE)]
    back = [each._replace(at=each.at + 100, id=f"u{each.id}", name="UNLIKE") for each in likes[:5]]
    views = [each._replace(at=each.at + 200, id=f"v{each.id}", name="VIEW") for each in likes]
    done = sorted([*likes, *back, *views])
    kept = crowded(done, K, VOCABULARY)
    assert {each.name for each in kept} == {"VIEW"}
    assert {each.name for each in crowded(done, K)} == {"LIKE", "UNLIKE", "VIEW"}
    assert isinstance(added_up(kept, VOCABULARY), Item)
