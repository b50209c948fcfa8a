"""What the audit log holds: administrative acts, and reads about people by those who are not these people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SUBJECTS = 100
"""People that one entry names."""
FIELDS = 50
"""Fields that one entry names."""


class AuditKind(StrEnum):
    """What an entry tells of."""

    ACT = "ACT"
    READ = "READ"
    LOST = "LOST"


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done, by whom and about whom; deeds that are equal are counted together.

    ``subjects``: at most 100 of the ``people`` it names. ``operation``: its name in the document.
    """

    kind: AuditKind
    principal: str
    role: str
    fields: tuple[str, ...]
    operation: str | None = None
    subjects: tuple[str, ...] = ()
    people: int = 0


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A deed that was done ``count`` times from ``at`` on: within a second, or a minute for a service."""

    id: str
    at: datetime
    deed: Deed
    count: int = 1


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Entries of [since, until), of one principal, about one person."""

    since: datetime
    until: datetime
    principal: str | None = None
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Newest first; equal times by id, descending. A cursor for each."""

    entries: tuple[AuditEntry, ...]
    cursors: tuple[str, ...]
    has_next: bool
