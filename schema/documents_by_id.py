"""Documents by their id: a client sends the id in place of the text, and where it is so set, nothing else is run.

A file names the documents that an operator trusts: a JSON object from id to text, as build tools of clients write it.
An id is commonly the SHA-256 of the text; one that looks like it must be it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

from graphql import GraphQLError, GraphQLSchema, parse, validate

from schema.principal import LOCAL, Principal, Role
from schema.refusals import Turned
from signals.errors import StartupError

PREFIX = "sha256:"
PERSISTED, HASH = "persistedQuery", "sha256Hash"
"""Where ``extensions`` say it."""
SHA256 = re.compile(r"[0-9a-f]{64}")


class Documents(Protocol):
    """Says what a request runs."""

    def document(self, text: str | None, id: str | None, principal: Principal) -> str:
        """Of a request with this text, this id, or both. Raises Turned."""
        ...


@dataclass(frozen=True, slots=True)
class AnyDocument:
    """Runs what is sent."""

    def document(self, text: str | None, id: str | None, _: Principal) -> str:
        """The text; raises Turned where there is none, in the words upon which clients send it."""
        if text:
            return text
        raise Turned(
            HTTPStatus.BAD_REQUEST,
            "The request has no query." if id is None else "No documents are kept here: send the query itself.",
            "BAD_REQUEST" if id is None else "PERSISTED_QUERY_NOT_SUPPORTED",
        )


@dataclass(frozen=True, slots=True)
class TrustedDocuments:
    """Runs these only. ``free_admins``: administrators who have said who they are send what they like."""

    texts: Mapping[str, str]
    free_admins: bool = True
    known: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", frozenset(self.texts.values()))

    @classmethod
    def load(cls, path: Path, schema: GraphQLSchema, *, free_admins: bool) -> TrustedDocuments:
        """From a file. Raises StartupError that names each document that cannot be run."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StartupError(f"The trusted documents cannot be read from {path}: {error}") from error
        if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
            raise StartupError(f"{path} must be a JSON object from document ids to GraphQL texts.")
        problems = [f"  {id}: {problem}" for id, text in found.items() if (problem := _problem(schema, id, text))]
        if problems:
            raise StartupError("\n".join([f"These documents of {path} cannot be run:", *problems]))
        return cls({id.removeprefix(PREFIX): text for id, text in found.items()}, free_admins)

    def document(self, text: str | None, id: str | None, principal: Principal) -> str:
        """The document of that id, or the text where it is one of the documents. Raises Turned."""
        if self.free_admins and principal.role is Role.ADMIN and principal != LOCAL and text:
            return text
        if text:
            if text in self.known:
                return text
            raise Turned(
                HTTPStatus.FORBIDDEN,
                "Only documents that the operators trust are run here; this is none of them.",
                "DOCUMENT_NOT_TRUSTED",
            )
        known = None if id is None else self.texts.get(id.removeprefix(PREFIX))
        if known is None:
            raise Turned(
                HTTPStatus.BAD_REQUEST,
                "The request names no document: send documentId." if id is None else "There is no document of this id.",
                "BAD_REQUEST" if id is None else "UNKNOWN_DOCUMENT",
            )
        return known


def naming(extensions: dict[str, Any] | None, id: str | None) -> dict[str, Any] | None:
    """The extensions of a request, saying which document it names by ``documentId``."""
    return extensions if id is None else {**(extensions or {}), PERSISTED: {HASH: id}}


def document_id(extensions: Mapping[str, Any] | None) -> str | None:
    """The id of the document that a request names. Raises Turned where it is none."""
    persisted = (extensions or {}).get(PERSISTED)
    id = persisted.get(HASH) if isinstance(persisted, dict) else None
    if id is None or isinstance(id, str):
        return id
    raise Turned(HTTPStatus.BAD_REQUEST, f"extensions.{PERSISTED}.{HASH} must be a string.", "BAD_REQUEST")


def _problem(schema: GraphQLSchema, id: str, text: str) -> str | None:
    name = id.removeprefix(PREFIX)
    if (id.startswith(PREFIX) or SHA256.fullmatch(name)) and hashlib.sha256(text.encode()).hexdigest() != name:
        return "this is not the SHA-256 of the text"
    try:
        errors = validate(schema, parse(text))
    except GraphQLError as error:
        errors = [error]
    return errors[0].message if errors else None
