"""Documents by their id, and which are run."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from schema.documents_by_id import AnyDocument, TrustedDocuments, document_id, naming
from schema.principal import LOCAL, Principal, Role
from schema.refusals import Turned
from signals.errors import StartupError
from tests.unit.surface import SCHEMA

HABITS = "{ populationHabits { at } }"
USER = "query U($id: ID!) { user(id: $id) { id } }"
HASH = hashlib.sha256(HABITS.encode()).hexdigest()
CLIENT, ADMIN = Principal("key-ann", Role.CLIENT, "ann"), Principal("key-root", Role.ADMIN)


def load(tmp_path: Path, found: object, *, free_admins: bool = True) -> TrustedDocuments:
    path = tmp_path / "documents.json"
    path.write_text(found if isinstance(found, str) else json.dumps(found), encoding="utf-8")
    return TrustedDocuments.load(path, SCHEMA._schema, free_admins=free_admins)


def code(documents: TrustedDocuments | AnyDocument, *asked: Any) -> str:
    with pytest.raises(Turned) as error:
        documents.document(*asked)
    return error.value.code


@pytest.mark.parametrize("key", [HASH, f"sha256:{HASH}"])
def test_a_document_is_found_by_its_hash(tmp_path: Path, key: str) -> None:
    documents = load(tmp_path, {key: HABITS, "user": USER})
    for id in (HASH, f"sha256:{HASH}"):
        assert documents.document(None, id, CLIENT) == HABITS
    assert documents.document("", "user", CLIENT) == USER
    assert documents.document(HABITS, None, CLIENT) == HABITS
    assert documents.document(HABITS, "anything", CLIENT) == HABITS
    assert code(documents, None, "f" * 64, CLIENT) == "UNKNOWN_DOCUMENT"
    assert code(documents, None, None, CLIENT) == "BAD_REQUEST"
    assert code(documents, HABITS + " ", None, CLIENT) == "DOCUMENT_NOT_TRUSTED"
    assert code(documents, "{ __typename }", HASH, CLIENT) == "DOCUMENT_NOT_TRUSTED"
    assert code(documents, "\ud800", None, CLIENT) == "DOCUMENT_NOT_TRUSTED"


def test_only_administrators_who_said_who_they_are_go_free(tmp_path: Path) -> None:
    free, bound = load(tmp_path, {"user": USER}), load(tmp_path, {"user": USER}, free_admins=False)
    assert free.document("{ __typename }", None, ADMIN) == "{ __typename }"
    assert free.document(None, "user", ADMIN) == USER
    for documents, who in [(free, LOCAL), (free, CLIENT), (free, Principal("s", Role.SERVICE)), (bound, ADMIN)]:
        assert code(documents, "{ __typename }", None, who) == "DOCUMENT_NOT_TRUSTED"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"a" * 64: HABITS}, "not the SHA-256"),
        ({"sha256:short": HABITS}, "not the SHA-256"),
        ({"broken": "{ user("}, "broken: Syntax Error"),
        ({"stale": "{ nobodyKnows }"}, "stale: Cannot query field 'nobodyKnows'"),
        ({"number": 5}, "JSON object from"),
        ([HABITS], "JSON object from"),
        ("{", "cannot be read"),
    ],
)
def test_a_wrong_file_is_said_at_start(tmp_path: Path, found: object, said: str) -> None:
    with pytest.raises(StartupError, match=said):
        load(tmp_path, found)
    with pytest.raises(StartupError, match="cannot be read"):
        TrustedDocuments.load(tmp_path / "nowhere.json", SCHEMA._schema, free_admins=True)


def test_without_trusted_documents_clients_learn_to_send_the_text() -> None:
    assert AnyDocument().document(USER, HASH, CLIENT) == USER
    assert code(AnyDocument(), None, HASH, CLIENT) == "PERSISTED_QUERY_NOT_SUPPORTED"
    assert code(AnyDocument(), "", None, CLIENT) == "BAD_REQUEST"


def test_a_request_names_its_document_in_two_ways() -> None:
    persisted = {"persistedQuery": {"version": 1, "sha256Hash": HASH}}
    assert document_id(persisted) == HASH
    assert document_id(naming(None, HASH)) == document_id(naming({"other": 1}, HASH)) == HASH
    assert document_id(naming(persisted, "mine")) == "mine"
    assert document_id(naming(persisted, None)) == HASH
    others: list[dict[str, Any]] = [{}, {"persistedQuery": None}, {"persistedQuery": "x"}, {"persistedQuery": {}}]
    for nothing in (None, *others):
        assert document_id(nothing) is None
    with pytest.raises(Turned, match="must be a string"):
        document_id({"persistedQuery": {"sha256Hash": 5}})
