"""What rows to train a ranker on are made from: the log, read newest first, so that what came of an impression is
known when the impression is met, and kept to be replayed (``resolvers.examples``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple, Protocol

from signals.clock import MILLISECOND
from signals.content import Content
from signals.events import ContentRef, Event
from signals.feed import HOME
from signals.figures import Figures
from signals.labels import Label, Labels, Source
from signals.pairs import item_of
from signals.vocabulary import Vocabulary


class Entry(NamedTuple):
    """An event of the log. ``shown``: what was shown, where rows are wanted of it; ``label``: what came of that."""

    event: Event
    shown: ContentRef | None = None
    label: Label | None = None


class Log(Protocol):
    """Everything that was recorded and not taken back."""

    async def page(self, until: datetime | None, after: str | None) -> tuple[Sequence[Event], str | None]:
        """Events before ``until``, newest first by (occurred_at, id); and the cursor of the next page, if any."""
        ...

    async def contents(self, refs: Sequence[ContentRef]) -> list[Content | None]:
        """What is known of these besides events, in the order asked."""
        ...

    async def figures(self, by: datetime) -> Figures | None:
        """The habits that were stored last by then."""
        ...


class Spool(Protocol):
    """Keeps entries outside of memory."""

    def write(self, entries: Sequence[Entry]) -> None: ...

    def backwards(self) -> Iterator[Entry]:
        """Everything written, the last first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which rows. ``since``, ``until``: of the impressions, the end excluded. ``within_ms``: how much later what
    counts as an outcome may be; None: any time. ``negatives``: how many are sampled beside each impression. ``known``:
    features are made only of events that had been received before it, too."""

    source: Source = Source.IMPRESSION
    since: datetime | None = None
    until: datetime | None = None
    within_ms: int | None = None
    negatives: int = 0
    seed: int = 1
    known: bool = False
    preset: str = HOME

    def covers(self, at: datetime) -> bool:
        """Whether rows are wanted of an impression at this time."""
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)

    @property
    def read_until(self) -> datetime | None:
        """What occurred from then on is neither feature nor outcome; None: there is no such time."""
        if self.until is None or self.within_ms is None:
            return None
        return self.until + timedelta(milliseconds=self.within_ms + 1)


@dataclass(slots=True)
class Collected:
    """What reading the log found. ``first``, ``last``: the times of the earliest and the latest impression."""

    events: int = 0
    impressions: int = 0
    first: datetime | None = None
    last: datetime | None = None
    contents: set[ContentRef] = field(default_factory=set)


class Collector:
    """Spools what the rows of a plan are made of, newest first, with the labels."""

    def __init__(self, plan: Plan, vocabulary: Vocabulary, spool: Spool) -> None:
        self._plan, self._spool = plan, spool
        self._labels = Labels(plan.source, vocabulary, plan.within_ms)
        self.collected = Collected()

    async def read(self, log: Log, report: Callable[[int], None]) -> Collected:
        """Read the log to its beginning. ``report`` hears how many events were read so far."""
        rest: list[Event] = []
        after: str | None = None
        while True:
            events, after = await log.page(self._plan.read_until, after)
            self.collected.events += len(events)
            instants = [list(group) for _, group in groupby([*rest, *events], key=lambda event: event.occurred_at)]
            rest = instants.pop() if instants and after is not None else []
            self._spool.write([entry for instant in instants for entry in self._kept(instant)])
            report(self.collected.events)
            if after is None:
                return self.collected

    def _kept(self, instant: list[Event]) -> list[Entry]:
        """What of an instant is needed again: its impressions, and what is earlier than any impression."""
        labels = self._labels.of(instant)
        entries = [Entry(event, self._shown(event), label) for event, label in zip(instant, labels, strict=True)]
        impressions = sum(entry.shown is not None for entry in entries)
        self.collected.impressions += impressions
        if impressions:
            self.collected.first = instant[0].occurred_at
            self.collected.last = self.collected.last or self.collected.first
        kept = [entry for entry in entries if entry.shown is not None or self._is_before_any(entry.event)]
        self.collected.contents.update(item for entry in kept if (item := item_of(entry.event)) is not None)
        return kept

    def _shown(self, event: Event) -> ContentRef | None:
        return event.content if self._labels.is_impression(event) and self._plan.covers(event.occurred_at) else None

    def _is_before_any(self, event: Event) -> bool:
        last = self.collected.last
        if last is None or event.occurred_at >= last:
            return False
        return not self._plan.known or event.received_at < last


async def figures(log: Log, collected: Collected) -> list[Figures]:
    """The habits that reads in the time of the impressions go by, oldest first."""
    found: list[Figures] = []
    by = collected.last
    while by is not None and collected.first is not None:
        stored = await log.figures(by)
        if stored is None:
            break
        found.append(stored)
        by = stored.at - MILLISECOND if stored.at >= collected.first else None
    return found[::-1]
