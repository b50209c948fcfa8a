"""Letting go of events that were kept long enough: a bounded number in one transaction behind the writers' lock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple
from uuid import uuid4

from graph.driver import Transaction
from graph.queries import statement
from graph.records import CARRIED
from graph.removing import remove
from signals.vocabulary import Vocabulary

LOCK = statement("lock")
RETAIN_HUSK = statement("retain_husk")
RETAIN_PRINTS = statement("retain_prints")
RETAIN_STRIP = statement("retain_strip")


class Row(NamedTuple):
    """What retention looks at of an event. ``at``: epoch ms; ``gone``: whether it has lost what it carried before."""

    id: str
    type: str
    at: int
    gone: bool
    actor_id: str
    pair: str | None


async def strip(tx: Transaction, ids: Sequence[str], at: int) -> Counter[str]:
    """Take from events what no aggregate is made of: everything that folds and counts stays. How many of each type."""
    await tx.run(LOCK, {"holder": uuid4().hex})
    gone = {**dict.fromkeys(CARRIED), "expiredAt": at}
    rows = await tx.run(RETAIN_STRIP, {"p": {"ids": list(ids), "gone": gone}})
    return Counter({row["type"]: row["n"] for row in rows})


async def take_out(tx: Transaction, ids: Sequence[str], at: int, vocabulary: Vocabulary) -> Counter[str]:
    """Take events out of everything, and leave of each what a copy of it is known by. How many of each type."""
    await tx.run(LOCK, {"holder": uuid4().hex})
    known = [row for record in await tx.run(RETAIN_PRINTS, {"p": {"ids": list(ids)}}) for row in record["rows"]]
    husks = [{"id": id, "fp": print_, "expiredAt": at} for id, print_, _ in known]
    await remove(tx, [id for id, _, _ in known], vocabulary, how=RETAIN_HUSK, more={"husks": husks})
    return Counter(type for _, _, type in known)
