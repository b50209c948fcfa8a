"""The table of weights, ``weights.toml``, read and checked, with a deployment's own rows over it."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from signals.errors import StartupError

DEFAULT = Path(__file__).with_name("weights.toml")

Positive: TypeAlias = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]
Weight: TypeAlias = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
Share: TypeAlias = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Section(BaseModel):
    """Rows that belong together; what each means stands in ``weights.toml``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


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
        rows = _read(DEFAULT)
        if path is not None:
            for section, own in _read(path).items():
                known = rows.get(section)
                rows[section] = {**known, **own} if isinstance(known, dict) and isinstance(own, dict) else own
        try:
            return cls.model_validate(rows)
        except ValidationError as error:
            raise StartupError("\n".join(_complaint(path or DEFAULT, dict(e)) for e in error.errors())) from error


@cache
def standard() -> Weights:
    """The table as it comes."""
    return Weights.load()


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StartupError(f"The weights {path} cannot be read: {error.strerror}. Check SOCIOGRAPH_WEIGHTS.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StartupError(f"The weights {path} are not valid TOML: {error}.") from error


def _complaint(path: Path, error: dict[str, object]) -> str:
    location = error["loc"]
    where = ".".join(map(str, location)) if isinstance(location, tuple) else ""
    unknown = "is no row; the rows are those of signals/weights.toml"
    fault = unknown if error["type"] == "extra_forbidden" else str(error["msg"]).removeprefix("Value error, ").lower()
    return f"The weights {path}, {where}: {fault}."
