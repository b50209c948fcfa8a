"""Contents by what people did with them in a span of time, the first by one figure.

What is summed up of whole UTC days and what is counted event by event on the days that the span cuts add up to one
``Counted``. Distinct people do not add up over days: there the sums bound them, and ``doubtful`` says whom to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import nsmallest

from signals.clock import DAY_MS
from signals.content_days import NAMED
from signals.diary import Entry
from signals.engagement_rate import INTERACTION, engagement_rate
from signals.events import ContentRef, Face
from signals.interactions import Interaction
from signals.pairs import term_of
from signals.vocabulary import Term, Vocabulary
from signals.weights import EngagementWeights

CONTENT_FACES = (Face.CONTENT, Face.ACTIVITY)
"""Faces of events that are done to their content; what a social event merely mentions is not."""


class By(StrEnum):
    """What contents are ranked by."""

    EVENTS = "EVENTS"
    UNIQUE_USERS = "UNIQUE_USERS"
    VIEWS = "VIEWS"
    LIKES = "LIKES"
    COMMENTS = "COMMENTS"
    SHARES = "SHARES"
    SAVES = "SAVES"
    TIME_SPENT = "TIME_SPENT"
    SCORE = "SCORE"
    ENGAGEMENT_RATE = "ENGAGEMENT_RATE"


@dataclass(slots=True)
class Numbers:
    """What events with one content add up to.

    ``n`` events; ``ms`` of duration in ``ms_n`` of them; ``score``: vocabulary weights; events of VIEW, LIKE, COMMENT
    and REPLY, SHARE, SAVE; ``engaged``: events of weight INTERACTION or more; ``scroll_sum`` percent in ``scroll_n``.
    ``least`` to ``most`` distinct people.
    """

    n: int = 0
    ms: int = 0
    ms_n: int = 0
    score: float = 0.0
    views: int = 0
    likes: int = 0
    comments: int = 0
    shares: int = 0
    saves: int = 0
    engaged: int = 0
    scroll_sum: float = 0.0
    scroll_n: int = 0
    least: int = 0
    most: int = 0

    def count(self, term: Term, n: int) -> None:
        """``n`` events of one kind."""
        self.n += n
        self.score += n * term.weight
        if term.weight >= INTERACTION:
            self.engaged += n
        name = NAMED.get(term.name)
        if name is not None:
            setattr(self, name, getattr(self, name) + n)

    def spend(self, ms: int, ms_n: int, scroll_sum: float, scroll_n: int) -> None:
        """Durations and scroll depths."""
        self.ms += ms
        self.ms_n += ms_n
        self.scroll_sum += scroll_sum
        self.scroll_n += scroll_n

    def seen_by(self, people: int) -> None:
        """``people`` more, of whom nobody knows how many are the same as before."""
        self.least = max(self.least, people)
        self.most += people


@dataclass(slots=True)
class Counted:
    """By content key. ``people``: those told one by one; whoever is summed up in whole days is not among them."""

    numbers: dict[str, Numbers] = field(default_factory=dict)
    people: dict[str, set[str]] = field(default_factory=dict)

    def of(self, key: str) -> Numbers:
        """To add to."""
        return self.numbers.setdefault(key, Numbers())

    def tell(self, people: Mapping[str, set[str]]) -> None:
        """All who are told one by one, at once."""
        for key, some in people.items():
            self.people[key] = some
            self.of(key).seen_by(len(some))

    def settle(self, key: str, people: Set[str]) -> None:
        """All who are summed up in whole days, so that it is known how many there are."""
        numbers = self.of(key)
        numbers.least = numbers.most = len(people | self.people.get(key, set()))

    def unsettled(self, keys: Iterable[str]) -> list[str]:
        """Of these contents, those of which it is not known how many people there are."""
        return [key for key in keys if self.numbers[key].least < self.numbers[key].most]


def counted(entries: Iterable[Entry], vocabulary: Vocabulary, content_type: str | None = None) -> Counted:
    """What the entries add up to, of contents of one type or of any."""
    prefix = f"{content_type}:" if content_type is not None else ""
    found, people = Counted(), dict[str, set[str]]()
    for entry in entries:
        key = entry.content_key
        if key is None or entry.face not in CONTENT_FACES or not key.startswith(prefix):
            continue
        numbers = found.of(key)
        numbers.count(term_of(vocabulary, f"{entry.face}.{entry.name}"), 1)
        ms, depth = entry.duration_ms, entry.scroll_depth
        numbers.spend(ms or 0, int(ms is not None), depth or 0.0, int(depth is not None))
        people.setdefault(key, set()).add(entry.actor_id)
    found.tell(people)
    return found


def numbers_of(done: Sequence[Interaction], vocabulary: Vocabulary) -> Numbers:
    """What was done with one content, with how many people did it."""
    found = Numbers()
    for each in done:
        ms, depth = each.duration_ms, each.scroll_depth
        found.count(term_of(vocabulary, f"{each.face}.{each.name}"), 1)
        found.spend(ms or 0, int(ms is not None), depth or 0.0, int(depth is not None))
    found.seen_by(len({each.actor_id for each in done}))
    return found


@dataclass(frozen=True, slots=True)
class Spans:
    """A span of time taken apart, in epoch ms: the starts of whole UTC days, and [from, until) of what is left."""

    days: range
    cuts: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, since: int, until: int) -> Spans:
        first, last = -(-since // DAY_MS) * DAY_MS, until // DAY_MS * DAY_MS
        if first >= last:
            return cls(range(0), ((since, until),))
        cuts = ((since, first), (last, until))
        return cls(range(first, last, DAY_MS), tuple(cut for cut in cuts if cut[0] < cut[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class TopContent:
    """What people did with a content in a span of time: events, not states. ``value``: what it was ranked by."""

    content: ContentRef
    events: int
    unique_users: int
    views: int
    likes: int
    comments: int
    shares: int
    saves: int
    time_spent_ms: int
    mean_dwell_ms: float | None
    average_scroll_depth: float | None
    score: float
    engagement_rate: float
    value: float
    withheld: bool = False
    """See ``signals.withholding``."""

    @classmethod
    def of(cls, key: str, numbers: Numbers, by: By, weights: EngagementWeights) -> TopContent:
        """From numbers that say how many people there are."""
        return cls(
            content=ContentRef.of(key),
            events=numbers.n,
            unique_users=numbers.most,
            views=numbers.views,
            likes=numbers.likes,
            comments=numbers.comments,
            shares=numbers.shares,
            saves=numbers.saves,
            time_spent_ms=numbers.ms,
            mean_dwell_ms=numbers.ms / numbers.ms_n if numbers.ms_n else None,
            average_scroll_depth=numbers.scroll_sum / numbers.scroll_n if numbers.scroll_n else None,
            score=numbers.score,
            engagement_rate=engagement_rate(numbers.engaged, numbers.views, weights),
            value=value(numbers, by, weights),
        )


def value(numbers: Numbers, by: By, weights: EngagementWeights) -> float:
    """What a content is ranked by; of distinct people, the most there can have been."""
    match by:
        case By.EVENTS:
            return float(numbers.n)
        case By.UNIQUE_USERS:
            return float(numbers.most)
        case By.TIME_SPENT:
            return float(numbers.ms)
        case By.SCORE:
            return round(numbers.score, 9)  # equal sums are equal, in whatever order they were added
        case By.ENGAGEMENT_RATE:
            return engagement_rate(numbers.engaged, numbers.views, weights)
        case _:
            return float(getattr(numbers, by.lower()))


def top(numbers: Mapping[str, Numbers], first: int, by: By, weights: EngagementWeights) -> list[str]:
    """Keys of the contents with most of it, most first, then by key."""
    found = ((-value(each, by, weights), key) for key, each in numbers.items() if each.n)
    return [key for _, key in nsmallest(first, found)]


def doubtful(numbers: Mapping[str, Numbers], first: int, at_once: int) -> Sequence[str]:
    """Contents whose people have to be counted before it is known who the ``first`` by distinct people are.

    The most promising ``at_once`` of them; none when ``most`` tells the order. Threshold algorithm (Fagin, Lotem and
    Naor 2003): whoever can have no more people than the last of the first is known to have is out.
    """
    known = nsmallest(first, ((-each.most, key) for key, each in numbers.items() if each.n and each.least == each.most))
    unknown = ((-each.most, key) for key, each in numbers.items() if each.n and each.least < each.most)
    if len(known) == first:
        unknown = (candidate for candidate in unknown if candidate < known[-1])
    return [key for _, key in nsmallest(at_once, unknown)]
