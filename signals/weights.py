"""The table of weights, ``weights.toml``, read and checked, with a deployment's own rows over it."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from signals.tables import Section, Table

DEFAULT = Path(__file__).with_name("weights.toml")
TABLE = Table("weights", DEFAULT, "SOCIOGRAPH_WEIGHTS")

Positive: TypeAlias = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]
Weight: TypeAlias = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
Share: TypeAlias = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class AffinityWeights(Section):
    tie: Weight
    regular: Weight
    rare: Weight
    rare_below: Share
    clock: Weight
    other_clock: Weight
    spread_least: Positive
    spread_most: Positive
    strength: Weight
    turn: Weight
    turn_from: Weight
    turn_fade: Weight
    turn_most: Weight
    fading: Weight
    attention: Weight
    attention_least: Positive
    usual_tie: Weight
    usual_stranger: Weight
    usual_least: Positive
    bridges: Weight
    bridges_scale: Positive
    visits: Weight


class BridgesWeights(Section):
    ties: Annotated[int, Field(ge=1, le=256)]
    partners: Annotated[int, Field(ge=1, le=256)]


class ContentWeights(Section):
    popularity: Weight
    popularity_least: Positive
    lasting: Weight
    lasting_least: Positive
    lasting_from: Share
    lasting_to: Share
    fresh: Weight
    fresh_days: Positive
    proof: Weight
    proof_least: Positive
    co_action: Weight
    co_least: Positive
    co_days: Positive
    co_contents: Annotated[int, Field(ge=1, le=64)]
    co_actors: Annotated[int, Field(ge=1, le=256)]


class AgainWeights(Section):
    new: Weight
    fading: Positive
    regular: Weight
    clock: Weight
    spread_least: Positive
    spread_most: Positive
    strength: Weight


class PresetWeights(Section):
    popularity: Weight
    fresh: Weight
    proof: Weight
    co_action: Weight
    trend: Weight
    author: Weight
    again: Weight


class WitnessWeights(Section):
    half: Weight
    steepness: Positive
    most: Weight


class NegativeWeights(Section):
    hide_days: Positive
    mute_days: Positive
    reporters: Annotated[int, Field(ge=1, le=1000)]
    report: Weight
    report_scale: Positive
    report_most: Weight


class RatesWeights(Section):
    strength: Positive
    click_through: Share
    like: Share
    comment: Share
    share: Share
    save: Share
    hide: Share


class TrendWeights(Section):
    now: Weight
    now_least: Positive
    day: Weight
    day_least: Positive
    rising_least: Positive


class SuggestionWeights(Section):
    idle: Weight
    contact: Weight
    contact_shift: Weight
    shared: Weight
    mutual: Weight
    mutual_least: Positive


class EngagementWeights(Section):
    rate: Share
    strength: Positive


class DiversityWeights(Section):
    same_author: Share


class HabitsWeights(Section):
    trust: Positive


class EngagementScoreWeights(Section):
    frequency: Weight
    frequency_typical: Positive
    depth: Weight
    depth_typical: Positive
    depth_days: Positive
    breadth: Weight
    breadth_typical: Positive
    social: Weight
    social_typical: Positive
    consistency: Weight
    consistency_typical: Positive

    @model_validator(mode="after")
    def _whole(self) -> EngagementScoreWeights:
        whole = math.fsum((self.frequency, self.depth, self.breadth, self.social, self.consistency))
        if not math.isclose(whole, 100):
            raise ValueError(f"frequency, depth, breadth, social and consistency add up to {whole:g}, not to 100")
        return self


class Weights(BaseModel):
    """All of it; a member per section of ``weights.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    affinity: AffinityWeights
    bridges: BridgesWeights
    content: ContentWeights
    again: AgainWeights
    home: PresetWeights
    discover: PresetWeights
    witness: WitnessWeights
    negative: NegativeWeights
    rates: RatesWeights
    engagement_rate: EngagementWeights
    trend: TrendWeights
    suggestion: SuggestionWeights
    diversity: DiversityWeights
    habits: HabitsWeights
    engagement_score: EngagementScoreWeights

    @classmethod
    def load(cls, path: Path | None = None) -> Weights:
        """The table with the rows of ``path`` over it. Raises StartupError that says where and what to do."""
        return TABLE.load(cls, path)


@cache
def standard() -> Weights:
    """The table as it comes."""
    return Weights.load()
