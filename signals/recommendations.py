"""Putting recommended contents in order, so that no author fills the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from signals.ranked import CandidateSignals
from signals.weights import Weights


def diverse(
    ranked: Sequence[CandidateSignals], authors: Mapping[str, str | None], first: int, weights: Weights
) -> list[CandidateSignals]:
    """The ``first`` best, the k-th content of an author counting ``same_author^(k-1)`` of its score.

    ``authors``: by content key; contents without a known author do not crowd each other. Ties break by content key.
    """
    left = sorted(ranked, key=lambda one: (-one.score, one.content.key))
    taken: dict[str, int] = {}
    chosen: list[CandidateSignals] = []
    queues: dict[str, list[CandidateSignals]] = {}
    for one in left:
        queues.setdefault(authors.get(one.content.key) or f"\t{one.content.key}", []).append(one)
    heads = {author: queue[::-1] for author, queue in queues.items()}
    while heads and len(chosen) < first:
        author = min(heads, key=lambda a: (-_left(heads[a][-1], taken.get(a, 0), weights), heads[a][-1].content.key))
        chosen.append(heads[author].pop())
        taken[author] = taken.get(author, 0) + 1
        if not heads[author]:
            del heads[author]
    return chosen


def _left(one: CandidateSignals, before: int, weights: Weights) -> float:
    """The score that is left of a content when ``before`` of the same author stand above it."""
    return one.score * weights.diversity.same_author**before if one.score > 0 else one.score
