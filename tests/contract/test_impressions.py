"""Click-through: impressions joined with what was done with them, on every engine."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from graph import impressions
from graph.impressions import ImpressionReader
from signals.events import ContentRef, Event
from signals.ranked import ClickThrough
from signals.weights import standard
from tests.contract.stage import Stage
from tests.factories import VOCABULARY, at, did

REFS = (ContentRef("POST", "1"), ContentRef("POST", "2"), ContentRef("ARTICLE", "1"))
SPREAD = (0, 0.001, 1, 3600, 86_400, 90 * 86_400)


def history(seed: int) -> list[Event]:
    """Impressions and interactions that share few ids, users, contents and times."""
    chance = random.Random(seed)
    names = ("IMPRESSION", "IMPRESSION", "LIKE", "VIEW", "HIDE")
    return [
        did(
            chance.choice(names),
            chance.choice("ab"),
            chance.choice(REFS),
            chance.choice(SPREAD),
            impression_id=chance.choice(("i1", "i2", "\U0001f600", None)),
            position=chance.choice((0, 1, 2, None)),
        )
        for _ in range(120)
    ]


def expected(events: Sequence[Event], shown: Sequence[Event]) -> tuple[int, int, dict[int, tuple[int, int]]]:
    """Impressions, clicks, and both by position."""

    def clicked(one: Event) -> bool:
        return any(
            each.name in ("LIKE", "VIEW")
            and (each.impression_id, each.user_id, each.content) == (one.impression_id, one.user_id, one.content)
            and each.occurred_at >= one.occurred_at
            for each in events
        )

    clicks = [one for one in shown if clicked(one)]
    by_position = Counter(one.position for one in shown if one.position is not None)
    clicks_by = Counter(one.position for one in clicks)
    return len(shown), len(clicks), {p: (n, clicks_by[p]) for p, n in by_position.items()}


def counted(found: ClickThrough) -> tuple[int, int, dict[int, tuple[int, int]]]:
    return found.impressions, found.clicks, {each.position: (each.impressions, each.clicks) for each in found.positions}


def among(events: Sequence[Event], since: float, until: float, type: str | None) -> list[Event]:
    return [
        each
        for each in events
        if each.name == "IMPRESSION"
        and each.impression_id is not None
        and at(since) <= each.occurred_at < at(until)
        and each.content is not None
        and type in (None, each.content.type)
    ]


@pytest.mark.parametrize("seed", [1, 2])
async def test_clicks_are_those_that_counting_finds(stage: Stage, seed: int) -> None:
    events = history(seed)
    await stage.ports.recorder.record(events)
    gone = events.pop(3), events.pop(40)
    for event in gone:
        await stage.ports.recorder.retract(event.id, None, event.received_at)
    reader = ImpressionReader(stage.database, VOCABULARY, standard().rates)
    for since, until in ((0, 10**7), (0.001, 3600), (1, 3600.001), (5, 6)):
        for type in (None, "POST", "ARTICLE", "PAGE"):
            found = await reader.click_through(at(since), at(until), type)
            assert found.complete
            assert counted(found) == expected(events, among(events, since, until, type))
            assert [each.position for each in found.positions] == sorted(each.position for each in found.positions)


async def test_of_too_many_the_latest_are_counted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(impressions, "MOST", 5)
    monkeypatch.setattr(impressions, "IDS", 2)
    shown = [did("IMPRESSION", "a", REFS[0], n * 4000, impression_id=f"i{n}", position=n) for n in range(8)]
    clicks = [replace(did("LIKE", "a", REFS[0], n * 4000 + 1), impression_id=f"i{n}") for n in (0, 3, 7)]
    await stage.ports.recorder.record([*shown, *clicks])
    reader = ImpressionReader(stage.database, VOCABULARY, standard().rates)
    found = await reader.click_through(at(0), at(10**6), None)
    assert not found.complete
    assert counted(found) == (5, 2, {3: (1, 1), 4: (1, 0), 5: (1, 0), 6: (1, 0), 7: (1, 1)})
    assert (await reader.click_through(at(3 * 4000), at(10**6), None)).complete
