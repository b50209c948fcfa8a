"""Why a candidate is shown, in words: who did what."""

from __future__ import annotations

from signals.witnesses import Ties, Weighed
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


def people_did(weighed: Weighed, ties: Ties) -> str:
    """``4 people you often message liked it``, of all ties among the engagers."""
    return f"{number(len(weighed), 'person', 'people')} you {_know(weighed, ties)} {_did(weighed)}"


def _know(weighed: Weighed, ties: Ties) -> str:
    """How the viewer deals with all of them."""
    users = [witness[1] for witness in weighed]
    if not ties.often.issuperset(users):
        return "know"
    return "often message" if ties.talked.issuperset(users) else "often deal with"


def _did(weighed: Weighed) -> str:
    names = {code.partition(".")[2] for code in {witness[3] for witness in weighed}}
    return DID.get(names.pop(), OTHERWISE) if len(names) == 1 else OTHERWISE
