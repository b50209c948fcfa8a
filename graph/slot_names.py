"""The names of somebody who has left, in the log of slots: what came and left again need not stand there for ever."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from graph.driver import Transaction
from graph.queries import statement
from graph.recording import RECORD_MORE
from graph.stamps import stamp
from signals.rollups import EVERYTHING, key_of
from signals.slots import cancelled, token
from signals.whole_days import segment_key

LOCK = statement("lock")
SLOTS_NAMING = statement("slots_naming")
SLOTS_REWRITE = statement("slots_rewrite")


async def forget_name(tx: Transaction, user_id: str, days: Sequence[int]) -> None:
    """Take a name out of the slots of these UTC days (epoch ms), of whose events none are left."""
    await tx.run(LOCK, {"holder": uuid4().hex})
    found: dict[int, dict[str, str]] = {}
    for row in await tx.run(SLOTS_NAMING, {"p": {"days": list(days), "name": token(user_id)}}):
        found.setdefault(row["at"], {})[row["key"]] = row["slots"]
    texts = {key: text for segments in found.values() for key, text in cancelled(segments).items()}
    if not texts:
        return
    heads = await tx.run(RECORD_MORE, {"p": {"keys": [key_of(EVERYTHING, day) for day in found]}})
    lengths = []
    for row in heads:
        last = texts.get(segment_key(row["day"]["at"], row["day"]["segments"] - 1))
        if last is not None:
            lengths.append({"key": row["day"]["key"], "filled": len(last), "changed": stamp()})
    segments = [{"key": key, "slots": text} for key, text in texts.items()]
    await tx.run(SLOTS_REWRITE, {"p": {"segments": segments, "days": lengths}})
