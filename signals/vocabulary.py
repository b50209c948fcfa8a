"""What can be recorded and what it is worth: one table, ``vocabulary.toml``, and a deployment's own rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from signals.errors import StartupError
from signals.events import Face
from signals.vocabulary_table import Row, Table, read

DEFAULT = Path(__file__).with_name("vocabulary.toml")
CUSTOM = "CUSTOM"
"""The activity whose category and action come with each event."""
PROFILE_VISIT = "PROFILE_VISIT"
SOCIAL_CATEGORY = "social"


class Behaviour(StrEnum):
    """How events of a row add up."""

    COUNT = "count"
    """Each one counts."""
    STATE = "state"
    """On or off: the latest by (occurred_at, id) decides, doing it twice is once."""
    CONNECTION = "connection"
    """A step in the life of a connection between two users (``signals.connections``)."""


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the vocabulary."""

    name: str
    """As in the GraphQL enum: LIKE."""
    face: Face
    """PROFILE for PROFILE_VISIT, under whichever face it is asked for."""
    category: str | None
    """None for content, where the lower-case content type is the category, and for CUSTOM."""
    action: str
    weight: float
    """What one event says about engagement; 0 for what undoes, below 0 for rejections."""
    behaviour: Behaviour
    state: str | None
    """The row whose state this one sets: LIKE for LIKE and UNLIKE. None unless the behaviour is STATE."""
    on: bool
    """False for a row that undoes."""
    target: str | None
    """The content type that an activity's entity of the same lower-case name stands for: COMMUNITY."""
    points: float = 0.0
    """What one event earns its actor, where it does not say so itself."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every row by (face, name), in the table's order, and the content types.

    PROFILE_VISIT is one row under two keys: as a SOCIAL name and as the only PROFILE one.
    """

    terms: Mapping[tuple[Face, str], Term]
    content_types: tuple[str, ...]

    def term(self, face: Face, name: str) -> Term:
        """The row of an event of this face and name. Raises KeyError for an unknown one."""
        return self.terms[face, name]

    def names(self, face: Face) -> tuple[str, ...]:
        """The names of a face, as its GraphQL enum lists them."""
        return tuple(name for of, name in self.terms if of is face)

    @classmethod
    def load(cls, extra: Path | None = None) -> Vocabulary:
        """The built-in table with the rows of ``extra``. Raises StartupError when they do not fit together."""
        tables = [(DEFAULT, read(DEFAULT)), *([(extra, read(extra))] if extra else [])]
        content_types: dict[str, None] = {}
        rows: dict[tuple[Face, str], tuple[Path, Row]] = {}
        for path, table in tables:
            for name in table.content_types:
                if name in content_types:
                    raise _misfit(path, f"content_types.{name}", "is there already; leave it out")
                content_types[name] = None
            for face, name, row in _rows(table):
                if (face, name) in rows:
                    raise _misfit(path, f"{face}.{name}", "is there already and keeps its meaning; choose another name")
                rows[face, name] = path, row
        terms = {key: _term(key, path, row, rows, content_types) for key, (path, row) in rows.items()}
        _check(terms, rows)
        profile = {(Face.PROFILE, t.name): t for t in terms.values() if t.face is Face.PROFILE}
        return cls(MappingProxyType(terms | profile), tuple(content_types))


def _rows(table: Table) -> Iterator[tuple[Face, str, Row]]:
    for face, rows in ((Face.CONTENT, table.content), (Face.SOCIAL, table.social), (Face.ACTIVITY, table.activity)):
        for name, row in rows.items():
            yield face, name, row


def _term(
    key: tuple[Face, str],
    path: Path,
    row: Row,
    rows: Mapping[tuple[Face, str], tuple[Path, Row]],
    content_types: Mapping[str, None],
) -> Term:
    face, name = key
    fault = _fault(face, name, row, path is DEFAULT) or _undo_fault(face, row, rows)
    if fault:
        raise _misfit(path, f"{face}.{name}", fault)
    undone = rows[face, row.undoes][1] if row.undoes else row
    if undone.target is not None and undone.target not in content_types:
        raise _misfit(path, f"{face}.{name}", f"target {undone.target} is no content type; add it to content_types")
    behaviour = Behaviour(undone.behaviour or Behaviour.COUNT)
    return Term(
        name=name,
        face=Face.PROFILE if row.face else face,
        category=row.category or (SOCIAL_CATEGORY if face is Face.SOCIAL else None),
        action=row.action or name.lower(),
        weight=row.weight or 0.0,
        behaviour=behaviour,
        state=(row.undoes or name) if behaviour is Behaviour.STATE else None,
        on=row.undoes is None,
        target=undone.target,
        points=row.points or 0.0,
    )


def _fault(face: Face, name: str, row: Row, built_in: bool) -> str | None:
    """What is wrong with a row by itself."""
    if not built_in and (row.behaviour == "connection" or row.face is not None):
        return "the connection lifecycle and the profile visit are built in; use behaviour count or state and no face"
    if row.undoes is not None and (row.weight or row.behaviour or row.target):
        return "what undoes has weight 0 and takes behaviour and target from the row it undoes; leave them out"
    if row.undoes is None and row.weight is None:
        return "needs a weight (0 where it says nothing about engagement)"
    if face is Face.ACTIVITY:
        if name != CUSTOM and (row.category is None or row.action is None):
            return "an activity needs category and action"
        if (row.behaviour == "state") != (row.target is not None) and row.undoes is None:
            return "an activity with behaviour state needs a target content type to hold the state, and only such a one"
    elif row.target is not None:
        return "only activities have a target"
    elif row.face is None and (row.category is not None or row.action is not None):
        return "category and action follow from the name here; leave them out"
    return None


def _undo_fault(face: Face, row: Row, rows: Mapping[tuple[Face, str], tuple[Path, Row]]) -> str | None:
    if row.undoes is None:
        return None
    _, undone = rows.get((face, row.undoes), (None, None))
    if undone is None:
        return f"undoes {row.undoes}, which is no {face} row; name one with behaviour state"
    if undone.behaviour != "state":
        return f"undoes {row.undoes}, which is no state; only a row with behaviour state can be undone"
    return None


def _check(terms: Mapping[tuple[Face, str], Term], rows: Mapping[tuple[Face, str], tuple[Path, Row]]) -> None:
    """What no row shows by itself: two rows for one state of a person's relation to content, or for one type."""
    states: dict[str, str] = {}
    types: dict[tuple[str | None, str], str] = {}
    for (face, name), term in terms.items():
        where = f"{face}.{name}"
        if term.state == name and face is not Face.SOCIAL and states.setdefault(name, where) != where:
            raise _misfit(rows[face, name][0], where, f"is the same state as {states[name]}; choose another name")
        if face is Face.ACTIVITY:
            other = types.setdefault((term.category, term.action), where)
            if other != where:
                raise _misfit(rows[face, name][0], where, f"has the type of {other}; choose another category or action")


def _misfit(path: Path, row: str, fault: str) -> StartupError:
    return StartupError(f"The vocabulary {path}, {row}: {fault}.")
