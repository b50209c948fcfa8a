"""Erasing a person, and giving out everything that is held about one: administrative acts."""

from __future__ import annotations

from datetime import datetime

from resolvers.arguments import identified, page_size
from resolvers.ports import Erasing, PersonalData
from signals.erasure import Certificate
from signals.errors import InvalidArgument
from signals.held import Page

WAIT_S = 5.0
"""How long an answer waits for the end of an erasure, which goes on all the same."""


async def erase(erasing: Erasing, user_id: str, at: datetime, *, dry_run: bool) -> Certificate:
    """Erase somebody, or say what that would take out. Raises InvalidArgument."""
    id = identified(user_id)
    return await (erasing.foresee(id, at) if dry_run else erasing.erase(id, at, WAIT_S))


async def lift(erasing: Erasing, user_id: str) -> str:
    """Let somebody be recorded again who was erased. Raises InvalidArgument while the erasure goes on."""
    id = identified(user_id)
    if not await erasing.lift(id):
        raise InvalidArgument("The erasure of this user is not finished; lift it when it is.")
    return id


async def certificates(erasing: Erasing, user_id: str, first: int | None) -> list[Certificate]:
    """The erasures of somebody, latest first. Raises InvalidArgument and LimitExceeded."""
    return await erasing.certificates(identified(user_id), page_size("first", first))


async def personal_data(held: PersonalData, user_id: str, first: int | None, after: str | None) -> Page:
    """The next records about somebody. Raises InvalidArgument, LimitExceeded and InvalidCursor."""
    return await held.held_about(identified(user_id), page_size("first", first, 500), after)
