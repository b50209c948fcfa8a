"""What a feed's candidates are looked at for, and what all candidates of one read share."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from signals.coaction import CoAction
from signals.habits import Habits
from signals.profiles import Profile
from signals.vocabulary import Vocabulary
from signals.weights import PresetWeights, Weights
from signals.witnesses import Ties

HOME, DISCOVER = "HOME", "DISCOVER"


class Feature(StrEnum):
    """What can be asked for."""

    POPULARITY = "POPULARITY"
    TREND = "TREND"
    RATES = "RATES"
    MINE = "MINE"
    AUTHOR_AFFINITY = "AUTHOR_AFFINITY"
    SOCIAL_PROOF = "SOCIAL_PROOF"
    CO_ACTION = "CO_ACTION"
    SCORE = "SCORE"
    """Needs all that the preset weighs."""


ALL = frozenset(Feature)


def factors(weights: Weights, preset: str) -> PresetWeights:
    """What the preset weighs."""
    return weights.discover if preset == DISCOVER else weights.home


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What all candidates of one read share. ``ties``: the viewer's ties that may be witnesses; ``witnesses``: how many
    to name per candidate. ``counted``: the ties, where only their number is asked for. ``words``: whether somebody
    reads the reasons."""

    viewer: Profile
    now: int
    habits: Habits
    weights: Weights
    vocabulary: Vocabulary
    preset: str = HOME
    co: CoAction | None = None
    ties: Ties = field(default_factory=Ties)
    features: frozenset[Feature] = ALL
    witnesses: int = 3
    counted: frozenset[str] | None = None
    words: bool = True

    def wants(self, feature: Feature) -> bool:
        return feature in self.features or Feature.SCORE in self.features

    @property
    def factors(self) -> PresetWeights:
        return factors(self.weights, self.preset)
