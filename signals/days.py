"""The roll-ups that a batch of events touches: loaded, folded in memory, written back (``signals.rollups``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from signals.clock import DAY_MS
from signals.content_days import ContentDay
from signals.events import Event
from signals.packing import joined
from signals.person_days import Part, PersonDay, part_of
from signals.rollups import EVERYTHING, day_of, identity, key_of
from signals.slots import SLOT_MS, micro, token
from signals.vocabulary import Term
from signals.whole_days import Segment, WholeDay

Properties = Mapping[str, Any]
AnyDay = TypeVar("AnyDay", PersonDay, ContentDay)


@dataclass(slots=True)
class Written:
    """What to write: whole nodes by key, and what is added to texts of some: rows of ``key`` and the text."""

    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    new_segments: list[dict[str, Any]] = field(default_factory=list)
    old_segments: list[dict[str, Any]] = field(default_factory=list)
    more_slots: list[dict[str, Any]] = field(default_factory=list)
    more_actors: list[dict[str, Any]] = field(default_factory=list)


class Days:
    """``count`` each event, then ``settle``, then read ``written`` and ``gone``. ``loaded``: the nodes, by key."""

    def __init__(self, loaded: Mapping[str, Properties]) -> None:
        self._loaded = loaded
        self._people: dict[tuple[str, int], PersonDay] = {}
        self._contents: dict[tuple[str, int], ContentDay] = {}
        self._targets: dict[tuple[str, int], int] = {}
        self._wholes: dict[int, WholeDay] = {}
        self._moves: dict[tuple[int, Part], list[int]] = {}

    def count(self, event: Event, term: Term, at: int, item: str | None, count: int = 1) -> None:
        """An event at ``at`` (epoch ms) on the content ``item`` more, or one less (``count`` -1)."""
        since = at % DAY_MS
        day = at - since
        part = part_of(event, since // SLOT_MS)
        ms = count * (event.duration_ms or 0)
        self._of_person(event.user_id, day).add(part, ms, item, count)
        if event.target_user_id is not None:
            target = (event.target_user_id, day)
            self._targets[target] = self._targets.get(target, 0) + count
        if item is not None:
            self._of_content(item, day).add(event, term, count)
        move = self._moves.get((day, part))
        if move is None:
            move = self._moves[day, part] = [0, 0, 0]
        move[0] += count
        move[1] += ms
        move[2] += count * micro(term.weight)

    def begin(self, at: int, count: int = 1) -> None:
        """Somebody's first event ever is at ``at``, or (``count`` -1) is not."""
        self._whole(day_of(at)).begin(at % DAY_MS // SLOT_MS, count)

    def settle(self) -> None:
        """Carry what changed over to the days of everything and of contents."""
        for (at, part), (n, ms, score) in self._moves.items():
            self._whole(at).add(part, n, ms, score)
        self._moves.clear()
        for (user, at), day in self._people.items():
            came, went = day.came_and_went()
            whole = self._whole(at)
            whole.count_in(user, came, 1)
            whole.count_in(user, went, -1)
            met, left = day.met_and_left()
            for content in met:
                self._of_content(content, at).come(token(user))
            for content in left:
                self._of_content(content, at).go(token(user))

    def full(self) -> list[str]:
        """Keys of segments whose text ``written`` needs."""
        return [key for key in (whole.full() for whole in self._wholes.values() if whole.changes) if key is not None]

    def written(self, segments: Mapping[str, str], stamp: str) -> Written:
        """What to write, once; ``segments``: the texts by key that ``full`` asks for."""
        found = Written()
        for whole in self._wholes.values():
            if whole.n:
                self._extend(found, whole.extend(segments.get(whole.full() or "")))
                found.nodes[key_of(EVERYTHING, whole.at)] = {**whole.pack(), "changed": stamp}
        days: list[PersonDay | ContentDay] = [*self._people.values(), *self._contents.values()]
        for day in days:
            if day.n:
                row = day.pack()
                found.nodes[row["key"]] = row
                if isinstance(day, ContentDay) and day.more:
                    found.more_actors.append({"key": row["key"], "actors": day.more})
        for (user, at), more in self._targets.items():
            row = identity(joined("t", user), at)
            n = self._known_target(row["key"]) + more
            if n:
                found.nodes[row["key"]] = {**row, "n": n}
        return found

    def _extend(self, found: Written, segments: list[Segment]) -> None:
        rows = {"new": found.new_segments, "old": found.old_segments, "more": found.more_slots}
        for segment in segments:
            rows[segment.how].append(segment.pack())

    def gone(self) -> list[str]:
        """Keys of nodes that nothing is left of."""
        keys = [key_of(joined("u", user), at) for (user, at), day in self._people.items() if not day.n]
        keys += [key_of(joined("c", content), at) for (content, at), day in self._contents.items() if not day.n]
        targets = {key_of(joined("t", user), at): more for (user, at), more in self._targets.items()}
        keys += [key for key, more in targets.items() if not self._known_target(key) + more]
        return keys + [key for whole in self._wholes.values() if not whole.n for key in whole.nodes()]

    def _known_target(self, key: str) -> int:
        n: int = self._loaded.get(key, {}).get("n", 0)
        return n

    def _whole(self, at: int) -> WholeDay:
        day = self._wholes.get(at)
        if day is None:
            day = self._wholes[at] = WholeDay.unpack(at, self._loaded.get(key_of(EVERYTHING, at), {}))
        return day

    def _of_person(self, user: str, at: int) -> PersonDay:
        day = self._people.get((user, at))
        return day if day is not None else self._opened(self._people, "u", user, at, PersonDay, PersonDay.unpack)

    def _of_content(self, key: str, at: int) -> ContentDay:
        day = self._contents.get((key, at))
        return day if day is not None else self._opened(self._contents, "c", key, at, ContentDay, ContentDay.unpack)

    def _opened(
        self,
        days: dict[tuple[str, int], AnyDay],
        kind: str,
        name: str,
        at: int,
        empty: Callable[[str, int], AnyDay],
        unpack: Callable[[str, int, Properties], AnyDay],
    ) -> AnyDay:
        known = self._loaded.get(key_of(joined(kind, name), at))
        day = days[name, at] = empty(name, at) if known is None else unpack(name, at, known)
        return day
