"""What operators watch of the database's side, as a structural type, and somebody who watches nothing."""

from __future__ import annotations

from typing import Protocol


class Meter(Protocol):
    """Is told what happened; times are seconds. Must be quick, and never raise."""

    def ran(self, statement: str, seconds: float) -> None:
        """A statement was answered, or failed."""
        ...

    def retried(self, what: str) -> None:
        """A read or a write is tried again: it met another one, or the database was away for a moment."""
        ...

    def wrote(self, events: int, seconds: float) -> None:
        """A batch of so many events was decided on, from its turn to its commit."""
        ...


class Unmetered:
    """Watches nothing."""

    def ran(self, statement: str, seconds: float) -> None:
        """Nothing."""

    def retried(self, what: str) -> None:
        """Nothing."""

    def wrote(self, events: int, seconds: float) -> None:
        """Nothing."""
