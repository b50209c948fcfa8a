"""Rows of a file of streaks that an older system kept, as the events that tell of them.

Columns, in any case: ``user, current, longest, lastDate``. The event's id follows from all four, so that the same row
makes the same event; where a user has several, the one that was recorded last holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import blake2b
from typing import Any

import orjson

from signals.checks import identifier
from signals.forms import Field, Form, Wrong, shown
from signals.outcomes import InvalidInput, Problem
from signals.rows import Raw
from signals.streak_imports import FIRST_DATE, IMPORTED, MOST_DAYS

COLUMNS = ("user", "current", "longest", "lastdate")
NAMES = {"user": "user", "current": "current", "longest": "longest", "lastdate": "lastDate"}
"""Columns as they are compared, and as they are written."""


class StreakRows:
    """Reads rows. ``today``: the latest date there is anywhere, later than which nobody was active."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._ids: dict[str, str] = {}
        self._form = Form(
            {
                "user": Field("user", _user, required=True),
                "current": Field("current", _days, required=True),
                "longest": Field("longest", _days, required=True),
                "lastDate": Field("last", self._date),
            }
        )

    def event(self, row: Mapping[str, Any]) -> Raw | InvalidInput:
        """The EventInput that stands for ``row``, or everything that is wrong with it. Other columns mean nothing."""
        cells = {str(name).strip().lower().replace("_", ""): value for name, value in row.items()}
        values, problems = self._form.read({name: cells.get(column) for column, name in NAMES.items()})
        problems = problems or _misfit(values)
        if problems:
            return InvalidInput(tuple(problems))
        user, last = values["user"], values.get("last")
        told = {
            "current": values["current"],
            "longest": values["longest"],
            "lastDate": last.isoformat() if last else None,
        }
        id = f"streak-import-{blake2b(orjson.dumps([user, *told.values()]), digest_size=16).hexdigest()}"
        if self._ids.setdefault(user, id) != id:
            return InvalidInput((Problem(("user",), "stands in the file already, with other figures; keep one row"),))
        return {"activity": {"id": id, "userId": user, "activity": IMPORTED, "metadata": told}}

    def _date(self, value: object) -> date | None:
        text = value.strip() if isinstance(value, str) else str(value)
        try:
            day = date.fromisoformat(text) if text else None
        except ValueError:
            raise Wrong.because(f"{shown(text)} is no date; write one such as 2026-03-01") from None
        if day is not None and not FIRST_DATE <= day <= self._today:
            raise Wrong.because(f"is {day}; it must be a date from {FIRST_DATE} to today")
        return day


def _user(value: object) -> str:
    return identifier(value.strip() if isinstance(value, str) else value)


def _days(value: object) -> int:
    """A number of days, or its digits."""
    text = value.strip() if isinstance(value, str) else ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else value
    if not isinstance(number, int) or isinstance(number, bool):
        raise Wrong.because("must be a whole number of days")
    if not 0 <= number <= MOST_DAYS:
        raise Wrong.because(f"must be from 0 to {MOST_DAYS} days")
    return number


def _misfit(values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong between cells that are right by themselves."""
    current, longest = values["current"], values["longest"]
    if longest < current:
        return [Problem(("longest",), f"is {longest}, and current is {current}; a streak that runs is one of them")]
    if current and values.get("last") is None:
        return [Problem(("lastDate",), "is missing; without it nobody can say whether the streak goes on")]
    return []
