"""All tasks of a log, one after the other, and their figures as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from signals.events import Event
from signals.quality import edges
from signals.quality.aims import RANKED
from signals.quality.contents import Catalogue, Reading
from signals.quality.holdout import Log, ordered, run
from signals.quality.people import People, Turning
from signals.quality.ranks import Ranks
from signals.quality.strangers import Meeting
from signals.quality.trends import Trending
from signals.replay import Replay
from signals.vocabulary import Vocabulary
from signals.weights import Weights

FEW = 20
"""With fewer later events than this there is nothing to say."""
OURS = "ours"


@dataclass(frozen=True, slots=True)
class Row:
    """One method's figures; ``above``: by how much our first figure is above this method's, and the standard error."""

    method: str
    figures: tuple[float, ...]
    above: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A task. ``n``: events (or lists) that were scored, out of ``of``; ``among``: candidates, on average."""

    task: str
    question: str
    figures: tuple[str, ...]
    rows: tuple[Row, ...]
    n: int
    of: int
    among: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Which tasks, on how many events each at most. ``say`` hears what is begun."""

    vocabulary: Vocabulary
    weights: Weights
    most: int
    edges: bool = False
    say: Callable[[str], None] = field(default=lambda _: None)

    def tables(self, events: Iterable[Event]) -> list[Table]:
        """The tables of whatever the log has enough of."""
        known = ordered(events)
        people, contents = Log.of_people(known, self.vocabulary), Log.of_contents(known, self.vocabulary)
        tables = [*self._people(people), *self._contents(contents)]
        if self.edges and len(people.events) - people.cut >= FEW:
            tables.append(self._edges(people))
        return tables

    def _replay(self) -> Replay:
        return Replay(self.vocabulary, self.weights)

    def _people(self, log: Log) -> list[Table]:
        if len(log.events) - log.cut < FEW:
            return []
        self.say(f"{len(log.events):,} events between people")
        replay = self._replay()
        people = People(log, replay, self.weights)
        turning, meeting = (task(log, people, self.weights, self.most) for task in (Turning, Meeting))
        run(log, replay, [people], [turning, meeting])
        return [
            *_ranked("affinity", "whom somebody turns to next, among everybody", turning.rows, turning.all),
            *_ranked("who to follow", "whom somebody turns to for the first time", meeting.rows, meeting.all),
        ]

    def _contents(self, log: Log) -> list[Table]:
        if len(log.events) - log.cut < FEW:
            return []
        self.say(f"{len(log.events):,} events with content")
        replay = self._replay()
        catalogue = Catalogue(log, replay, self.vocabulary, self.weights)
        new, any_ = (Reading(log, catalogue, self.most, first=first) for first in (True, False))
        trending = Trending(log, self.weights)
        run(log, replay, [catalogue], [new, any_], trending.before)
        return [
            *_ranked("content", "which content somebody turns to next, of those never seen", new.rows, new.all),
            *_ranked("content, seen or not", "which content somebody turns to next", any_.rows, any_.all),
            *_trends(trending),
        ]

    def _edges(self, log: Log) -> Table:
        self.say("average precision against random destinations")
        figures = tuple(
            100 * each(log.events, self._replay(), self.weights) for each in (edges.of_instants, edges.of_batches)
        )
        n = len(log.events) - int(len(log.events) * edges.GIVEN)
        question = "an edge against a random destination (DyGLib's protocol)"
        return Table("edges", question, ("AP per instant", "AP per batch"), (Row(OURS, figures),), n, n, 2.0)


def _ranked(task: str, question: str, rows: Mapping[str, Ranks], of: int) -> list[Table]:
    if not rows or len(rows[OURS].ranks) < FEW:
        return []
    ours = rows[OURS]
    found = tuple(
        Row(name, (ranks.mrr, ranks.hits, ranks.auc), None if ranks is ours else ours.above(ranks))
        for name, ranks in rows.items()
    )
    n = len(ours.ranks)
    return [Table(task, question, RANKED, found, n, of, sum(ours.among) / n)]


def _trends(trending: Trending) -> list[Table]:
    rows = tuple(Row(name, figures, trending.above(name)) for name, figures in trending.averages().items())
    n = len(trending.figures.get(OURS, ()))
    question = "what most turn to for the first time within a day"
    return [Table("trending", question, ("P@10", "NDCG@50"), rows, n, n, trending.among)] if n >= FEW else []
