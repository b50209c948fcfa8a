"""The API keys that let somebody in, as every process knows them: all of them, read again every few seconds.

So a request costs no read, an unknown key costs none either, and a key that is revoked anywhere lets nobody in after
``FRESH_S`` seconds.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from resolvers.ports import ApiKeys
from schema.principal import Principal, Role
from schema.together import Together
from signals.api_keys import ApiKey, Shown
from signals.errors import SociographError, Unavailable

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

FRESH_S: Final = 5.0
"""How old what is known may be."""
UNKNOWN_S: Final = 1.0
"""How old, where a key is not known: it may be new."""
FAILED_S: Final = 1.0
"""After a read that failed everybody is told so for a while, and nobody waits."""
PATIENCE_S: Final = 2.0
"""For a read."""
NOTED_S: Final = 300.0
"""How often at most it is noted that a key was used."""
NOTES: Final = 8
"""Such notes under way at once; a database that takes none must not collect them."""
NOTHING: Final = "0" * 64
"""What the secret of an unknown key is compared with, so that it takes as long."""


class Keyring:
    """Knows keys. ``store``: where they are kept; it may come later than this. ``clock``: seconds, monotonic."""

    def __init__(
        self, store: Callable[[], ApiKeys], now: Callable[[], datetime], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._now, self._clock = store, now, clock
        self._known: dict[str, tuple[str, Principal]] = {}
        self._read_at = self._failed_at = float("-inf")
        self._reading = Together(self._read)
        self._noted: dict[str, float] = {}
        self._notes: set[asyncio.Task[None]] = set()

    @property
    def store(self) -> ApiKeys:
        """Where the keys are kept."""
        return self._store()

    async def principal(self, shown: Shown) -> Principal | None:
        """Whom a key stands for; None for one that was never made, is revoked, or has another secret.

        Raises Unavailable where the keys cannot be read.
        """
        age = self._clock() - self._read_at
        if age > FRESH_S or (shown.id not in self._known and age > UNKNOWN_S):
            await self._again()
        digest, principal = self._known.get(shown.id, (NOTHING, None))
        if not hmac.compare_digest(shown.digest(), digest):
            return None
        self._note(shown.id)
        return principal

    def forget(self) -> None:
        """Read again before anybody is let in."""
        self._read_at = float("-inf")

    async def stop(self) -> None:
        """Leave off, whatever is under way."""
        await self._reading.stop()
        for note in [*self._notes]:
            note.cancel()
        await asyncio.gather(*self._notes, return_exceptions=True)

    async def _again(self) -> None:
        if self._clock() - self._failed_at < FAILED_S:
            raise Unavailable
        await self._reading.run()

    async def _read(self) -> None:
        begun = self._clock()
        try:
            found = await self._store().live_keys(PATIENCE_S)
        except SociographError as error:
            self._failed_at = self._clock()
            raise Unavailable from error
        self._known = {key.id: (digest, principal_of(key)) for key, digest in found}
        self._noted = {id: at for id, at in self._noted.items() if id in self._known}
        self._read_at = begun

    def _note(self, id: str) -> None:
        """Now and then, beside the request."""
        now = self._clock()
        if now - self._noted.get(id, float("-inf")) > NOTED_S and len(self._notes) < NOTES:
            self._noted[id] = now
            note = asyncio.create_task(self._used(id), name="key used")
            self._notes.add(note)
            note.add_done_callback(self._notes.discard)

    async def _used(self, id: str) -> None:
        try:
            await self._store().key_used(id, self._now())
        except SociographError as error:
            log.debug("the use of a key is not noted", cause=str(error))


def principal_of(key: ApiKey) -> Principal:
    """Whom a key stands for. A client has the limits of the user, however it comes."""
    id = f"key:{key.id}" if key.user_id is None else f"user:{key.user_id}"
    return Principal(id, Role(key.role), key.user_id)
