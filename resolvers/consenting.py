"""Consent: what people declare about themselves, and what holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from resolvers.arguments import identified, page_size
from resolvers.ports import Consents
from signals.checks import identifier
from signals.forms import Field, Form
from signals.outcomes import InvalidInput, Overloaded, Problem
from signals.standing import Declaration, Standing

WHO = Form({"userId": Field("user_id", identifier, required=True)})
NOTHING_SAID = InvalidInput((Problem(("analytics",), "say analytics, personalisation or both: true or false"),))


@dataclass(frozen=True, slots=True)
class Consent:
    """How somebody stands. ``required``: whether recording waits for consent here."""

    user_id: str
    standing: Standing
    required: bool

    @property
    def analytics(self) -> bool | None:
        """What was declared last; None: nothing."""
        return self.standing.analytics

    @property
    def personalisation(self) -> bool | None:
        """What was declared last; None: nothing."""
        return self.standing.personalisation

    @property
    def recorded(self) -> bool:
        """Whether what the user does is recorded."""
        return self.standing.erased_at is None and (
            self.analytics is True or (self.analytics is None and not self.required)
        )

    @property
    def personalised(self) -> bool:
        """Whether what the user did counts in what the user and others are shown."""
        return self.personalisation is not False

    @property
    def erased_at(self) -> datetime | None:
        """Since when the user is erased; None: the user is not."""
        return self.standing.erased_at

    def history(self, first: int | None) -> list[Declaration]:
        """The latest declarations, newest first. Raises LimitExceeded and InvalidArgument."""
        return list(reversed(self.standing.declared))[: page_size("first", first)]


@dataclass(frozen=True, slots=True)
class ConsentSet:
    """Durable when answered."""

    consent: Consent


ConsentOutcome: TypeAlias = ConsentSet | InvalidInput | Overloaded


async def set_consent(
    consents: Consents, user_id: str, analytics: bool | None, personalisation: bool | None, at: datetime
) -> ConsentOutcome:
    """Declare what somebody agrees to (True) or objects to (False); None leaves that as it is."""
    _, problems = WHO.read({"userId": user_id})
    if problems:
        return InvalidInput(tuple(problems))
    if analytics is None and personalisation is None:
        return NOTHING_SAID
    standing = await consents.declare(user_id, Declaration(at, analytics, personalisation))
    if isinstance(standing, Overloaded):
        return standing
    return ConsentSet(Consent(user_id, standing, consents.required))


async def consent(consents: Consents, user_id: str) -> Consent:
    """What holds, also of somebody nobody ever saw. Raises InvalidArgument."""
    [standing] = await consents.standings([identified(user_id)])
    return Consent(user_id, standing, consents.required)
