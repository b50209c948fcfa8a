"""What a ranker is trained on: outcomes of impressions, and rows that hold nothing of what came later."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.clock import from_ms, to_ms
from signals.events import ContentRef, Event, Face
from signals.labels import Label, Labels, Source
from signals.profiles import Card
from signals.ranked import CandidateSignals, Rates, SocialProof
from signals.training import Example, Kind, Role, columns
from tests.factories import POST, VOCABULARY, at, did, met

HOUR = 3600.0


def labels(events: Sequence[Event], source: Source, within_ms: int | None = None) -> dict[str, Label | None]:
    """The labels of the impressions among ``events``, by id."""
    finder = Labels(source, VOCABULARY, within_ms)
    newest_first = sorted(events, key=lambda event: (event.occurred_at, event.id), reverse=True)
    found: dict[str, Label | None] = {}
    for _, group in groupby(newest_first, key=lambda event: event.occurred_at):
        instant = list(group)
        given = zip(instant, finder.of(instant), strict=True)
        found |= {event.id: label for event, label in given if finder.is_impression(event)}
    return found


def shown(seconds: float, user: str = "ada", impression: str | None = "i", ref: ContentRef = POST) -> Event:
    return did("IMPRESSION", user, ref, seconds, impression_id=impression)


def test_the_strongest_interaction_of_the_impression_is_its_label() -> None:
    impression = shown(0)
    events = [
        impression,
        did("CLICK", "ada", seconds=1, impression_id="i"),
        did("COMMENT", "ada", seconds=2, impression_id="i"),
        did("REPLY", "ada", seconds=3, impression_id="i"),
        did("LIKE", "ada", seconds=4, impression_id="i"),
    ]
    assert labels(events, Source.IMPRESSION) == {impression.id: Label(to_ms(at(2)), "post:comment", 5.0)}


@pytest.mark.parametrize(
    "other",
    [
        did("LIKE", "ada", seconds=1, impression_id="j"),
        did("LIKE", "ada", seconds=1),
        did("LIKE", "bob", seconds=1, impression_id="i"),
        did("LIKE", "ada", ContentRef("POST", "2"), 1, impression_id="i"),
        did("LIKE", "ada", seconds=-1, impression_id="i"),
        did("HIDE", "ada", seconds=1, impression_id="i"),
        did("UNLIKE", "ada", seconds=1, impression_id="i"),
        met("MESSAGE_SENT", "ada", "bob", 1, content=POST),
    ],
    ids=["impression", "none", "user", "content", "earlier", "rejection", "undone", "person"],
)
def test_what_belongs_to_something_else_is_no_outcome(other: Event) -> None:
    impression = shown(0)
    assert labels([impression, other], Source.IMPRESSION) == {impression.id: None}


def test_what_happens_in_the_same_instant_follows() -> None:
    impression = shown(0)
    for id in ("a", "z"):
        click = did("CLICK", "ada", impression_id="i", id=id)
        assert labels([impression, click], Source.IMPRESSION) == {impression.id: Label(to_ms(at(0)), "post:click", 1.0)}


def test_an_impression_without_an_id_is_none() -> None:
    assert labels([shown(0, impression=None)], Source.IMPRESSION) == {}


def test_a_view_is_followed_by_what_weighs_more_and_is_soon() -> None:
    first, second = did("VIEW", "ada", seconds=0), did("VIEW", "ada", seconds=HOUR)
    like, comment = did("LIKE", "ada", seconds=2 * HOUR), did("COMMENT", "ada", seconds=5 * HOUR)
    found = labels([first, second, like, comment], Source.VIEW, within_ms=4 * 3_600_000)
    assert found == {
        first.id: Label(to_ms(at(2 * HOUR)), "post:like", 3.0),
        second.id: Label(to_ms(at(5 * HOUR)), "post:comment", 5.0),
    }


def plain_label(impression: Event, events: Sequence[Event], within_ms: int) -> Label | None:
    """The meaning, said the slow way."""
    until = to_ms(impression.occurred_at) + within_ms
    later = [
        event
        for event in events
        if (event.user_id, event.content) == (impression.user_id, impression.content)
        and impression.occurred_at <= event.occurred_at <= from_ms(until)
        and VOCABULARY.term(event.face, event.name).weight > 1
    ]
    best = min(later, key=lambda e: (-VOCABULARY.term(e.face, e.name).weight, e.occurred_at, e.id), default=None)
    if best is None:
        return None
    return Label(to_ms(best.occurred_at), best.type, VOCABULARY.term(best.face, best.name).weight)


HISTORIES = st.lists(
    st.tuples(
        st.sampled_from(["VIEW", "LIKE", "REACT", "SAVE", "SHARE", "HIDE"]), st.sampled_from("ab"), st.integers(0, 9)
    ),
    max_size=25,
)


@given(HISTORIES, st.integers(0, 6))
def test_labels_mean_what_they_say(history: list[tuple[str, str, int]], within: int) -> None:
    events = [did(name, user, seconds=seconds) for name, user, seconds in history]
    expected = {e.id: plain_label(e, events, within * 1000) for e in events if e.name == "VIEW"}
    assert labels(events, Source.VIEW, within * 1000) == expected


# ---- rows

CANDIDATE = CandidateSignals(
    content=POST,
    score=2.5,
    contributions=(),
    popularity=1.0,
    trend=0.5,
    rising=0.0,
    author_affinity=0.0,
    co_action=0.0,
    social_proof=SocialProof(count=2, strength=0.75),
    rates=Rates(like=0.25),
    reporters=1,
    seen=True,
    last_seen_at=at(-2 * HOUR),
    my_interactions=(("post:view", 3), ("post:like", 1)),
    hidden_because=None,
)


def row(example: Example) -> dict[str, object]:
    return {column.name: column.of(example) for column in columns(VOCABULARY)}


def test_a_row_holds_what_was_known_and_what_came_of_it() -> None:
    impression = did("IMPRESSION", "ada", impression_id="i", position=4)
    card = Card(POST, created_at=to_ms(at(-5 * HOUR)), first=to_ms(at(-3 * HOUR)))
    label = Label(to_ms(at(9)), "post:like", 3.0)
    known = Example(impression=impression, as_of=to_ms(at(0)), signals=CANDIDATE, card=card, label=label)
    assert (
        row(known).items()
        >= {
            "viewer_id": "ada",
            "content_type": "POST",
            "content_id": "1",
            "event_id": impression.id,
            "impression_id": "i",
            "position": 4,
            "sampled": False,
            "score": 2.5,
            "social_proof_count": 2,
            "rate_like": 0.25,
            "hours_since_seen": 2.0,
            "age_hours": 5.0,
            "hours_since_first": 3.0,
            "interactions": 4,
            "my_view": 3,
            "my_like": 1,
            "my_save": 0,
            "engaged": True,
            "gain": 3.0,
            "label_type": "post:like",
            "label_at": to_ms(at(9)),
        }.items()
    )


def test_a_sampled_row_has_no_place_and_no_outcome() -> None:
    impression = did("IMPRESSION", "ada", impression_id="i", position=4)
    found = row(Example(impression=impression, as_of=to_ms(at(0)), signals=CANDIDATE, card=None, sampled=True))
    assert (found["sampled"], found["position"], found["engaged"], found["gain"]) == (True, None, False, 0.0)
    assert (found["age_hours"], found["hours_since_first"], found["label_type"]) == (None, None, None)


def test_columns_are_told_apart_and_say_what_they_are() -> None:
    table = columns(VOCABULARY)
    assert len({column.name for column in table}) == len(table)
    assert {f"my_{name.lower()}" for name in VOCABULARY.names(Face.CONTENT)} <= {column.name for column in table}
    assert all(column.meaning.endswith(".") for column in table)
    assert {column.role for column in table} == set(Role)
    assert {column.kind for column in table} == set(Kind)


def test_the_page_names_every_column() -> None:
    page = (Path(__file__).parents[2] / "docs" / "training.md").read_text(encoding="utf-8")
    assert [c.name for c in columns(VOCABULARY) if f"`{c.name}`" not in page and not c.name.startswith("my_")] == []
