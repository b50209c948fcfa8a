"""What people and dashboards ask: trends, top content, active users, and what one person's activity says."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks import tables
from benchmarks.loaded import Loaded
from benchmarks.reads import Asked, Question, Variables, alone
from benchmarks.rounds import Plan
from benchmarks.world import World

CLIENTS = (1, 16)
RANGES = 16
"""Different windows of a length; each ends some days before the data do."""

BUCKETS = "start events uniqueUsers sessions timeSpentMs score complete"
SERIES = f"group total previousTotal change uniqueUsers buckets {{ {BUCKETS} }}"


def trends(granularity: str, group: str, zone: str = "UTC", selected: str = SERIES, more: str = "") -> str:
    """The query; ``selected`` of each series."""
    return (
        f"query Trends($a: DateTime!, $b: DateTime!) {{ engagementTrends(since: $a, until: $b, "
        f'granularity: {granularity}, groupBy: {group}, timeZone: "{zone}"{more}) {{ series {{ {selected} }} }} }}'
    )


ACTIVE = """query Active($a: DateTime!, $b: DateTime!) { activeUsers(since: $a, until: $b) {
  date dau wau mau stickiness new returning resurrected dormant
} }"""
TOP = """query Top($a: DateTime!, $b: DateTime!) { topContent(since: $a, until: $b, first: 50, by: BY) {
  content { type id } value events uniqueUsers views likes comments shares saves timeSpentMs score engagementRate
} }"""
SUMMARY = """query Summary($a: DateTime!, $b: DateTime!) { activitySummary(filter: {since: $a, until: $b}) {
  totalEvents uniqueUsers sessions byCategory { type count } byType { type count } mostActiveDay mostCommonAction
  peakHours { hour count }
} }"""
LENGTH = """query Length($a: DateTime!, $b: DateTime!) { activitySummary(filter: {since: $a, until: $b}) {
  meanSessionMs
} }"""
ENGAGEMENT = """query Engagement($a: DateTime!, $id: ID!) { content(ref: {type: ARTICLE, id: $id}) {
  engagement(since: $a) { views likes comments uniqueUsers timeSpentMs engagementRate funnel { step users ofPrevious } }
} }"""
SESSIONS = "id inferred start end durationMs eventCount depth"


def person(selected: str) -> str:
    """The query for one user's fields."""
    return f"query Person($v: ID!) {{ user(id: $v) {{ {selected} }} }}"


STREAK = person("streak { current longest lastActiveDate atRiskAt freezesLeft }")
POINTS = person("points { total byCategory { category points } }")
SCORE = person("engagementScore { value contributions { signal contribution } }")
ACHIEVED = person("achievements { id progress target earnedAt }")
BEHAVIOUR = person("behaviour { heatMap peakHours { hour count } summaryText }")
USER_SESSIONS = person(f"sessions(first: 50) {{ {SESSIONS} }}")


def window(days: int) -> Asked:
    """The last ``days`` whole days, or some earlier ones."""

    def asked(_: World, draw: random.Random, __: str) -> Variables:
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        until = midnight - timedelta(days=draw.randrange(RANGES))
        return {"a": (until - timedelta(days=days)).isoformat(), "b": until.isoformat()}

    return asked


def lately(days: int) -> Asked:
    """The last ``days`` whole days: the same in a history of any length."""

    def asked(_: World, __: random.Random, ___: str) -> Variables:
        until = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return {"a": (until - timedelta(days=days)).isoformat(), "b": until.isoformat()}

    return asked


def article(world: World, draw: random.Random, viewer: str) -> Variables:
    """One that is turned to as events go, over the last 30 days."""
    return {"a": window(30)(world, draw, viewer)["a"], "id": draw.choice(world.contents)}


