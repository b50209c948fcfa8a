"""The simulation: believable, valid, and the same every time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from signals.connections import Step, settle
from signals.content import Registration
from signals.events import Event, Face
from signals.intake import Intake
from signals.people import ConnectionStatus
from signals.rows import REGISTER
from signals.simulation import Plan, simulate
from signals.vocabulary import Vocabulary

PLAN = Plan(datetime(2026, 3, 1, tzinfo=UTC), days=5, users=40)
INTAKE = Intake(Vocabulary.load())
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def raws() -> list[dict[str, Any]]:
    return list(simulate(PLAN))


@pytest.fixture(scope="module")
def events(raws: list[dict[str, Any]]) -> list[Event]:
    read = [INTAKE.one_of(raw, NOW) for raw in raws if REGISTER not in raw]
    assert [each for each in read if not isinstance(each, Event)] == []
    return [each for each in read if isinstance(each, Event)]


def test_a_plan_gives_the_same_every_time(raws: list[dict[str, Any]]) -> None:
    assert list(simulate(PLAN)) == raws


@pytest.mark.parametrize("change", [{"seed": 2}, {"days": 6}, {"users": 41}, {"user_id": "alice"}])
def test_another_plan_shares_no_id(raws: list[dict[str, Any]], change: dict[str, Any]) -> None:
    def ids(items: list[dict[str, Any]]) -> set[str]:
        return {fields["id"] for raw in items for fields in raw.values() if "id" in fields}

    assert not ids(raws) & ids(list(simulate(replace(PLAN, **change))))


def test_ids_are_unique_and_times_are_in_the_plan(events: list[Event]) -> None:
    assert len({event.id for event in events}) == len(events) > 1000
    assert min(event.occurred_at for event in events) >= datetime(2026, 2, 24, tzinfo=UTC)
    assert max(event.occurred_at for event in events) < PLAN.until


def test_every_kind_of_thing_happens(events: list[Event]) -> None:
    names = {event.name for event in events}
    wanted = {"VIEW", "DWELL", "LIKE", "COMMENT", "SHARE", "FOLLOW", "MESSAGE_SENT", "MESSAGE_READ", "LOGIN"}
    wanted |= {"CONNECTION_REQUEST", "CONNECTION_ACCEPT", "PROFILE_VISIT", "PROBLEM_SOLVED", "POST_CREATE"}
    assert wanted <= names
    assert {event.face for event in events} == set(Face)


def test_content_is_registered_before_anybody_sees_it(raws: list[dict[str, Any]]) -> None:
    written: set[str] = set()
    for raw in raws:
        if REGISTER in raw:
            registration = INTAKE.registration(raw[REGISTER])
            assert isinstance(registration, Registration)
            assert registration.author_id
            written.add(registration.content.key)
        elif "content" in raw:
            reference = raw["content"]["content"]
            assert f"{reference['type']}:{reference['id']}" in written


def test_attention_has_a_heavy_tail(events: list[Event]) -> None:
    views = Counter(event.content for event in events if event.name == "VIEW")
    counts = sorted(views.values(), reverse=True)
    assert sum(counts[: len(counts) // 5]) > 0.5 * sum(counts)


def test_people_sleep(events: list[Event]) -> None:
    germans = Counter(event.occurred_at.hour for event in events if event.time_zone == "Europe/Berlin")
    assert sum(germans[hour] for hour in (0, 1, 2, 3)) < 0.1 * germans.total()


def test_messages_are_read_by_whom_they_were_sent_to(events: list[Event]) -> None:
    sent = {e.content: e for e in events if e.name == "MESSAGE_SENT"}
    for read in (e for e in events if e.name == "MESSAGE_READ"):
        message = sent[read.content]
        assert (message.user_id, message.target_user_id) == (read.target_user_id, read.user_id)
        assert message.occurred_at < read.occurred_at


def test_connections_settle(events: list[Event]) -> None:
    pairs: dict[frozenset[str | None], list[Step]] = {}
    for number, e in enumerate(e for e in events if e.name.startswith("CONNECTION_")):
        pair = frozenset((e.user_id, e.target_user_id))
        pairs.setdefault(pair, []).append(Step(number, e.id, e.name, e.user_id))
    statuses = Counter(settle(steps).status for steps in pairs.values())
    assert statuses[ConnectionStatus.ACCEPTED] > 10


def test_a_person_of_ones_own_is_in_the_middle() -> None:
    plan = replace(PLAN, user_id="alice")
    read = [event for raw in simulate(plan) if isinstance(event := INTAKE.one_of(raw, NOW), Event)]
    acts = Counter(event.user_id for event in read)
    assert acts["alice"] >= acts.most_common(8)[-1][1]
    assert {event.name for event in read if event.target_user_id == "alice"} >= {"PROFILE_VISIT", "MESSAGE_SENT"}


def test_a_name_that_is_taken_is_given_once() -> None:
    plan = replace(PLAN, users=5, user_id="user-3")
    users = {fields["userId"] for raw in simulate(plan) for kind, fields in raw.items() if kind == "content"}
    assert users <= {f"user-{number}" for number in range(1, 6)}
