"""Whom a user will turn to next: a score that is a sum, 0 for somebody never heard of.

The formula and its source stand in docs/signals.md, its numbers in ``weights.toml``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from signals.clock import DAY_MS, from_ms
from signals.contributions import Contribution, Term, total
from signals.habits import Habits
from signals.pairs import BLOCK, VISIT, Pair
from signals.profiles import Profile
from signals.ranked import Affinity
from signals.weights import AffinityWeights, Weights
from signals.wording import ago, times

TALK = {"social.MESSAGE_SENT", "social.MESSAGE_READ"}
NOW, USUAL = 1.0, 0.5
"""Exponents of what happens now and of what is usual."""


@dataclass(slots=True)
class Closeness:
    """What the affinity of ``viewer`` to ``other`` is made of. ``out``: the viewer's events towards the other,
    ``into``: the other's. ``bridges``: T(u, v). Somebody unknown is ``Profile(id)``."""

    viewer: Profile
    other: Profile
    out: Pair | None
    into: Pair | None
    bridges: float = 0.0


@dataclass(slots=True)
class Regard:
    """An affinity in brief: its score, and in words what it comes from, where somebody reads them."""

    score: float
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Slopes:
    """What the terms of a tie weigh in a population. ``attention``: the share that attention counts."""

    base: float
    since: float
    since_theirs: float
    attention: float


def slopes(habits: Habits, w: AffinityWeights) -> Slopes:
    """The weights, bent by the habits: the same for everybody that a read looks at."""
    spread = min(w.spread_most, max(w.spread_least, habits.spread))
    share = max(0.0, 1.0 - w.fading * logit(max(habits.repeat, 0.5)))
    return Slopes(base(habits, w), -w.clock / spread, -w.other_clock / spread, share)


@dataclass(frozen=True, slots=True)
class Measure:
    """What everybody that a read looks at is measured by. ``now``: epoch ms."""

    now: int
    habits: Habits
    weights: AffinityWeights
    slopes: Slopes

    @classmethod
    def of(cls, now: int, habits: Habits, weights: Weights) -> Measure:
        return cls(now, habits, weights.affinity, slopes(habits, weights.affinity))


def affinity(closeness: Closeness, measure: Measure, *, words: bool = True) -> Affinity:
    """The affinity with its contributions, in ``words`` too where somebody reads them."""
    out, into = closeness.out, closeness.into
    parts = [
        Contribution(signal, value, weight, _because(signal, closeness, measure.now) if words else None)
        for signal, value, weight in terms(closeness, measure)
    ]
    order = total(parts)
    stopped = blocked(out, into)
    if stopped:
        parts.append(Contribution("blocked", -order, 1.0, "one of you has blocked the other"))
        order = 0.0
    elif order < 0:
        parts.append(Contribution("floor", -order, 1.0, "scores do not go below 0"))
    last = _last(out, into)
    return Affinity(
        user_id=closeness.other.id,
        score=max(0.0, order),
        order=order,
        contributions=tuple(parts),
        last_interaction_at=None if last is None else from_ms(last),
        outgoing=_count(out),
        incoming=_count(into),
        blocked=stopped,
    )


def order(closeness: Closeness, measure: Measure) -> float:
    """``affinity(...).order`` alone."""
    return _order(closeness, terms(closeness, measure))


def regard(closeness: Closeness, measure: Measure, *, words: bool = True) -> Regard:
    """The score, and where ``words`` are read, those of the tie's strength, or of a stranger's attention."""
    found = terms(closeness, measure)
    telling = next((name for name, _, _ in found if name in ("strength", "attention")), None) if words else None
    return Regard(max(0.0, _order(closeness, found)), telling and _because(telling, closeness, measure.now))


def _order(closeness: Closeness, found: list[Term]) -> float:
    if blocked(closeness.out, closeness.into):
        return 0.0
    return math.fsum([value * weight for _, value, weight in found])


def strength(out: Pair | None, into: Pair | None, now: int, exponent: float = 0.5) -> float:
    """V_d of the tie, both directions together."""
    there = 0.0 if out is None or out.heat is None else out.heat.value(now, exponent)
    return there if into is None or into.heat is None else there + into.heat.value(now, exponent)


def blocked(out: Pair | None, into: Pair | None) -> bool:
    """Whether either side has blocked the other."""
    return (out is not None and out.is_on(BLOCK)) or (into is not None and into.is_on(BLOCK))


def events(closeness: Closeness) -> int:
    """How many events of positive weight there are between the two."""
    return _count(closeness.out) + _count(closeness.into)


def talk(closeness: Closeness) -> bool:
    """Whether all that the two did was to write to each other; there is something."""
    out, into = closeness.out, closeness.into
    return _last(out, into) is not None and _talked(out, into)


def logit(share: float) -> float:
    """L(x) = ln(x / (1 - x)), x brought within [0.01, 0.99]."""
    x = min(0.99, max(0.01, share))
    return math.log(x / (1 - x))


def terms(closeness: Closeness, measure: Measure) -> list[Term]:
    """The terms of the sum. Nobody is close to themselves."""
    if closeness.viewer.id == closeness.other.id:
        return []
    last = _last(closeness.out, closeness.into)
    if last is None:
        return _stranger(closeness, measure)
    return _tie(closeness, last, measure)


