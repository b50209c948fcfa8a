"""On whose behalf a request is made, and in which role."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is trusted with; ``schema/permissions.toml`` says what each may do."""

    CLIENT = "client"
    SERVICE = "service"
    ANALYST = "analyst"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Principal:
    """``id``: what limits and the audit log know it by. ``user_id``: the user that a client is."""

    id: str
    role: Role
    user_id: str | None = None


LOCAL = Principal("local", Role.ADMIN)
"""Whoever calls while authentication is off: only programs of the same machine can."""

NOBODY = Principal("nobody", Role.CLIENT)
"""Whoever a request does not name: may what any client may, and is no user."""
