"""What analysts are not told: figures that fewer than ``least`` people stand behind, but at least one does.

Whatever fewer people did is left out before anything is added up, so that what is answered together says nothing of it:
a total is that of the parts which are told, not of all. ``docs/security.md`` says what that does not prevent. The idea
is k-anonymity's (Sweeney 2002): nobody can be told from ``least - 1`` others by a figure alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import TypeVar

from signals.active import ActiveDate
from signals.content import Depth
from signals.diary import Entry
from signals.events import ActivitySummary
from signals.interactions import Interaction
from signals.pairs import term_of
from signals.vocabulary import Behaviour, Vocabulary

Done = TypeVar("Done", Entry, Interaction)
Cell = TypeVar("Cell")
Shown = tuple[int | None, str, bool]
"""The position of an impression, who saw it, and whether they clicked."""


def enough(people: int, least: int) -> bool:
    """Whether a figure of so many people is told. That nobody is behind it is told as well."""
    return people == 0 or people >= least


def crowded(done: Sequence[Done], least: int, states: Vocabulary | None = None) -> list[Done]:
    """Of what was done with something: what at least ``least`` people did, each kind by itself.

    Durations and scroll depths are taken off where fewer people told any. ``states``: kinds that turn a state on or off
    stay only where it is on for nobody, or for enough people, now.
    """
    doers: dict[tuple[str, str], set[str]] = {}
    for each in done:
        doers.setdefault((each.face, each.name), set()).add(each.actor_id)
    kept = [each for each in done if len(doers[each.face, each.name]) >= least]
    if states is not None:
        kept = _without_few(kept, least, states)
    if not enough(len({each.actor_id for each in kept if each.duration_ms is not None}), least):
        kept = [each._replace(duration_ms=None) for each in kept]
    if not enough(len({each.actor_id for each in kept if each.scroll_depth is not None}), least):
        kept = [each._replace(scroll_depth=None) for each in kept]
    return kept


def _without_few(done: list[Done], least: int, vocabulary: Vocabulary) -> list[Done]:
    """Without the kinds of states that are on for a few people only."""
    state_of: dict[tuple[str, str], str] = {}
    on: dict[str, set[str]] = {}
    for each in done:
        term = term_of(vocabulary, f"{each.face}.{each.name}")
        if term.behaviour is Behaviour.STATE:
            state = state_of[each.face, each.name] = term.state or term.name
            (set[str].add if term.on else set[str].discard)(on.setdefault(state, set()), each.actor_id)
    few = {state for state, people in on.items() if not enough(len(people), least)}
    return [each for each in done if state_of.get((each.face, each.name)) not in few]


def crowded_depth(depth: Depth, least: int) -> Depth:
    """The funnel up to the first step that a few people went."""
    steps = list(depth.funnel)
    few = next((place for place, step in enumerate(steps) if not enough(step.users, least)), len(steps))
    return replace(depth, funnel=tuple(steps[:few]))


def crowded_cells(
    table: Mapping[str, Mapping[int, Sequence[Cell]]], people: Mapping[tuple[str, int], int], least: int
) -> dict[str, dict[int, Sequence[Cell]]]:
    """A table by group and place, without the cells of a few people; ``people`` says of how many each is."""
    return {
        group: {place: cells for place, cells in row.items() if enough(people[group, place], least)}
        for group, row in table.items()
    }


def crowded_positions(shown: Iterable[Shown], least: int) -> list[Shown]:
    """Impressions at the positions where enough people saw something, and clicked or did not click at all."""
    impressions = list(shown)
    saw: dict[int | None, set[str]] = {}
    clicked: dict[int | None, set[str]] = {}
    for position, user, click in impressions:
        saw.setdefault(position, set()).add(user)
        if click:
            clicked.setdefault(position, set()).add(user)
    told = {at for at in saw if enough(len(saw[at]), least) and enough(len(clicked.get(at, ())), least)}
    return [each for each in impressions if each[0] in told]


def crowded_date(row: ActiveDate, least: int) -> ActiveDate:
    """A date without small numbers, which are 0. New, returning and resurrected add up: all are told, or none."""
    parts = (row.new, row.returning, row.resurrected)
    dau, mau = (_told(number, least) for number in (row.dau, row.mau))
    told = all(enough(part, least) for part in parts) and enough(row.dau, least)
    found = replace(
        row,
        dau=dau,
        wau=_told(row.wau, least),
        mau=mau,
        stickiness=dau / mau if mau else 0.0,
        new=row.new if told else 0,
        returning=row.returning if told else 0,
        resurrected=row.resurrected if told else 0,
        dormant=_told(row.dormant, least),
    )
    return found if found == row else replace(found, withheld=True)


def _told(number: int, least: int) -> int:
    return number if enough(number, least) else 0


def crowded_summary(found: ActivitySummary, day_people: int, hours: Set[int], least: int) -> ActivitySummary:
    """A summary of kinds that enough people did: its day, and its hours, where enough were active.

    ``day_people``: on the most active day; ``hours``: those of the day of which it is known that enough were.
    """
    return replace(
        found,
        most_active_day=found.most_active_day if day_people >= least else None,
        peak_hours=tuple((hour, n) for hour, n in found.peak_hours if hour in hours),
    )
