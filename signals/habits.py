"""How this population deals with each other and with content: the figures that ranking adapts to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from signals.events import Event
from signals.pairs import item_of
from signals.weights import HabitsWeights


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares and means over positive events; the defaults hold until there is enough to go by.

    Of person-to-person events (nobody to oneself): ``repeat`` (pi): share of the events whose pair already had a tie.
    ``reply`` (rho): of those, the share where the pair's last event came from the other side. ``spread`` (m): of those,
    the mean of ln(1 + a), a the number of the actor's other events, in either direction, since the pair's last.
    ``answer``: the log odds ratio of turning to one's latest partner when that one spoke last, against when one did so
    oneself. ``answer_late``: the same of the partner before, where the latest is passed over.

    Of turns to content, which are events with another content than the actor's last one: ``again``: the share that goes
    back to one the actor had been at. ``again_spread``: of those, the mean of ln(1 + a), a the number of the actor's
    other turns since. ``lasting``: of the others, where anybody had been at the content: the mean share of contents
    that are newer than it; next to 0 for news, a half for a catalogue.
    """

    repeat: float = 0.5
    reply: float = 0.5
    spread: float = 1.0
    again: float = 0.1
    again_spread: float = 1.0
    answer: float = 0.5
    answer_late: float = 0.5
    lasting: float = 0.1

    def named(self) -> dict[str, float]:
        """The figures as they are called where they are stored and sent: ``againSpread``."""
        return {_camel(name): value for name, value in asdict(self).items()}

    @classmethod
    def of(cls, named: Mapping[str, Any]) -> Habits:
        """From what ``named`` gave; what else is there is left alone."""
        return cls(**{field.name: named[_camel(field.name)] for field in fields(cls)})


@dataclass(slots=True)
class Odds:
    """How often something was done and left, where the other one spoke last (1) and where the actor did (0)."""

    done: list[int] = field(default_factory=lambda: [0, 0])
    left: list[int] = field(default_factory=lambda: [0, 0])

    def add(self, waits: bool, done: bool) -> None:
        (self.done if done else self.left)[waits] += 1

    def ratio(self, start: float, trust: float) -> float:
        """The log odds ratio, mixed with ``start`` as if that had been seen ``trust`` times."""
        n = min(self.done[0] + self.left[0], self.done[1] + self.left[1])
        seen = math.log((self.done[1] + 1) / (self.left[1] + 1)) - math.log((self.done[0] + 1) / (self.left[0] + 1))
        return (n * seen + trust * start) / (n + trust)


@dataclass(slots=True)
class Tally:
    """Adds up Habits from events of positive weight, oldest first.

    Keeps one entry per tie and per user and content; ``habits`` may be read at any time.
    """

    events: int = 0
    repeats: int = 0
    replies: int = 0
    spread_sum: float = 0.0
    latest: Odds = field(default_factory=Odds)
    before: Odds = field(default_factory=Odds)
    turns: int = 0
    returns: int = 0
    return_sum: float = 0.0
    discoveries: int = 0
    newer_sum: float = 0.0
    _acts: dict[str, int] = field(default_factory=dict)
    _recent: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _ties: dict[tuple[str, str], tuple[str, int, int]] = field(default_factory=dict)
    _contents: dict[str, int] = field(default_factory=dict)
    _at: dict[str, str] = field(default_factory=dict)
    _done: dict[str, int] = field(default_factory=dict)
    _seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        """One more event of positive weight; what somebody does to themselves is left out."""
        item, other = item_of(event), event.target_user_id
        if item is not None:
            self.content(event.user_id, item.key)
        elif other is not None and other != event.user_id:
            self.person(event.user_id, other)

    def person(self, actor: str, other: str) -> None:
        """The actor did something towards another person."""
        key = _key(actor, other)
        acts = self._acts
        mine, theirs = acts.get(actor, 0), acts.get(other, 0)
        known = self._ties.get(key)
        self.events += 1
        if known is not None:
            sender, low, high = known
            self.repeats += 1
            self.replies += sender != actor
            self.spread_sum += math.log1p(mine - (low if actor == key[0] else high))
        self._take_turn(actor, other)
        acts[actor], acts[other] = mine + 1, theirs + 1
        self._ties[key] = (actor, acts[key[0]], acts[key[1]])

    def _take_turn(self, actor: str, other: str) -> None:
        recent = self._recent
        for odds, partner in zip((self.latest, self.before), recent.get(actor, ()), strict=False):
            odds.add(self._ties[_key(actor, partner)][0] == partner, partner == other)
            if partner == other:
                break
        for one, partner in ((actor, other), (other, actor)):
            recent[one] = (partner, *(known for known in recent.get(one, ()) if known != partner))[:2]

    def content(self, actor: str, key: str) -> None:
        """The actor did something with a content."""
        if self._at.get(actor) == key:
            return
        self._at[actor] = key
        done = self._done.get(actor, 0)
        known = self._seen.get((actor, key))
        self.turns += 1
        place = self._contents.get(key)
        if known is not None:
            self.returns += 1
            self.return_sum += math.log1p(done - known)
        elif place is not None:
            self.discoveries += 1
            self.newer_sum += 1.0 - (place + 1) / len(self._contents)
        self._contents.setdefault(key, len(self._contents))
        self._done[actor] = self._seen[actor, key] = done + 1

    def habits(self, weights: HabitsWeights) -> Habits:
        """The figures so far, mixed with ``trust`` events of the defaults."""
        start, trust = Habits(), weights.trust
        return Habits(
            repeat=(self.repeats + trust * start.repeat) / (self.events + trust),
            reply=(self.replies + trust * start.reply) / (self.repeats + trust),
            spread=(self.spread_sum + trust * start.spread) / (self.repeats + trust),
            lasting=(self.newer_sum + trust * start.lasting) / (self.discoveries + trust),
            answer=self.latest.ratio(start.answer, trust),
            answer_late=self.before.ratio(start.answer_late, trust),
            again=(self.returns + trust * start.again) / (self.turns + trust),
            again_spread=(self.return_sum + trust * start.again_spread) / (self.returns + trust),
        )


def habits(people: Iterable[tuple[str, str]], contents: Iterable[tuple[str, str]], weights: HabitsWeights) -> Habits:
    """The habits that these events show, each oldest first: (actor, other) and (actor, content key)."""
    tally = Tally()
    for actor, other in people:
        if actor != other:
            tally.person(actor, other)
    for actor, key in contents:
        tally.content(actor, key)
    return tally.habits(weights)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _key(one: str, other: str) -> tuple[str, str]:
    """The unordered pair."""
    return (one, other) if one < other else (other, one)
