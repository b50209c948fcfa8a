"""Sending a simulation to where events go."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from resolvers.importing import Delivery, Item, Sink, Tally
from signals.simulation import Plan, simulate


async def send(plan: Plan, sink: Sink, reject: Callable[[Item, str], None], progress: Callable[[Tally], None]) -> Tally:
    """Record what the plan's people do. A second time, everything is a duplicate."""
    return await Delivery(sink, reject=reject, progress=progress).send(_items(plan))


def _items(plan: Plan) -> Iterator[Item]:
    return (Item(number, raw) for number, raw in enumerate(simulate(plan), start=1))
