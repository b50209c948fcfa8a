"""
SociographError
 ├── Unavailable          the database cannot be reached or did not answer in time
 ├── LimitExceeded        a list or page is longer than allowed
 ├── InvalidCursor        a cursor that was not given by this API
 ├── InvalidArgument      an argument outside its range
 └── StartupError         the service cannot start, and why
      └── DataFolderInUse another process has the data folder open

Raised for failures a caller is told about; the docstring is the message where none is given.
"""

from __future__ import annotations


class SociographError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class Unavailable(SociographError):
    """The database cannot be reached at the moment. Nothing was lost; try again shortly."""


class LimitExceeded(SociographError):
    """The list is longer than allowed."""


class InvalidCursor(SociographError):
    """This cursor was not given by this API. Start without one."""


class InvalidArgument(SociographError):
    """An argument is outside its range."""


class StartupError(SociographError):
    """The service cannot start."""


class DataFolderInUse(StartupError):
    """Another process has this data folder open."""
