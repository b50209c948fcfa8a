"""How long events are kept, by type: ``retention.toml`` and a deployment's own rows over it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, TypeAlias

import orjson
from pydantic import BaseModel, ConfigDict, Field

from signals.calendar import Period
from signals.clock import DAY_MS
from signals.limits import SHORT_TEXT_LENGTH
from signals.tables import Section, Table

DEFAULT = Path(__file__).with_name("retention.toml")
TABLE = Table("retention", DEFAULT, "SOCIOGRAPH_RETENTION")
MAX_DAYS = 40_000

Keep: TypeAlias = Literal["aggregates", "nothing"]
AGGREGATES: Keep = "aggregates"
NOTHING: Keep = "nothing"
Word: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=SHORT_TEXT_LENGTH)]
EventType: TypeAlias = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]*:[a-z][a-z0-9_]*$", max_length=2 * SHORT_TEXT_LENGTH + 1)
]


class Expired(NamedTuple):
    """How many events of a type (``category:action``) were old enough, and what stays of them."""

    type: str
    keep: Keep
    events: int


class Expiry(NamedTuple):
    """What a step of a run came to; most events first, then by type.

    ``next``: where the run goes on, None at its end.
    """

    expired: tuple[Expired, ...]
    next: str | None

    @property
    def events(self) -> int:
        return sum(each.events for each in self.expired)


class Rule(Section):
    """``days`` that an event is kept, 0 for ever, and what stays of it afterwards."""

    days: Annotated[int, Field(ge=0, le=MAX_DAYS)]
    keep: Keep = AGGREGATES


class Retention(BaseModel):
    """All of it; a member per section of ``retention.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    default: Rule
    categories: dict[Word, Rule]
    types: dict[EventType, Rule]

    @classmethod
    def load(cls, path: Path | None = None) -> Retention:
        """The table with the rows of ``path`` over it. Raises StartupError that says where and what to do."""
        return TABLE.load(cls, path)

    def within(self, days: int | None) -> Retention:
        """The same with another number of days by default; None leaves it."""
        if days is None:
            return self
        return self.model_copy(update={"default": self.default.model_copy(update={"days": days})})

    def rule(self, type: str) -> Rule:
        """The rule for events of a type, ``category:action``."""
        return self.types.get(type) or self.categories.get(type.partition(":")[0]) or self.default

    def due(self, type: str, at: int, now: int) -> Keep | None:
        """What stays of an event that happened at ``at``, epoch ms; None while all of it does."""
        rule = self.rule(type)
        return rule.keep if rule.days and at < now - rule.days * DAY_MS else None

    @property
    def takes_out(self) -> bool:
        """Whether there are events of which nothing stays."""
        return any(rule.keep == NOTHING and rule.days for rule in self._rules())

    @property
    def print(self) -> str:
        """Another one for every other table."""
        return blake2b(orjson.dumps(self.model_dump(), option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()

    def spans(self, now: int, covered: int | None) -> list[Period]:
        """When events happened that have come due since the time ``covered``, or ever where that is None; oldest first.

        Times are epoch ms. Apart from late ones, nothing else has come due.
        """
        ages = sorted({rule.days * DAY_MS for rule in self._rules() if rule.days}, reverse=True)
        if covered is None:
            return [Period(0, now - ages[-1])] if ages else []
        return _joined(Period(max(0, covered - age), now - age) for age in ages)

    def _rules(self) -> Iterator[Rule]:
        yield self.default
        yield from self.categories.values()
        yield from self.types.values()


def _joined(spans: Iterator[Period]) -> list[Period]:
    """The same times, none of them twice; ``spans`` come by their start."""
    found: list[Period] = []
    for span in spans:
        if span.start >= span.end:
            continue
        if found and span.start <= found[-1].end:
            found[-1] = Period(found[-1].start, max(span.end, found[-1].end))
        else:
            found.append(span)
    return found


@cache
def standard() -> Retention:
    """The table as it comes."""
    return Retention.load()
