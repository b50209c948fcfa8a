"""Which features a feed query asks for, read off the fields it selects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from strawberry.types.nodes import SelectedField, Selection

from schema.context import Info
from signals.feed import Feature

FEATURES = {
    "score": Feature.SCORE,
    "contributions": Feature.SCORE,
    "because": Feature.SCORE,
    "popularity": Feature.POPULARITY,
    "reporters": Feature.POPULARITY,
    "trend": Feature.TREND,
    "rising": Feature.TREND,
    "rates": Feature.RATES,
    "authorAffinity": Feature.AUTHOR_AFFINITY,
    "socialProof": Feature.SOCIAL_PROOF,
    "socialProofCount": Feature.SOCIAL_PROOF,
    "socialProofStrength": Feature.SOCIAL_PROOF,
    "coAction": Feature.CO_ACTION,
    "seen": Feature.MINE,
    "lastSeenAt": Feature.MINE,
    "myInteractions": Feature.MINE,
    "hidden": Feature.MINE,
    "hiddenBecause": Feature.MINE,
}
"""By the field of CandidateSignals or of FeedColumns that shows it."""


def fields(selections: Sequence[Selection]) -> Iterator[SelectedField]:
    """The fields selected here, those in fragments among them."""
    for selection in selections:
        if isinstance(selection, SelectedField):
            yield selection
        else:
            yield from fields(selection.selections)


def below(selections: Sequence[Selection], *path: str) -> Iterator[SelectedField]:
    """The fields selected at the end of ``path``."""
    for selected in fields(selections):
        if not path:
            yield selected
        elif selected.name == path[0]:
            yield from below(selected.selections, *path[1:])


def features(info: Info) -> frozenset[Feature]:
    """What the fields below ``feedSignals`` are made of."""
    names = {
        selected.name
        for root in info.selected_fields
        for part in ("candidates", "columns")
        for selected in below(root.selections, part)
    }
    return frozenset(FEATURES[name] for name in names & FEATURES.keys())


def selects(info: Info, *names: str) -> bool:
    """Whether any of these fields is selected below this one."""
    return any(selected.name in names for root in info.selected_fields for selected in below(root.selections))


def counted(info: Info) -> bool:
    """Whether nothing but the number of ties is selected of the social proof."""
    rows = {part.name for part in below_all(info, "candidates", "socialProof")}
    columns = {part.name for part in below_all(info, "columns")}
    return rows <= {"count", "__typename"} and "socialProofStrength" not in columns


def named(info: Info) -> bool:
    """Whether the witnesses themselves are selected."""
    return any(part.name == "witnesses" for part in below_all(info, "candidates", "socialProof"))


def worded(info: Info) -> bool:
    """Whether the reasons in words are selected."""
    paths = (("candidates",), ("candidates", "contributions"))
    return any(part.name == "because" for path in paths for part in below_all(info, *path))


def below_all(info: Info, *path: str) -> Iterator[SelectedField]:
    """The fields selected at the end of ``path``, below this one."""
    return (part for root in info.selected_fields for part in below(root.selections, *path))
