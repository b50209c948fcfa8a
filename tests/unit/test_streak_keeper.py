"""What is kept of streaks is never what is answered wrongly."""

from __future__ import annotations

from resolvers.streaks import StreakKeeper
from signals.diary import Moment
from signals.rewards import standard
from tests.unit.surface import Ports
from tests.unit.test_streaks import each_day

RULES = standard().streak


def asked(ports: Ports) -> int:
    """How often the events were read."""
    return sum(call[0] == "moments" for call in ports.calls)


def told(ports: Ports, changed: str | None, moments: list[Moment]) -> None:
    ports.known.update({"changed": changed, "moments": moments})


async def test_events_are_read_again_when_the_mark_is_another() -> None:
    ports = Ports()
    keeper = StreakKeeper(ports, RULES)
    told(ports, "one", each_day("2026-03-01", 2))
    assert [(await keeper.of("ann")).longest for _ in range(3)] == [2, 2, 2]
    assert asked(ports) == 1
    told(ports, "two", each_day("2026-03-01", 3))
    assert (await keeper.of("ann")).longest == 3
    assert asked(ports) == 2
    assert (await keeper.of("ben")).longest == 3
    assert asked(ports) == 3


async def test_without_a_mark_nothing_is_kept() -> None:
    ports = Ports()
    keeper = StreakKeeper(ports, RULES)
    told(ports, None, [])
    assert [(await keeper.of("ann")).longest for _ in range(2)] == [0, 0]
    assert asked(ports) == 2


async def test_what_is_too_much_to_keep_is_answered_all_the_same() -> None:
    ports = Ports()
    keeper = StreakKeeper(ports, RULES, dates=5)
    told(ports, "one", each_day("2026-03-01", 9))
    assert [(await keeper.of("ann")).longest for _ in range(2)] == [9, 9]
    assert asked(ports) == 2