def _stranger(closeness: Closeness, measure: Measure) -> list[Term]:
    w = measure.weights
    found = _attention(closeness.other, measure.now, 1.0, w.usual_stranger, w)
    if closeness.bridges > 0:
        found.append(("bridges", math.log1p(w.bridges_scale * closeness.bridges), w.bridges))
    return found


def _attention(other: Profile, now: int, share: float, usual: float, w: AffinityWeights) -> list[Term]:
    """``share`` of the attention that ``other`` gets now over what is usual; nothing where nobody turned there."""
    received = other.received
    if received.n <= 0 or share <= 0:
        return []
    aged = received.aged(now)
    return [
        ("attention", math.log1p(received.mixed(aged, NOW) / w.attention_least), share * w.attention),
        ("usual_attention", math.log1p(received.mixed(aged, USUAL) / w.usual_least), -share * usual),
    ]


def base(habits: Habits, w: AffinityWeights) -> float:
    """What having a tie at all is worth. Strangers start at 0, so the tie takes up the difference."""
    regular = logit(max(habits.repeat, 0.5))
    share = max(0.0, 1.0 - w.fading * regular)
    least, usual = w.attention * math.log(w.attention_least), math.log(w.usual_least)
    rare = min(0.0, logit(habits.repeat) - logit(w.rare_below))
    return (
        w.tie
        + w.regular * regular
        + w.rare * rare
        + share * (least - w.usual_tie * usual)
        - (least - w.usual_stranger * usual)
    )


def _tie(closeness: Closeness, last: int, measure: Measure) -> list[Term]:
    out, into, now = closeness.out, closeness.into, measure.now
    slope, w = measure.slopes, measure.weights
    others = closeness.viewer.dealt_since(last)
    found: list[Term] = [
        ("tie", 1.0, slope.base),
        ("since", math.log1p(others), slope.since),
        ("since_theirs", math.log1p(closeness.other.dealt_since(last)), slope.since_theirs),
        ("strength", math.log(max(1e-9, strength(out, into, now))), w.strength),
    ]
    if _waits(out, into):
        found.append(("turn", _turn(others, measure.habits, w), w.turn))
    found += _attention(closeness.other, now, slope.attention, w.usual_tie, w)
    if out is not None and out.visited is not None and out.counts.get(VISIT, 0) > 1:
        days = max(0, now - out.visited) / DAY_MS
        found.append(("visits", math.log(out.counts[VISIT]) / math.sqrt(1 + days), w.visits))
    return found


def _turn(others: int, habits: Habits, w: AffinityWeights) -> float:
    """What it says that the other one spoke last, as people here take their turns; less after dealing with others."""
    usual = habits.answer if others == 0 else habits.answer_late - w.turn_fade * math.log1p(others)
    return min(w.turn_most, max(0.0, usual - w.turn_from))


def _last(out: Pair | None, into: Pair | None) -> int | None:
    """The latest positive event of the tie (epoch ms)."""
    there, back = out.engaged if out is not None else None, into.engaged if into is not None else None
    if there is None or back is None:
        return back if there is None else there
    return max(there, back)


def _spoke(pair: Pair | None) -> int:
    return -1 if pair is None or pair.spoke is None else pair.spoke


def _waits(out: Pair | None, into: Pair | None) -> bool:
    """Whether the other one spoke last."""
    return _spoke(into) > _spoke(out)


def _count(pair: Pair | None) -> int:
    return 0 if pair is None or pair.heat is None else pair.heat.n


def _because(signal: str, c: Closeness, now: int) -> str | None:
    """The term in words."""
    got = c.other.received
    match signal:
        case "tie":
            return _turned(c)
        case "strength":
            return f"{_did(c)} {times(_count(c.out) + _count(c.into))}, last {ago(now - (_last(c.out, c.into) or now))}"
        case "since":
            count = c.viewer.dealt_since(_last(c.out, c.into) or now)
            return f"{times(count)} somebody else since" if count else "nobody else since"
        case "since_theirs":
            count = c.other.dealt_since(_last(c.out, c.into) or now)
            return f"they dealt with others {times(count)} since" if count else "they dealt with nobody else since"
        case "turn":
            return f"they spoke last, {ago(now - _spoke(c.into))}"
        case "attention":
            return f"others turned to them {times(got.n)}, last {ago(now - got.t)}"
        case "usual_attention":
            return "less what they usually get"
        case "bridges":
            return "people you deal with deal with them"
        case "visits" if c.out is not None:
            return f"you looked at their profile {times(c.out.counts[VISIT])}"
    return None


def _turned(c: Closeness) -> str:
    mine, theirs = _count(c.out), _count(c.into)
    if mine and theirs:
        return f"you turned to them {times(mine)}, they to you {times(theirs)}"
    return f"you turned to them {times(mine)}" if mine else f"they turned to you {times(theirs)}"


def _did(c: Closeness) -> str:
    verb = "wrote to" if _talked(c.out, c.into) else "dealt with"
    if _count(c.out) and _count(c.into):
        return f"you {verb} each other"
    return f"you {verb} them" if _count(c.out) else f"they {verb} you"


def _talked(out: Pair | None, into: Pair | None) -> bool:
    """Whether there are only messages."""
    return all(pair is None or pair.counts.keys() <= TALK for pair in (out, into))
