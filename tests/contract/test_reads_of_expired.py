"""What is made of the log when it is asked for is as before once events expired: trends, people's reads, the past."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from graph.active import ActiveReader
from graph.diaries import DiaryReader
from graph.habits import HabitsKeeper
from graph.nodes import NodeReader
from graph.retaining import Retainer
from graph.sessions import SessionReader
from graph.slot_days import SlotDays
from graph.summaries import SummaryReader
from graph.trends import TrendReader
from signals.calendar import Granularity
from signals.clock import DAY_MS, to_ms
from signals.cut import Cut
from signals.events import Device, EntityRef, Event, EventFilter
from signals.retention import Retention, Rule
from signals.trends import Group, Question
from signals.weights import standard
from tests.contract.stage import Stage
from tests.contract.test_nodes import comparable, everything
from tests.contract.test_retaining import fresh
from tests.factories import NOON, POST, RECEIVED, VOCABULARY, active, at, busy, met
from tests.reads import Cast, same
from tests.strategies import Record

ZONES = (None, "Europe/Berlin", "Pacific/Apia")
COUNTRIES = (None, "NO", "DE")
PHONES = (None, Device("MOBILE", "Firefox", "130"), Device("DESKTOP"))
IMPORTED = {"current": 4, "longest": 9, "lastDate": "2026-02-27"}
NOW = RECEIVED + timedelta(days=1)
RULES = Retention(
    default=Rule(days=29),
    categories={"social": Rule(days=30)},
    types={"streak:imported": Rule(days=0), "post:like": Rule(days=0)},
)


def told() -> list[Event]:
    """Events with everything that a figure is made of, and more."""
    chance = random.Random(9)
    events = [
        replace(
            event,
            id=f"{place}",
            time_zone=chance.choice(ZONES),
            country=chance.choice(COUNTRIES),
            device=chance.choice(PHONES),
            points=chance.choice((None, 2.5)),
            metadata={"n": place},
        )
        for place, event in enumerate(busy(chance, 150))
    ]
    talk = [met("MESSAGE_SENT", "a", "b", 50), met("MESSAGE_READ", "b", "a", 60), met("REPLY", "b", "a", 70)]
    solved = active("PROBLEM_SOLVED", "b", 80, EntityRef("problem", "p1"), session_id="x")
    return [*events, *talk, solved, active("STREAK_IMPORTED", "a", 90, metadata=IMPORTED)]


async def reads(stage: Stage) -> dict[str, Any]:
    """What readers say who look at the log."""
    database, end = stage.database, to_ms(NOON + timedelta(days=3))
    slots, diaries = SlotDays(database), DiaryReader(database)
    summaries, trends = SummaryReader(database, slots), TrendReader(database, VOCABULARY, slots)
    whole = Question(since=to_ms(NOON) - DAY_MS, until=end, zone=ZoneInfo("Pacific/Apia"), now=to_ms(NOW))
    questions = [replace(whole, group=group) for group in Group]
    questions += [replace(question, people=("a", "b")) for question in questions]
    questions += [
        replace(whole, granularity=Granularity.HOUR, filter=filter, until=end - 1234)
        for filter in (EventFilter(user_id="a"), EventFilter(content=POST), EventFilter(target_user_id="a"))
    ]
    found: dict[str, Any] = {f"trends {n}": await trends.trends(each) for n, each in enumerate(questions)}
    cast = Cast.of([Record(tuple(told()))])
    nodes = NodeReader(database, VOCABULARY, cache=0)
    for instant in (at(0), at(60), at(100_000), NOW):
        for cut in (Cut(instant, None), Cut(instant, RECEIVED)):
            found[f"nodes {cut}"] = comparable(await nodes.read(everything(cast), cut))
    for user in "abc":
        found[f"moments {user}"] = await diaries.moments(user)
        found[f"diary {user}"] = await diaries.diary([user], 0, end)
        found[f"received {user}"] = await diaries.received(user, 0, end)
        found[f"zone {user}"] = await diaries.zone_before(user, end)
        found[f"length {user}"] = await summaries.mean_session_ms(EventFilter(user_id=user))
    for since in (None, at(1), at(100_000)):
        found[f"summary {since}"] = await summaries.summary(EventFilter(since=since), zone=ZoneInfo("Europe/Berlin"))
    keeper = HabitsKeeper(database, VOCABULARY, standard().habits)
    return found | {
        "habits": await keeper._reckoned(to_ms(NOW)),
        "firsts": await ActiveReader(database).firsts(list("abc")),
    }


async def test_they_are_the_same(stage: Stage) -> None:
    await fresh(stage)
    await stage.ports.recorder.record(told())
    before = await reads(stage)
    retainer = Retainer(stage.database, stage.writer, VOCABULARY, RULES)
    expired = (await retainer.step(NOW)).events
    assert 50 < expired < len(told()) - 10
    same(before, await reads(stage))


async def test_sessions_are_of_what_is_left(stage: Stage) -> None:
    await fresh(stage)
    seconds = {"old": 0, "older": -100, "new": 3 * 86_400, "newer": 3 * 86_400 + 9}
    events = [active("LOGIN", "a", when, id=id, session_id="s") for id, when in seconds.items()]
    loose = [active("SEARCH", "a", 10, id="loose")]
    await stage.ports.recorder.record([*events, *loose])
    await Retainer(stage.database, stage.writer, VOCABULARY, RULES).step(at(30 * 86_400))
    found = await SessionReader(stage.database).sessions("a", 0, to_ms(NOW), 10)
    assert [one.event_ids for one in found] == [("new", "newer")]
