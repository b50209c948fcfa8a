"""What is served from a database is what the replay says, to the last digit that is stored."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from graph.nodes import NodeReader
from resolvers.affinities import affinities
from resolvers.feed import feed_signals
from resolvers.standpoint import Standpoint
from resolvers.trending import trending
from signals.content import Registration
from signals.events import ContentRef, Event
from signals.habits import Habits
from signals.replay import Replay
from signals.weights import standard
from tests.contract.stage import Stage
from tests.factories import RECEIVED, VOCABULARY, did, met

W = standard()
USERS = [f"user-{n}" for n in range(9)]
POSTS = [ContentRef("POST", str(n)) for n in range(12)]
NEAR = 1e-9


def history(seed: int) -> list[Event]:
    draw = random.Random(seed)
    events = []
    for n in range(220):
        user, other = draw.sample(USERS, 2)
        name = draw.choice(["MESSAGE_SENT", "MESSAGE_SENT", "FOLLOW", "CONNECTION_REQUEST", "PROFILE_VISIT", "BLOCK"])
        if draw.random() < 0.5:
            events.append(met("MESSAGE_READ" if name == "PROFILE_VISIT" else name, user, other, n * 500))
        else:
            events.append(did(draw.choice(["VIEW", "LIKE", "SHARE", "REPORT"]), user, draw.choice(POSTS), n * 500))
    return events


@pytest.mark.parametrize("seed", [1, 2])
async def test_served_is_replayed(stage: Stage, seed: int) -> None:
    events = history(seed)
    facts = Registration(content=POSTS[0], author_id="user-3")
    shuffled = random.Random(seed).sample(events, len(events))
    for start in range(0, len(shuffled), 60):
        await stage.ports.recorder.record(shuffled[start : start + 60])
    await stage.ports.recorder.register([facts])
    replay = Replay(VOCABULARY, W)
    replay.register(facts)
    for event in events:
        replay.add(event)
    now = RECEIVED + timedelta(hours=1)
    served, replayed = (
        Standpoint(nodes, W, VOCABULARY, now) for nodes in (NodeReader(stage.database, VOCABULARY), SameHabits(replay))
    )
    for viewer in USERS[:4]:
        ours, theirs = await affinities(served, viewer, USERS), await affinities(replayed, viewer, USERS)
        assert [one.order for one in ours] == pytest.approx([one.order for one in theirs], rel=NEAR, abs=NEAR)
        assert [one.blocked for one in ours] == [one.blocked for one in theirs]
        ours_, theirs_ = await feed_signals(served, viewer, POSTS), await feed_signals(replayed, viewer, POSTS)
        for one, other in zip(ours_.candidates, theirs_.candidates, strict=True):
            assert one.score == pytest.approx(other.score, rel=NEAR, abs=NEAR)
            assert [p.signal for p in one.contributions] == [p.signal for p in other.contributions]
    hot, again = await trending(served, 9), await trending(replayed, 9)
    assert [one.content for one in hot] == [one.content for one in again]
    assert [one.score for one in hot] == pytest.approx([one.score for one in again], rel=NEAR, abs=NEAR)


class SameHabits(Replay):
    """A replay that goes by the habits of a database where none were reckoned yet."""

    def __init__(self, replay: Replay) -> None:
        self.__dict__.update(replay.__dict__)

    def habits_now(self) -> Habits:
        return Habits()
