"""Consent over GraphQL, over ports that remember what they were asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from resolvers.consenting import Consent
from signals.standing import UNKNOWN, Declaration, Standing
from tests.factories import RECEIVED
from tests.unit.surface import Ports, answered, ask

SET = """mutation ($id: ID!, $analytics: Boolean, $personalisation: Boolean) {
  setConsent(userId: $id, analytics: $analytics, personalisation: $personalisation) {
    __typename
    ... on ConsentSet {
      consent { userId analytics personalisation recorded personalised erasedAt history { analytics } }
    }
    ... on InvalidInput { message problems { path message } }
    ... on Overloaded { retryAfterMs }
  }
}"""
READ = """query ($id: ID!, $first: Int) {
  consent(userId: $id) { recorded analytics history(first: $first) { at analytics personalisation } }
}"""
NO = UNKNOWN.declare(Declaration(RECEIVED, analytics=False))
YES = UNKNOWN.declare(Declaration(RECEIVED, analytics=True))


async def test_what_is_declared_is_told_to_the_writer() -> None:
    ports = Ports()
    answer = await answered(ports, SET, {"id": "ann", "analytics": False})
    assert ports.calls == [("declare", "ann", Declaration(RECEIVED, analytics=False))]
    assert answer["setConsent"] == {
        "__typename": "ConsentSet",
        "consent": {
            "userId": "ann",
            "analytics": False,
            "personalisation": None,
            "recorded": False,
            "personalised": True,
            "erasedAt": None,
            "history": [{"analytics": False}],
        },
    }


@pytest.mark.parametrize(
    ("variables", "path"),
    [
        ({"id": "ann"}, ["analytics"]),
        ({"id": "", "analytics": True}, ["userId"]),
        ({"id": "a\tb", "analytics": True}, ["userId"]),
    ],
)
async def test_what_cannot_be_declared_is_explained(variables: dict[str, object], path: list[str]) -> None:
    ports = Ports()
    answer = (await answered(ports, SET, variables))["setConsent"]
    assert answer["__typename"] == "InvalidInput"
    assert [problem["path"] for problem in answer["problems"]] == [path]
    assert ports.calls == []


async def test_a_busy_database_says_when_to_come_back() -> None:
    answer = await answered(Ports(overloaded=True), SET, {"id": "ann", "personalisation": False})
    assert answer["setConsent"] == {"__typename": "Overloaded", "retryAfterMs": 50}


async def test_the_history_is_newest_first_and_bounded() -> None:
    standing = UNKNOWN
    for n in range(4):
        standing = standing.declare(Declaration(RECEIVED + timedelta(days=n), analytics=n % 2 == 0))
    ports = Ports(known={"standing ann": standing})
    answer = (await answered(ports, READ, {"id": "ann", "first": 2}))["consent"]
    assert [row["analytics"] for row in answer["history"]] == [False, True]
    failed = await ask(ports, READ, {"id": "ann", "first": 501})
    assert failed.errors
    assert "at most 500" in failed.errors[0].message


async def test_a_user_has_it_too() -> None:
    ports = Ports(known={"standing ann": NO})
    answer = await answered(ports, '{ user(id: "ann") { consent { analytics recorded } } }')
    assert answer == {"user": {"consent": {"analytics": False, "recorded": False}}}


@pytest.mark.parametrize(
    ("standing", "optional", "required"),
    [
        (UNKNOWN, True, False),
        (YES, True, True),
        (NO, False, False),
        (YES.erased(RECEIVED), False, False),
    ],
)
def test_who_is_recorded(standing: Standing, optional: bool, required: bool) -> None:
    assert Consent("ann", standing, required=False).recorded is optional
    assert Consent("ann", standing, required=True).recorded is required
