"""Why a candidate is shown, in words: who did what."""

from __future__ import annotations

from collections.abc import Mapping

from signals.profiles import Card
from signals.ranked import Affinity, SocialProof
from signals.wording import number

OFTEN = 5
"""As many events between two people are often."""
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


def people_did(proof: SocialProof, card: Card, ties: Mapping[str, Affinity]) -> str:
    """``4 people you often message liked it``, of all ties among the engagers."""
    users = [user for user in card.engagers if user in ties and not ties[user].blocked]
    return f"{number(proof.count, 'person', 'people')} you {_know(users, ties)} {_did(users, card)}"


def _know(users: list[str], ties: Mapping[str, Affinity]) -> str:
    """How the viewer deals with all of them."""
    if any(ties[user].outgoing + ties[user].incoming < OFTEN for user in users):
        return "know"
    messages = all(
        any(part.signal == "strength" and "wrote to" in (part.because or "") for part in ties[user].contributions)
        for user in users
    )
    return "often message" if messages else "often deal with"


def _did(users: list[str], card: Card) -> str:
    names = {card.engagers[user][1].partition(".")[2] for user in users}
    return DID.get(names.pop(), "engaged with it") if len(names) == 1 else "engaged with it"
