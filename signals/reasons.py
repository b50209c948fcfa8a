"""Why a candidate is shown, in words: who did what."""

from __future__ import annotations

from collections.abc import Sequence

from signals.profiles import Card
from signals.witnesses import Ties
from signals.wording import number

DID = {
    "VIEW": "viewed it",
    "CLICK": "opened it",
    "DWELL": "read it",
    "LIKE": "liked it",
    "REACT": "reacted to it",
    "COMMENT": "commented on it",
    "REPLY": "replied to it",
    "SHARE": "shared it",
    "SAVE": "saved it",
    "FOLLOW": "follow it",
    "COMMUNITY_JOIN": "joined it",
}

OTHERWISE = "engaged with it"


def people_did(users: Sequence[str], card: Card, ties: Ties) -> str:
    """``4 people you often message liked it``, of all ties among the engagers."""
    return f"{number(len(users), 'person', 'people')} you {_know(users, ties)} {_did(users, card)}"


def _know(users: Sequence[str], ties: Ties) -> str:
    """How the viewer deals with all of them."""
    if not ties.often.issuperset(users):
        return "know"
    return "often message" if ties.talked.issuperset(users) else "often deal with"


def _did(users: Sequence[str], card: Card) -> str:
    engagers = card.engagers
    names = {code.partition(".")[2] for code in {engagers[user][1] for user in users}}
    return DID.get(names.pop(), OTHERWISE) if len(names) == 1 else OTHERWISE
