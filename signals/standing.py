"""How somebody stands towards being recorded: what was declared about consent, and whether the person was erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from signals.clock import from_ms, to_ms
from signals.outcomes import RefusedBecause
from signals.packing import pack_rows, unpack_rows

WORDS = {None: "", True: "1", False: "0"}
VALUES = {word: value for value, word in WORDS.items()}


@dataclass(frozen=True, slots=True)
class Declaration:
    """What was said at one time; None: nothing about that purpose, so what was said before holds on."""

    at: datetime
    analytics: bool | None = None
    personalisation: bool | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """``analytics``, ``personalisation``: what holds now, None where nothing was ever declared. Of the declarations the
    oldest comes first. ``erased_at``: since when nothing may be recorded of the person any more."""

    analytics: bool | None = None
    personalisation: bool | None = None
    declared: tuple[Declaration, ...] = ()
    erased_at: datetime | None = None

    @classmethod
    def unpack(cls, node: Mapping[str, Any]) -> Standing:
        """The standing that a node's properties stand for; that of somebody unknown has none."""
        return replace(cls.brief(node), declared=_unpacked(node.get("declared")))

    @classmethod
    def brief(cls, node: Mapping[str, Any]) -> Standing:
        """The same without its history, which takes longest to read."""
        erased = node.get("erasedAt")
        return cls(node.get("analytics"), node.get("personalisation"), (), None if erased is None else from_ms(erased))

    @property
    def quiet(self) -> bool:
        """Whether the person is not to be reckoned with in rankings."""
        return self.personalisation is False and self.erased_at is None

    def declare(self, said: Declaration) -> Standing:
        """The standing after one more declaration. What changes nothing leaves no trace in the history."""
        analytics = self.analytics if said.analytics is None else said.analytics
        personalisation = self.personalisation if said.personalisation is None else said.personalisation
        if (analytics, personalisation) == (self.analytics, self.personalisation):
            return self
        return Standing(analytics, personalisation, (*self.declared, said), self.erased_at)

    def erased(self, at: datetime) -> Standing:
        """The standing of somebody who is erased at ``at``, or was before."""
        return self if self.erased_at is not None else replace(self, erased_at=at)

    def readmitted(self) -> Standing:
        """The standing of somebody who may be recorded again; what was declared holds on."""
        return replace(self, erased_at=None)

    def pack(self) -> dict[str, Any]:
        """Properties of the node; None removes."""
        return {
            "analytics": self.analytics,
            "personalisation": self.personalisation,
            "declared": _packed(self.declared) or None,
            "erasedAt": None if self.erased_at is None else to_ms(self.erased_at),
        }


UNKNOWN = Standing()
"""Of a person about whom nothing was declared."""


def refusal(actor: Standing, target: Standing | None, *, required: bool) -> RefusedBecause | None:
    """Why what ``actor`` did, maybe towards ``target``, may not be recorded; None where it may.

    ``required``: only who agreed is recorded; otherwise everybody who did not object.
    """
    if actor.erased_at is not None or (target is not None and target.erased_at is not None):
        return RefusedBecause.ERASED
    if actor.analytics is False or (required and actor.analytics is None):
        return RefusedBecause.NO_CONSENT
    return None


def _packed(declared: Sequence[Declaration]) -> str:
    """A row per declaration: when, analytics, personalisation."""
    return pack_rows((str(to_ms(d.at)), WORDS[d.analytics], WORDS[d.personalisation]) for d in declared)


def _unpacked(text: str | None) -> tuple[Declaration, ...]:
    return tuple(
        Declaration(from_ms(int(at)), VALUES[analytics], VALUES[personalisation])
        for at, analytics, personalisation in unpack_rows(text)
    )
