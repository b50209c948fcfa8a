"""The guard of metadata and context: what looks like personal data does not get in as it is."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.guarding import guarded
from schema.settings import Settings
from signals.errors import StartupError
from signals.events import JSON, Event, Face
from signals.fingerprint import fingerprint
from signals.forms import Check, Wrong
from signals.guard import hashed, hashing, refusing
from signals.intake import Intake
from signals.json_values import json_value
from signals.outcomes import InvalidInput
from signals.personal_data import KEYS, Kinds, PersonalData, standard, words
from tests.factories import VOCABULARY

KINDS = Kinds(standard())
KEY = b"a key for tests"
REFUSE, HASH = refusing(json_value, KINDS), hashing(json_value, KINDS, KEY)
LOOKING = Kinds(PersonalData(**{**standard().model_dump(), "look": {"texts": True}}))
NOW = datetime(2026, 3, 1, tzinfo=UTC)
PERSONAL = {
    "email": "email userEmail user_email e-mail E-Mail eMail email2 emailaddress emailAddress mail \uff45mail émail",
    "phone": "phone phone1 phoneNumber phonenumber PHONE_NUMBER telephone mobile",
    "address": "address billingAddress street home-address zip zipCode post_code postalCode",
    "name": "firstName first_name lastname LastName surname customerName fullName",
    "birthday": "dob dateOfBirth birthday BirthDate",
    "ip": "ip ipAddress ip_address clientIP client_ip userIPv4 ipv6",
    "bank": "iban IBAN cardNumber credit_card bankAccount",
    "place": "latitude gpsPosition",
    "secret": "password passwordHash apiKey access_token",
}
ORDINARY = (
    "name filename eventName title tag yogaPath current longest lastDate from rank thread shipping zipfile script "
    "description recipe tip clip mobileApp phoneModel place source campaign mailing streetwear addressee path query n "
    "section slot screen ab_test variant locale theme plan price currency quantity sku category level score words card"
)


def kinds_of(value: JSON, check: Check = REFUSE) -> list[tuple[str, str]]:
    """Where something was found, and of which kind."""
    try:
        check(value)
    except Wrong as wrong:
        return [(".".join(p.path), p.message.partition("(")[2].partition(")")[0]) for p in wrong.problems]
    return []


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind, keys in PERSONAL.items() for key in keys.split()])
def test_keys_that_announce_personal_data(kind: str, key: str) -> None:
    expected = "address" if key == "ip_address" and kind == "address" else kind
    assert KINDS.of_key(key) == expected


@pytest.mark.parametrize("key", ORDINARY.split())
def test_ordinary_keys_pass(key: str) -> None:
    assert KINDS.of_key(key) is None
    assert REFUSE({key: "anything"}) == {key: "anything"}


def test_what_is_found_is_named_with_its_place() -> None:
    value: JSON = {"form": [{"step": 1}, {"firstName": "Ann", "more": {"e-mail": "ann@example.org"}}], "zip": None}
    assert kinds_of(value) == [("form.1.firstName", "name"), ("form.1.more.e-mail", "email")]


def test_a_message_says_what_to_do() -> None:
    with pytest.raises(Wrong) as raised:
        REFUSE({"email": "ann@example.org"})
    [problem] = raised.value.problems
    assert problem.message == ("looks like personal data (email); leave it out, or send an id of your own in its place")
    assert "ann@example.org" not in problem.message


def test_problems_are_bounded() -> None:
    assert len(kinds_of([{"email": n} for n in range(200)])) == 50


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to ann@example.org, please", "email"),
        ("+49 170 1234567", "phone"),
        ("0049 (170) 123-4567", "phone"),
        ("DE89 3704 0044 0532 0130 00", "iban"),
        ("GB82WEST12345698765432", "iban"),
    ],
)
def test_texts_are_looked_at_where_that_is_set(text: str, kind: str) -> None:
    assert kinds_of({"note": [text]}, refusing(json_value, LOOKING)) == [("note.0", kind)]
    assert kinds_of({"note": [text]}) == []


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "2026-03-01T10:00:00+02:00",
        "post:like",
        "user@",
        "@ann",
        "1.5 + 2.5",
        "12345678901234567890",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "+1",
        "POST",
        "https://example.org/a?b=c",
    ],
)
def test_ordinary_texts_pass(text: str) -> None:
    assert LOOKING.of_text(text) is None


def test_hashes_are_the_same_for_the_same_value_alone() -> None:
    one = HASH({"user": {"email": "ann@example.org", "plan": "free"}, "ids": [{"phone": 1}, {"phone": 2}]})
    assert one == HASH({"user": {"plan": "free", "email": "ann@example.org"}, "ids": [{"phone": 1}, {"phone": 2}]})
    assert one["user"]["plan"] == "free"
    values = [one["user"]["email"], one["ids"][0]["phone"], one["ids"][1]["phone"]]
    assert len({*values, hashed("ann@example.org", b"another key")}) == 4
    assert all(value.startswith("hmac:") and len(value) == 37 for value in values)


def test_a_hash_is_that_of_rfc_2104() -> None:
    # printf '"ann@example.org"' | openssl dgst -sha256 -hmac "a key for tests"
    assert hashed("ann@example.org", KEY) == "hmac:e5414a04a14f498757c6907fdeddd4be"


def test_what_is_hashed_already_stays_and_passes() -> None:
    once = HASH({"email": "ann@example.org", "address": {"city": "Bern"}})
    assert HASH(once) == once
    assert REFUSE(once) == once


def test_nothing_is_hashed_where_nothing_is_told() -> None:
    assert HASH({"email": None, "phone": ""}) == {"email": None, "phone": ""}


PLAIN = st.text("abcdefghij 0123456789", max_size=6)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(PLAIN | st.sampled_from([k for keys in PERSONAL.values() for k in keys.split()]), inner)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_what_was_hashed_is_not_refused_and_what_passes_is_untouched(value: JSON) -> None:
    kept = HASH(value)
    assert REFUSE(kept) == kept
    assert HASH(kept) == kept
    assert (kept == value) == (kinds_of(value) == [])
    assert shape(kept) == shape(value)


def shape(value: JSON) -> list[str]:
    """The keys outside of what is personal."""
    if isinstance(value, dict):
        found = sorted(value)
        return found + [k for name in found if KINDS.of_key(name) is None for k in shape(value[name])]
    return [k for each in value for k in shape(each)] if isinstance(value, list) else []


def event(metadata: JSON, check: Check) -> Event | InvalidInput:
    raw = {"id": "e1", "userId": "ann", "activity": "LOGIN", "metadata": metadata, "context": {"step": 1}}
    return Intake(VOCABULARY, check).event(raw, Face.ACTIVITY, NOW)


def test_the_intake_refuses_with_a_path_from_the_input_on() -> None:
    outcome = event({"email": "ann@example.org"}, REFUSE)
    assert isinstance(outcome, InvalidInput)
    assert [problem.path for problem in outcome.problems] == [("metadata", "email")]
    raw = {"activity": {"userId": "ann", "activity": "LOGIN", "context": [{"ip": "10.0.0.1"}]}}
    batch = Intake(VOCABULARY, REFUSE).one_of(raw, NOW)
    assert isinstance(batch, InvalidInput)
    assert [problem.path for problem in batch.problems] == [("activity", "context", "0", "ip")]


def test_a_retry_of_a_hashed_event_says_the_same() -> None:
    first, again = event({"email": "ann@example.org"}, HASH), event({"email": "ann@example.org"}, HASH)
    assert isinstance(first, Event)
    assert isinstance(again, Event)
    assert fingerprint(first) == fingerprint(again)
    assert "example.org" not in json.dumps(first.metadata)


def test_keys_are_remembered_within_bounds() -> None:
    kinds = Kinds(standard())
    for n in range(KEYS + 100):
        kinds.of_key(f"key{n}")
    kinds.of_key("x" * 5000)
    assert len(kinds._known) == KEYS


@given(st.text())
def test_any_key_can_be_read(key: str) -> None:
    assert all(word and word == word.lower() for word in words(key))
    KINDS.of_key(key)


def settings(**given: Any) -> Settings:
    return Settings.load(**given)


def test_a_deployment_has_patterns_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[keys]\nname = []\nbadge = ["badge number", "почта"]\n[look]\ntexts = true\n')
    check = guarded(settings(personal_data=own))
    assert check({"firstName": "kept here"}) == {"firstName": "kept here"}
    assert kinds_of({"badgeNumber": 7}, check) == [("badgeNumber", "badge")]
    assert kinds_of({"Почта": 7}, check) == [("Почта", "badge")]
    assert kinds_of({"email": 7}, check) == [("email", "email")]
    assert kinds_of({"note": "ann@example.org"}, check) == [("note", "email")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[keys]\nname = ['']\n", "has no word"),
        ("[values]\nemail = '('\n", "no regular expression"),
        ("[look]\ntexts = 1\n", "valid boolean"),
        ("[other]\na = 1\n", "is no row"),
    ],
)
def test_a_wrong_table_is_explained(tmp_path: Path, text: str, said: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text)
    with pytest.raises(StartupError, match=said):
        guarded(settings(personal_data=own))


def test_the_guard_can_be_off() -> None:
    assert guarded(settings(metadata_guard="off")) is json_value


def test_hashing_needs_a_key() -> None:
    with pytest.raises(StartupError, match="SOCIOGRAPH_METADATA_KEY"):
        guarded(settings(metadata_guard="hash"))
    check = guarded(settings(metadata_guard="hash", metadata_key=KEY.decode()))
    assert check({"email": "ann@example.org"}) == HASH({"email": "ann@example.org"})


def long_texts() -> Iterator[str]:
    chance = random.Random(4)
    for letters in ("a", "a@", "+1", "+49 ", "A1 ", "0", "(-", "GB82"):
        yield letters * (4000 // len(letters))
        yield "".join(chance.choice(letters) for _ in range(4000))


@pytest.mark.parametrize("text", list(long_texts()))
def test_no_text_takes_long_to_look_at(text: str) -> None:
    started = datetime.now(UTC)
    LOOKING.of_text(text)
    assert (datetime.now(UTC) - started).total_seconds() < 0.5