TRENDS, TOPPED, ACTED, USER = b'"series":[{', b'"topContent":[{', b'"activeUsers":[{', b'"user":{'
LEAST = "group buckets { start events }"
INSIGHTS: Mapping[str, Question] = {
    "trends, 90 days by day and type, counts": Question(trends("DAY", "TYPE", selected=LEAST), TRENDS, window(90)),
    "trends, 90 days by day and type": Question(trends("DAY", "TYPE"), TRENDS, window(90)),
    "trends, a year by day": Question(trends("DAY", "NONE"), TRENDS, window(365)),
    "trends, a year by week in New York": Question(trends("WEEK", "TYPE", "America/New_York"), TRENDS, window(365)),
    "trends, a week by hour in Kolkata": Question(trends("HOUR", "CATEGORY", "Asia/Kolkata"), TRENDS, window(7)),
    "trends, 90 days by device": Question(trends("DAY", "DEVICE_TYPE"), TRENDS, window(90)),
    "activeUsers, 90 days": Question(ACTIVE, ACTED, window(90)),
    "topContent, 30 days": Question(TOP.replace("BY", "SCORE"), TOPPED, window(30)),
    "topContent, 30 days by people": Question(TOP.replace("BY", "UNIQUE_USERS"), TOPPED, window(30)),
    "activitySummary, 30 days": Question(SUMMARY, b'"activitySummary":{', window(30)),
    "mean length of a session, 30 days": Question(LENGTH, b'"activitySummary":{', window(30)),
    "content.engagement, 30 days": Question(ENGAGEMENT, b'"engagement":{', article),
    "user.streak": Question(STREAK, USER, alone),
    "user.points": Question(POINTS, USER, alone),
    "user.engagementScore": Question(SCORE, USER, alone),
    "user.achievements": Question(ACHIEVED, USER, alone),
    "user.behaviour": Question(BEHAVIOUR, USER, alone),
    "user.sessions": Question(USER_SESSIONS, USER, alone),
    "user.streak, heavy user": Question(STREAK, USER, alone, heavy=True),
    "user.behaviour, heavy user": Question(BEHAVIOUR, USER, alone, heavy=True),
}

LATELY: Mapping[str, Question] = {
    "trends, a week by day and type": Question(trends("DAY", "TYPE"), TRENDS, lately(7)),
    "trends, a week by hour in Kolkata": Question(trends("HOUR", "CATEGORY", "Asia/Kolkata"), TRENDS, lately(7)),
    "topContent, a week": Question(TOP.replace("BY", "SCORE"), TOPPED, lately(7)),
    "activitySummary, a week": Question(SUMMARY, b'"activitySummary":{', lately(7)),
    "user.streak": Question(STREAK, USER, alone),
}
"""What costs the same however long the history is, if it is read from roll-ups."""


@dataclass(slots=True)
class Insights:
    """What was measured on one engine; ``rounds``: every generator run."""

    engine: str
    load: Mapping[str, float]
    rounds: list[dict[str, Any]] = field(default_factory=list)
    memory_mb: dict[str, int] = field(default_factory=dict)

    def median(self, name: str, clients: int, figure: str) -> float | None:
        """Over the rounds; None where nothing was measured."""
        return tables.median(self.rounds, figure, work=name, clients=clients)

    @property
    def bad(self) -> int:
        """Answers that were not right."""
        return sum(row["bad"] for row in self.rounds)


async def measure(loaded: Loaded, plan: Plan, say: Callable[[str], None]) -> Insights:
    """Every question of INSIGHTS that the world has people for."""
    figures = Insights(loaded.engine.description, loaded.load)
    askings = loaded.askings(INSIGHTS, plan)
    for number in range(1, plan.rounds + 1):
        for asking in askings:
            say(f"round {number} of {plan.rounds}: {asking.name}")
            for row in await loaded.over_http(asking, CLIENTS, plan.seconds):
                figures.rounds.append({"round": number, **row})
    figures.memory_mb = loaded.memory()
    return figures


HEADINGS = ["read", "p50 ms", "p99 ms", "API, CPU ms", "16 clients: per second", "p50 ms"]


def rows(figures: Insights) -> list[list[str]]:
    """A row of text per read, under HEADINGS."""
    return [_row(figures, name) for name in INSIGHTS if figures.median(name, 1, "p50_ms") is not None]


def _row(figures: Insights, name: str) -> list[str]:
    processor = [row["cpu_ms"]["API"] for row in figures.rounds if (row["work"], row["clients"]) == (name, 1)]
    measured = [
        figures.median(name, 1, "p50_ms"),
        figures.median(name, 1, "p99_ms"),
        statistics.median(processor),
        figures.median(name, 16, "rate"),
        figures.median(name, 16, "p50_ms"),
    ]
    return [name, *tables.cells(measured)]


def remarks(figures: Insights) -> list[str]:
    """What stands below the table."""
    memory = ", ".join(f"{name} {size} MB" for name, size in figures.memory_mb.items())
    events, pace = figures.load["events"], figures.load["events_per_s"]
    return [f"{events:,.0f} events, imported at {pace:,.0f} a second. Memory at the end: {memory}."]


def markdown(name: str, figures: Insights) -> str:
    """One engine's table for a document."""
    return tables.document(f"Trends and people, {name}", HEADINGS, rows(figures), remarks(figures))
