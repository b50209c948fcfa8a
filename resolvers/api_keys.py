"""API keys: making, listing and revoking them."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from typing import Final

from resolvers.arguments import identified
from resolvers.ports import ApiKeys
from signals.api_keys import NAME_LENGTH, OPERATOR, ApiKey, Made, Shown
from signals.checks import text
from signals.errors import InvalidArgument, LimitExceeded
from signals.forms import Wrong

CLIENT: Final = "client"
MOST: Final = 500
"""Keys that are not revoked: few enough for every process to know them all."""
ID_BYTES, SECRET_BYTES = 5, 32

named = text(NAME_LENGTH)


async def create(keys: ApiKeys, name: str, role: str, user_id: str | None, now: datetime) -> Made:
    """A new key. ``user_id``: whom a client's key stands for, and no other's. Raises InvalidArgument, LimitExceeded."""
    key = ApiKey(_id(), _name(name), role, now, _user(role, user_id))
    if len(await keys.live_keys()) >= MOST:
        raise LimitExceeded(f"There are {MOST} keys that are not revoked; revoke some first.")
    shown = Shown(key.id, secrets.token_urlsafe(SECRET_BYTES))
    await keys.create_key(key, shown.digest())
    return Made(key, shown.text())


def operator_key() -> Shown:
    """The key of a server for the commands of its machine."""
    return Shown(OPERATOR, secrets.token_urlsafe(SECRET_BYTES))


def _id() -> str:
    """8 characters of a to z and 2 to 7."""
    id = OPERATOR
    while id == OPERATOR:
        id = base64.b32encode(secrets.token_bytes(ID_BYTES)).decode("ascii").lower()
    return id


def _name(given: str) -> str:
    try:
        name = named(given.strip())
    except Wrong as wrong:
        raise InvalidArgument(f"name {wrong.problems[0].message}") from None
    if not name:
        raise InvalidArgument("name is empty; say what the key is for.")
    return str(name)


def _user(role: str, user_id: str | None) -> str | None:
    if (role == CLIENT) != (user_id is not None):
        raise InvalidArgument("userId says whom a key of the role CLIENT stands for; other roles have none.")
    return None if user_id is None else identified(user_id)
