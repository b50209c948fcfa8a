"""What is measured is what is served: the fast loops of the hold-out against the functions that answer requests."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import numpy as np
import pytest

from resolvers.affinities import affinities
from resolvers.feed import feed_signals
from resolvers.standpoint import Standpoint
from signals.clock import from_ms, to_ms
from signals.events import ContentRef, Event
from signals.quality import edges
from signals.quality.baselines import Contacts, key_of
from signals.quality.contents import Catalogue, Reading
from signals.quality.evaluation import Evaluation
from signals.quality.holdout import Log, ordered, run
from signals.quality.people import People, Turning
from signals.quality.ranks import Ranks, paired, rank
from signals.quality.report import below, markdown, values
from signals.quality.trends import ndcg, precision
from signals.replay import Replay
from signals.weights import standard
from tests.factories import VOCABULARY, did, met

W = standard()
DAY = 86_400


def town(seed: int, count: int = 400) -> list[Event]:
    """People who write to each other and read, some of them again and again."""
    draw = random.Random(seed)
    events = []
    for n in range(count):
        user, other = draw.sample([f"user-{k}" for k in range(12)], 2)
        seconds = n * 3_000 + draw.randrange(2_000)
        if draw.random() < 0.5:
            events.append(met(draw.choice(["MESSAGE_SENT", "FOLLOW", "BLOCK", "UNBLOCK"]), user, other, seconds))
        else:
            ref = ContentRef("POST", str(int(draw.paretovariate(0.7)) % 25))
            events.append(did(draw.choice(["VIEW", "LIKE", "HIDE", "IMPRESSION"]), user, ref, seconds))
    return events


def replayed(events: Sequence[Event]) -> Replay:
    replay = Replay(VOCABULARY, W)
    for event in events:
        replay.add(event)
    return replay


@pytest.mark.parametrize("seed", range(4))
async def test_everybody_at_once_is_everybody_one_by_one(seed: int) -> None:
    events = ordered(town(seed))
    log, replay = Log.of_people(events, VOCABULARY), Replay(VOCABULARY, W)
    people = People(log, replay, W)
    task = Turning(log, people, W, 10)
    run(log, replay, [people], [task])
    now = to_ms(events[-1].occurred_at) + 5_000
    standpoint = Standpoint(replay, W, VOCABULARY, from_ms(now))
    for viewer in list(people.places)[:4]:
        numbers = task.scores(viewer, replay, now)
        others = [id for id in people.places if id != viewer]
        served = await affinities(standpoint, viewer, others)
        assert [numbers[people.places[one.user_id]] for one in served] == pytest.approx([one.order for one in served])


@pytest.mark.parametrize("seed", range(4))
async def test_all_contents_at_once_are_the_candidates_one_by_one(seed: int) -> None:
    events = ordered(town(seed))
    log, replay = Log.of_contents(events, VOCABULARY), Replay(VOCABULARY, W)
    catalogue = Catalogue(log, replay, VOCABULARY, W)
    run(log, replay, [catalogue], [])
    catalogue.refresh()
    now = to_ms(events[-1].occurred_at) + 5_000
    standpoint = Standpoint(replay, W, VOCABULARY, from_ms(now))
    for viewer in ("user-0", "user-1", "user-2"):
        numbers = catalogue.scores(catalogue.scene(viewer, now))
        refs = [ContentRef.of(key) for key in catalogue.places]
        served = await feed_signals(standpoint, viewer, refs)
        seen = [(numbers[catalogue.places[one.content.key]], one.score) for one in served.candidates if not one.hidden]
        assert len(seen) > 5
        assert [number for number, _ in seen] == pytest.approx([score for _, score in seen])


def test_nothing_of_an_instant_is_known_before_it() -> None:
    """Two messages of one instant: neither sees the other."""
    events = [met("MESSAGE_SENT", "a", f"u{n % 7}", n) for n in range(80)] + [
        met("MESSAGE_SENT", "a", "u1", 100),
        met("MESSAGE_SENT", "u1", "a", 100),
    ]
    log, replay = Log.of_people(ordered(events), VOCABULARY), Replay(VOCABULARY, W)
    people = People(log, replay, W)
    seen: list[int] = []

    class Task:
        asked = {event.id for event in events[-2:]}  # noqa: RUF012 - one object

        def look(self, _: Event, replay: Replay) -> None:
            tie = replay.tie("a\tu1")
            seen.append(tie.n if tie else 0)

        def added(self, events: Sequence[Event]) -> None: ...

    run(log, replay, [people], [Task()])
    assert seen == [12, 12]


def test_ranks() -> None:
    assert rank(np.array([3.0, 2.0, 2.0, 1.0]), 0) == 1
    assert rank(np.array([3.0, 2.0, 2.0, 1.0]), 1) == 2.5
    assert rank(np.array([3.0, 2.0, -np.inf, 1.0]), 3) == 3
    ranks = Ranks([1.0, 20.0], [21, 21])
    assert (ranks.mrr, ranks.hits, ranks.auc) == pytest.approx(((1 + 0.05) / 2, 0.5, (1 + 0.05) / 2))
    assert paired([1.0, 2.0, 3.0], [0.0, 1.0, 2.0]) == (1.0, 0.0)
    middle, error = paired([1.0, 0.0], [0.0, 0.0])
    assert (middle, error) == pytest.approx((0.5, 0.5))


def test_last_contact_counts_either_direction_and_popularity_breaks_ties() -> None:
    contacts = Contacts({"a": 0, "b": 1, "c": 2, "d": 3})
    contacts.added(
        [met("MESSAGE_SENT", "a", "b", 1), met("MESSAGE_SENT", "c", "a", 2), met("MESSAGE_SENT", "c", "d", 3)]
    )
    scores = contacts.scores("a")
    _, b, c, d = scores["last contact"]
    assert c > b > d
    assert scores["frequency"].argmax() == 1
    assert scores["popularity"].tolist() == [1, 1, 0, 1]


def test_lists() -> None:
    truth = {"a": 5, "b": 3, "c": 1}
    assert ndcg(["a", "b", "c"], truth) == pytest.approx(1.0)
    assert ndcg(["c", "b", "a"], truth) < 1.0
    assert precision([*truth, *"defghij"], truth) == 0.3


def test_average_precision() -> None:
    assert edges._average_precision([(2.0, 1.0), (2.0, 1.0)]) == 1.0
    assert edges._average_precision([(1.0, 2.0)]) == 0.5
    assert edges._average_precision([(1.0, 1.0)]) == 0.5


def test_only_what_the_viewer_was_never_at_is_new() -> None:
    events = [did("VIEW", f"u{n % 3}", ContentRef("POST", str(n // 6)), n) for n in range(60)]
    log = Log.of_contents(ordered(events), VOCABULARY)
    catalogue = Catalogue(log, Replay(VOCABULARY, W), VOCABULARY, W)
    new = Reading(log, catalogue, 99, first=True)
    seen = {event.id: event for event in log.events}
    for id in new.asked:
        earlier = [e for e in log.events if e.occurred_at < seen[id].occurred_at and e.user_id == seen[id].user_id]
        assert key_of(seen[id]) not in map(key_of, earlier)
    assert new.asked


def test_tables_of_a_mixed_log_and_what_is_below() -> None:
    tables = Evaluation(VOCABULARY, W, 40).tables(town(9, 900))
    tasks = [table.task for table in tables]
    assert tasks[0] == "affinity"
    assert "content, seen or not" in tasks
    text = markdown("town", tables)
    assert "last contact" in text
    assert "**ours**" in text
    plain = values("town", tables)
    assert plain["tasks"][0]["methods"]["ours"]["MRR"] == tables[0].rows[0].figures[0]
    assert all("floor" not in task for task in plain["tasks"])
    assert any("floor" in words for words in below("collegemsg", tables[0])) == (tables[0].rows[0].figures[0] < 0.67)
    assert not any(math.isnan(figure) for table in tables for row in table.rows for figure in row.figures)


def test_too_little_makes_no_table() -> None:
    assert Evaluation(VOCABULARY, W, 40).tables(town(1, 20)) == []
