"""What a write transaction leaves on the nodes it writes, so that readers see whether what they know still holds.

A transaction that commits becomes visible part by part: a stamp before what it stands for, a number before what it
counts. Nothing that is read amid that may be remembered under the new stamp. So a stamp says when it was made, and is
good for remembering only some time later.
"""

from __future__ import annotations

import secrets
from time import time

APPLIED_S = 1.0
"""From when the first part of a transaction is visible to when all of it is, at the longest."""


def stamp() -> str:
    """Another one for each transaction: ``198f3a2b1c0-5d6e7f``."""
    return f"{int(1000 * time()):x}-{secrets.token_hex(3)}"


def settled(stamp: str | None) -> str | None:
    """The stamp, where all that it stands for is visible by now; None where maybe not, and where there is none."""
    made, dash, _ = (stamp or "").partition("-")
    if dash and int(made, 16) / 1000 > time() - APPLIED_S:
        return None
    return stamp
