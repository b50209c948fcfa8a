"""The wall where the driver's exceptions stop: which are worth another try, and what they mean to a caller."""

from __future__ import annotations

from neo4j.exceptions import (
    AuthError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ResultError,
    SessionError,
    TransactionError,
)

from signals.errors import SociographError, Unavailable

RACES = frozenset({"Neo.ClientError.Schema.ConstraintValidationFailed", "Neo.ClientError.Statement.EntityNotFound"})
"""Codes of statements that lost a race: another wrote the row first, or took away what was read. Run again, it fits.

Where the writers' lock is optimistic (ArcadeDB), a transaction that will lose at its commit may meet these before.
"""


DATABASE_ERRORS = (Neo4jError, DriverError, TimeoutError)
"""What can be raised by a call to the database: the driver's two trees, and a deadline."""


TIMEOUTS = frozenset(
    {
        "Neo.ClientError.Transaction.TransactionTimedOut",
        "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
    }
)
"""Codes of statements the server itself has ended: the deadline again, seen from the other side."""

MISUSES = (ResultError, SessionError, TransactionError)
"""What the driver raises for a mistake of ours."""


def is_transient(error: BaseException) -> bool:
    """Whether the whole transaction is worth running again.

    True as well for a commit whose answer was lost: recording is exactly-once, so a second run is harmless.
    """
    if isinstance(error, IncompleteCommit):
        return True
    if isinstance(error, Neo4jError):
        return error.is_retryable() or error.code in RACES
    return isinstance(error, DriverError) and error.is_retryable()


def is_fault(error: BaseException) -> bool:
    """Whether the server itself failed, as with a full disk: this says nothing about the statement."""
    code = (error.code or "") if isinstance(error, Neo4jError) else ""
    return code not in TIMEOUTS and code.startswith(("Neo.DatabaseError.", "Neo.ClientError.Transaction."))


def is_at_commit(error: BaseException) -> bool:
    """Whether the transaction could not be kept, for whatever reason: each of its statements had been accepted."""
    return is_fault(error) and isinstance(error, Neo4jError) and ".Transaction." in (error.code or "")


def cause_of(error: BaseException) -> str:
    """What may stand in a log about an error of the database: never its own words, which quote values of statements."""
    code = getattr(error, "code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def translate(error: BaseException) -> SociographError:
    """Our exception for a driver's one; raise it ``from`` the original, which has the details for the log."""
    if isinstance(error, SociographError):
        return error
    if isinstance(error, AuthError):
        return Unavailable("The database does not accept the user or the password it was given.")
    if isinstance(error, Neo4jError) and error.code == "Neo.ClientError.Database.DatabaseNotFound":
        return Unavailable("The server has no database of the name it was asked for.")
    if isinstance(error, TimeoutError) or (isinstance(error, Neo4jError) and error.code in TIMEOUTS):
        return Unavailable("The database did not answer in time. Nothing was lost; try again shortly.")
    if is_transient(error) or (isinstance(error, DriverError) and not isinstance(error, MISUSES)):
        return Unavailable()
    if is_fault(error):
        return Unavailable("The database failed; its own log says why. Nothing was lost; try again shortly.")
    return SociographError("The database refused a statement.")
