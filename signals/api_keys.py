"""API keys: what one looks like, what is kept of it, and whom it stands for.

A key is ``sg_<id>_<secret>``. The secret is 256 random bits, so that its plain SHA-256 gives nothing away: there is no
list of likely ones to try, as there is of passwords.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

PREFIX: Final = "sg_"
FORM: Final = re.compile(r"sg_([a-z2-7]{8})_([A-Za-z0-9_-]{43})")
OPERATOR: Final = "operator"
"""The id of the key that a server makes up for the commands of its machine; no stored key has it."""
NAME_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A stored key. ``user_id``: whom a client's key stands for. Times are UTC, whole milliseconds."""

    id: str
    name: str
    role: str
    created_at: datetime
    user_id: str | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A new key, and the ``key`` that lets its holder in, which is told once and stored nowhere."""

    api_key: ApiKey
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A key as somebody shows it."""

    id: str
    secret: str = field(repr=False)

    def digest(self) -> str:
        """What is stored of the secret: its SHA-256, 64 hexadecimal digits."""
        return hashlib.sha256(self.secret.encode("ascii")).hexdigest()

    def text(self) -> str:
        """As it is sent."""
        return f"{PREFIX}{self.id}_{self.secret}"


def shown(text: str) -> Shown | None:
    """The parts of a key; None for what has not the form of one."""
    match = FORM.fullmatch(text)
    return None if match is None else Shown(match[1], match[2])
