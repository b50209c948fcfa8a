"""Taking the whole log out as records, and putting records back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from resolvers.arguments import page_size
from resolvers.ports import Archive
from signals.archive import Record, Stripped, packed, unpacked
from signals.errors import LimitExceeded
from signals.events import JSON, Event
from signals.limits import BATCH
from signals.outcomes import InvalidInput
from signals.vocabulary import Vocabulary

FOREIGN = (
    "{name} is not in the vocabulary of this deployment; SOCIOGRAPH_VOCABULARY has to be as it was where the archive "
    "was made."
)


@dataclass(frozen=True, slots=True)
class Page:
    """Records as JSON, maybe none, and where to go on; None at the end."""

    records: tuple[JSON, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class NotRestored:
    """Which record was not taken, by its place among those sent, and why."""

    index: int
    message: str


@dataclass(frozen=True, slots=True)
class Restored:
    """``restored``: records that stand now, whether they were there already or not."""

    restored: int
    refused: tuple[NotRestored, ...]


async def page(archive: Archive, first: int | None, after: str | None) -> Page:
    """The next records. Raises LimitExceeded, InvalidArgument and InvalidCursor."""
    records, following = await archive.page(page_size("first", first), after)
    return Page(tuple(map(packed, records)), following)


async def restore(archive: Archive, vocabulary: Vocabulary, raws: Sequence[object]) -> Restored:
    """Put up to 1000 records back; a bad one harms no other. Raises LimitExceeded for more."""
    if len(raws) > BATCH:
        raise LimitExceeded(f"There are {len(raws)} records; at most {BATCH} are taken at once. Send them in parts.")
    read = [_read(raw, vocabulary) for raw in raws]
    good = {place: record for place, record in enumerate(read) if not isinstance(record, str)}
    whys = await archive.restore([*good.values()]) if good else []
    refused = {place: why for place, why in enumerate(read) if isinstance(why, str)}
    refused |= {place: why for place, why in zip(good, whys, strict=True) if why is not None}
    return Restored(len(raws) - len(refused), tuple(NotRestored(*each) for each in sorted(refused.items())))


def _read(raw: object, vocabulary: Vocabulary) -> Record | str:
    """The record, or why it cannot be taken."""
    record = unpacked(raw)
    if isinstance(record, InvalidInput):
        return "; ".join(": ".join(filter(None, (".".join(p.path), p.message))) for p in record.problems)
    event = record.event if isinstance(record, Stripped) else record
    if isinstance(event, Event) and (event.face, event.name) not in vocabulary.terms:
        return FOREIGN.format(name=event.name)
    return record
