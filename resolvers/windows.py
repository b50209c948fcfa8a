"""From when to when a read looks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from signals.clock import EPOCH, MILLISECOND, to_ms
from signals.errors import InvalidArgument


class Window(NamedTuple):
    """``since`` is inclusive, ``until`` exclusive."""

    since: datetime
    until: datetime

    @property
    def start(self) -> int:
        """Epoch ms."""
        return max(0, to_ms(self.since))

    @property
    def end(self) -> int:
        """Epoch ms."""
        return to_ms(self.until)


def window(since: datetime | None, until: datetime | None, now: datetime, reach: timedelta | None = None) -> Window:
    """The window asked for. Left out: everything up to and with ``now``, or ``reach`` of it where there is one.

    Raises InvalidArgument where no time lies between.
    """
    end = until or now + MILLISECOND
    start = since or (EPOCH if reach is None else max(EPOCH, end - reach))
    if end <= start:
        raise InvalidArgument("until must be later than since; left out, it is now.")
    return Window(start, end)
