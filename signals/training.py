"""Rows to train a ranker on: what it was told about a candidate when it was shown, and what became of it.

The columns are one table; a file of rows describes itself with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TypeAlias

from signals.clock import HOUR_MS, to_ms
from signals.events import ContentRef, Event, Face
from signals.labels import Label
from signals.profiles import Card
from signals.ranked import CandidateSignals
from signals.vocabulary import Vocabulary

Value: TypeAlias = "None | bool | int | float | str"

LEAD_MS = 1
"""How long before an impression its features end: it is itself not among the events they are made of, and neither is
anything else of its instant."""

SCORE_PARTS = (
    "popularity",
    "lasting",
    "fresh",
    "proof",
    "co_action",
    "again",
    "last_hours",
    "last_day",
    "author",
    "reports",
    "hidden",
)
"""The signals that contributions to a candidate's score are named by."""


class Kind(StrEnum):
    """What values a column has; all but FLAG and WHOLE may be missing. INSTANT: epoch ms."""

    TEXT = "text"
    WORD = "word"
    """Text of which there are few."""
    WHOLE = "whole"
    PLACE = "place"
    NUMBER = "number"
    FLAG = "flag"
    INSTANT = "instant"


class Role(StrEnum):
    """What a column is for."""

    KEY = "key"
    FEATURE = "feature"
    LABEL = "label"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A candidate that was shown in ``impression``, or was sampled beside it.

    ``signals``, ``card``: what was known of it at ``as_of`` (epoch ms), before the impression.
    """

    impression: Event
    as_of: int
    signals: CandidateSignals
    card: Card | None
    label: Label | None = None
    sampled: bool = False

    @property
    def content(self) -> ContentRef:
        return self.signals.content


@dataclass(frozen=True, slots=True)
class Column:
    """``of``: its value in a row. ``meaning``: what a reader of the file is told."""

    name: str
    role: Role
    kind: Kind
    meaning: str
    of: Callable[[Example], Value]


def columns(vocabulary: Vocabulary) -> tuple[Column, ...]:
    """The columns in order; the vocabulary's content interactions have one each."""
    return (*_KEYS, *_FEATURES, *_parts(), *_mine(vocabulary), *_LABELS)


def _position(example: Example) -> int | None:
    return None if example.sampled else example.impression.position


def _hours(since: int | None, example: Example) -> float | None:
    return None if since is None or since > example.as_of else (example.as_of - since) / HOUR_MS


def _seen(example: Example) -> float | None:
    last = example.signals.last_seen_at
    return None if last is None else _hours(to_ms(last), example)


def _age(example: Example) -> float | None:
    return None if example.card is None else _hours(example.card.created_at, example)


def _since_first(example: Example) -> float | None:
    return None if example.card is None else _hours(example.card.first, example)


def _part(name: str, example: Example) -> float:
    return sum(part.contribution for part in example.signals.contributions if part.signal == name)


def _count(action: str, example: Example) -> int:
    wanted = f"{example.content.type.lower()}:{action}"
    return sum(count for type, count in example.signals.my_interactions if type == wanted)


def _key(name: str, kind: Kind, meaning: str, of: Callable[[Example], Value]) -> Column:
    return Column(name, Role.KEY, kind, meaning, of)


def _feature(name: str, kind: Kind, meaning: str, of: Callable[[Example], Value]) -> Column:
    return Column(name, Role.FEATURE, kind, meaning, of)


def _number(name: str, meaning: str, of: Callable[[Example], Value]) -> Column:
    return _feature(name, Kind.NUMBER, meaning, of)


def _label(name: str, kind: Kind, meaning: str, of: Callable[[Example], Value]) -> Column:
    return Column(name, Role.LABEL, kind, meaning, of)


