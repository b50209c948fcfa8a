"""Which contents people do most with: everybody, or those around a viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from resolvers.ports import Diaries, TopContents
from signals.top_content import By, Counted, Spans, TopContent, counted, doubtful, top
from signals.vocabulary import Vocabulary
from signals.weights import EngagementWeights

AT_ONCE = 200
"""Contents whose people are counted at once, to find those with most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """[since, until) in epoch ms. ``people``: only what these did; None: everybody."""

    since: int
    until: int
    by: By
    first: int
    content_type: str | None
    people: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Ranker:
    """Answers a question about top content."""

    contents: TopContents
    diaries: Diaries
    vocabulary: Vocabulary
    weights: EngagementWeights

    async def top(self, question: Question) -> list[TopContent]:
        """Most of it first, then by content key."""
        spans, by, first = Spans.of(question.since, question.until), question.by, question.first
        found = await self._counted(question, spans)
        if by is By.UNIQUE_USERS:
            while keys := doubtful(found.numbers, first, AT_ONCE):
                await self._settle(found, keys, spans)
        keys = top(found.numbers, first, by, self.weights)
        await self._settle(found, found.unsettled(keys), spans)
        return [TopContent.of(key, found.numbers[key], by, self.weights) for key in keys]

    async def _counted(self, question: Question, spans: Spans) -> Counted:
        if question.people is None:
            return await self.contents.counted(spans, question.content_type)
        entries = await self.diaries.diary(question.people, question.since, question.until)
        return counted(entries, self.vocabulary, question.content_type)

    async def _settle(self, found: Counted, keys: Sequence[str], spans: Spans) -> None:
        people = await self.contents.actors(keys, spans.days) if keys else {}
        for key in keys:
            found.settle(key, people.get(key, set()))
