"""How many who see a content do more than look: with a prior, so that 1 of 1 does not beat 900 of 1000."""

from __future__ import annotations

from signals.weights import EngagementWeights

INTERACTION = 3.0
"""Vocabulary weight from which an event is more than a look: a like, a save, a comment, a share."""


def engagement_rate(interactions: int, views: int, weights: EngagementWeights) -> float:
    """(E + p s) / (max(V, E) + s): E events of weight INTERACTION or more, V views, p expected with the weight of s.

    The posterior mean of a rate whose prior is Beta(p s, (1 - p) s). 0 to 1, though E may be above V: not every
    client reports views.
    """
    expected = weights.rate * weights.strength
    return (interactions + expected) / (max(views, interactions) + weights.strength)