_KEYS = (
    _key("viewer_id", Kind.TEXT, "Who it was shown to.", lambda e: e.impression.user_id),
    _key("content_type", Kind.WORD, "The candidate's type.", lambda e: e.content.type),
    _key("content_id", Kind.TEXT, "The candidate's id.", lambda e: e.content.id),
    _key("event_id", Kind.TEXT, "The event that says it was shown.", lambda e: e.impression.id),
    _key("impression_id", Kind.TEXT, "The impressionId of that event.", lambda e: e.impression.impression_id),
    _key("position", Kind.PLACE, "At which place of a list; the first is 0.", _position),
    _key("shown_at", Kind.INSTANT, "When it was shown.", lambda e: to_ms(e.impression.occurred_at)),
    _key("as_of", Kind.INSTANT, "The asOf at which feedSignals answers these features.", lambda e: e.as_of),
    _key("sampled", Kind.FLAG, "Whether it was not shown, but sampled beside the impression.", lambda e: e.sampled),
)

_FEATURES = (
    _number("score", "The default score.", lambda e: e.signals.score),
    _number("popularity", "Decayed first touches of distinct users.", lambda e: e.signals.popularity),
    _number("trend", "How many turned to it lately.", lambda e: e.signals.trend),
    _number("rising", "How unusual the last hours are.", lambda e: e.signals.rising),
    _number("author_affinity", "The viewer's affinity to the author.", lambda e: e.signals.author_affinity),
    _feature(
        "social_proof_count",
        Kind.WHOLE,
        "How many of the viewer's ties engaged.",
        lambda e: e.signals.social_proof.count,
    ),
    _number("social_proof_strength", "How much their engagement weighs.", lambda e: e.signals.social_proof.strength),
    _number("co_action", "Engagement of people with the viewer's taste.", lambda e: e.signals.co_action),
    _number(
        "rate_click_through", "Clicks and views per impression, smoothed.", lambda e: e.signals.rates.click_through
    ),
    _number("rate_like", "Likes per person reached, smoothed.", lambda e: e.signals.rates.like),
    _number("rate_comment", "Comments and replies per person reached, smoothed.", lambda e: e.signals.rates.comment),
    _number("rate_share", "Shares per person reached, smoothed.", lambda e: e.signals.rates.share),
    _number("rate_save", "Saves per person reached, smoothed.", lambda e: e.signals.rates.save),
    _number("rate_hide", "Hides per person reached, smoothed.", lambda e: e.signals.rates.hide),
    _feature("reporters", Kind.WHOLE, "How many reported it.", lambda e: e.signals.reporters),
    _feature("seen", Kind.FLAG, "Whether the viewer had engaged with it.", lambda e: e.signals.seen),
    _number("hours_since_seen", "Hours since the viewer last engaged with it.", _seen),
    _feature("hidden", Kind.FLAG, "Whether it is kept from the viewer.", lambda e: e.signals.hidden),
    _feature("hidden_because", Kind.WORD, "Why it is kept from the viewer.", lambda e: e.signals.hidden_because),
    _number("age_hours", "Hours since it was made, where it was registered.", _age),
    _number("hours_since_first", "Hours since anybody first engaged with it.", _since_first),
)

_LABELS = (
    _label("engaged", Kind.FLAG, "Whether an interaction followed.", lambda e: e.label is not None),
    _label(
        "gain", Kind.NUMBER, "What it weighs in the vocabulary; else 0.", lambda e: e.label.gain if e.label else 0.0
    ),
    _label("label_type", Kind.WORD, "Which interaction: the strongest.", lambda e: e.label.type if e.label else None),
    _label("label_at", Kind.INSTANT, "When it occurred.", lambda e: e.label.at if e.label else None),
)


def _parts() -> Iterator[Column]:
    for name in SCORE_PARTS:
        yield _number(f"score_{name}", f"What {name} contributes to the score.", partial(_part, name))


def _mine(vocabulary: Vocabulary) -> Iterator[Column]:
    total = "All of the viewer's interactions with it."
    yield _feature("interactions", Kind.WHOLE, total, lambda e: sum(count for _, count in e.signals.my_interactions))
    for name in vocabulary.names(Face.CONTENT):
        action = vocabulary.term(Face.CONTENT, name).action
        meaning = f"The viewer's {name} interactions with it."
        yield _feature(f"my_{name.lower()}", Kind.WHOLE, meaning, partial(_count, action))
