"""Lists completed at once are answered as the executor answers them, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from schema.plain import PlainLists
from schema.types.feed import Columns
from signals.events import EventPage
from tests.factories import did, met
from tests.unit.surface import Answer, Ports, ask
from tests.unit.test_feed import ALL, crowd
from tests.unit.test_schema_ranking import ports

REFS = [{"type": ref.type, "id": ref.id} for ref in ALL]
FEED = 'query ($c: [ContentRef!]!) { feedSignals(viewerId: "ann", candidates: $c)'
QUERIES = (
    f"""{FEED} {{ __typename asOf dropped candidates {{ __typename content {{ type id }} s: score contributions {{
      signal value weight contribution because }} popularity trend rising authorAffinity coAction socialProof {{ count
      strength witnesses {{ user {{ id }} interaction occurredAt affinity }} }} rates {{ clickThrough like comment share
      save hide }} reporters seen lastSeenAt myInteractions {{ type count }} hidden hiddenBecause because }} }} }}""",
    f"""{FEED} {{ columns {{ score seen lastSeenAt hiddenBecause id type socialProofCount rates {{ like }} contributions
      {{ signal contribution }} }} }} }}""",
    f"{FEED} {{ candidates {{ content {{ id author {{ id }} }} contributions {{ signal }} }} }} }}",
    f"{FEED} {{ candidates {{ contributions {{ signal }} content {{ author {{ id ties {{ score }} }} }} }} }} }}",
    """query ($no: Boolean = false) { affinities(viewerId: "ann", userIds: ["bea", "gus", "zoe", "bea"]) {
      score @include(if: $no) outgoing @skip(if: $no) ...a connection { status } user { ... on User { id } } } }
      fragment a on Affinity { lastInteractionAt ...b } fragment b on Affinity { contributions { signal } }""",
)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each list that was completed, whether it was at once."""
    found: list[bool] = []
    completion = PlainLists._completion

    def watched(self: PlainLists, *given: Any) -> Any:
        made = completion(self, *given)
        found.append(made is not None)
        return made

    monkeypatch.setattr(PlainLists, "_completion", watched)
    return found


async def both(monkeypatch: pytest.MonkeyPatch, query: str, **known: Any) -> tuple[Answer, Answer]:
    """The answer in the quick way and in the executor's."""
    answers = []
    for quick in (True, False):
        with monkeypatch.context() as patch:
            if not quick:
                patch.setattr(PlainLists, "_completion", lambda *_: None)
            found = ports(crowd())
            found.known.update(known)
            answers.append(await ask(found, query, {"c": REFS} if "$c" in query else None))
    return answers[0], answers[1]


@pytest.mark.parametrize("query", QUERIES)
async def test_the_same_answer(monkeypatch: pytest.MonkeyPatch, query: str, made: list[bool]) -> None:
    quick, slow = await both(monkeypatch, query)
    assert not quick.errors, quick.errors
    assert quick.data == slow.data
    assert any(made)


async def test_what_is_not_plain_is_left_to_the_executor(made: list[bool]) -> None:
    page = EventPage((did("LIKE", "ann", id="a"), met("FOLLOW", "ann", "bea", id="b")), ("1", "2"), False)
    query = "{ events { edges { cursor node { id } } } }"
    answer = await ask(Ports(page=page), query)
    assert not answer.errors
    assert made == [False]


@pytest.mark.parametrize("wrong", [None, "high", float("nan"), float("inf"), [1.0]])
async def test_a_value_that_does_not_fit_is_told_in_the_same_way(monkeypatch: pytest.MonkeyPatch, wrong: Any) -> None:
    monkeypatch.setattr(Columns, "score", property(lambda self: [wrong for _ in self.rows]))
    quick, slow = await both(monkeypatch, f"{FEED} {{ columns {{ score id }} }} }}")
    assert quick.data is slow.data is None
    assert [(e.path, e.message) for e in quick.errors] == [(e.path, e.message) for e in slow.errors]
    assert quick.errors


async def test_one_document_is_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    make = PlainLists._make

    def watched(self: PlainLists, type: Any, selected: Any) -> Any:
        made.append(selected[0].node.name.value)
        return make(self, type, selected)

    monkeypatch.setattr(PlainLists, "_make", watched)
    query = f"{FEED} {{ candidates {{ score once: trend }} }} }}"
    first, second = [await ask(ports(crowd()), query, {"c": REFS}) for _ in range(2)]
    assert made == ["candidates"]
    assert first.data == second.data
    assert not first.errors


async def test_what_variables_decide_is_decided_for_each_request() -> None:
    query = f"query ($no: Boolean!, {FEED[7:]} {{ candidates {{ score trend @skip(if: $no) }} }} }}"
    for no in (True, False, True):
        answer = await ask(ports(crowd()), query, {"c": REFS, "no": no})
        assert not answer.errors, answer.errors
        assert answer.data is not None
        rows = answer.data["feedSignals"]["candidates"]
        assert [row.keys() for row in rows] == [{"score"} if no else {"score", "trend"}] * len(REFS)
