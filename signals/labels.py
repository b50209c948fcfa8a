"""What became of being shown something: the outcome that a ranker is trained to predict.

The log is taken newest first, so that what came later is known when an impression is met, and nothing but what may
still count is kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from signals.clock import to_ms
from signals.events import ContentRef, Event, Face
from signals.pairs import code, item_of, term_of
from signals.vocabulary import Vocabulary

Key: TypeAlias = tuple[str, ContentRef, str | None]
"""User, content, and the impression where they are joined by it."""


class Source(StrEnum):
    """Which events say that something was shown."""

    IMPRESSION = "impression"
    """IMPRESSION events with an impressionId; what carries the same id later is the outcome."""
    VIEW = "view"
    """VIEW events; what weighs more than a view and follows within some time is the outcome."""


@dataclass(frozen=True, slots=True)
class Label:
    """The strongest interaction that followed; of equal ones, the first. ``gain``: its weight in the vocabulary."""

    at: int
    type: str
    gain: float


class Labels:
    """Finds the labels of impressions. Give it every instant of the log once, newest first.

    ``within_ms``: how much later an interaction may be; None: any time. Keeps, for each user and content (and
    impression), the interactions that are the strongest of some span of time: few, mostly one.
    """

    def __init__(self, source: Source, vocabulary: Vocabulary, within_ms: int | None) -> None:
        self._source, self._vocabulary, self._within = source, vocabulary, within_ms
        self._least = 0.0
        if source is Source.VIEW:
            self._least = vocabulary.term(Face.CONTENT, "VIEW").weight
        self._later: dict[Key, deque[Label]] = {}

    def of(self, instant: Sequence[Event]) -> list[Label | None]:
        """The label of each event of one instant; None for what is no impression, and where nothing followed.

        What happens in the same instant as the impression follows it.
        """
        for event in sorted(instant, key=lambda event: event.id, reverse=True):
            self._note(event)
        return [self._label(event) if self.is_impression(event) else None for event in instant]

    def is_impression(self, event: Event) -> bool:
        """Whether the event says that a content was shown to its user."""
        if event.face is not Face.CONTENT or event.content is None:
            return False
        if self._source is Source.VIEW:
            return event.name == "VIEW"
        return event.name == "IMPRESSION" and event.impression_id is not None

    def _note(self, event: Event) -> None:
        item = item_of(event)
        weight = term_of(self._vocabulary, code(event)).weight
        if item is None or weight <= self._least:
            return
        if self._source is Source.IMPRESSION and event.impression_id is None:
            return
        later = self._later.setdefault(self._key(event, item), deque())
        while later and later[-1].gain <= weight:
            later.pop()
        later.append(Label(to_ms(event.occurred_at), event.type, weight))

    def _label(self, event: Event) -> Label | None:
        later = self._later.get(self._key(event, event.content)) if event.content is not None else None
        if not later:
            return None
        if self._within is not None:
            until = to_ms(event.occurred_at) + self._within
            while later and later[0].at > until:
                later.popleft()
        return later[0] if later else None

    def _key(self, event: Event, item: ContentRef) -> Key:
        return event.user_id, item, event.impression_id if self._source is Source.IMPRESSION else None
