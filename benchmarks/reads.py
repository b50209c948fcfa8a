"""What a ranker asks: each read as GraphQL and as the call behind it."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import resolvers.affinities
import resolvers.feed
import resolvers.paths
import resolvers.recommending
import resolvers.suggesting
import resolvers.trending
from benchmarks.data import SEED
from benchmarks.world import ARTICLE, World
from resolvers.standpoint import Standpoint
from signals.events import ContentRef
from signals.feed import ALL, Feature

Variables: TypeAlias = Mapping[str, Any]

REQUESTS = 64
"""Different ones of each read; they are cycled."""

FEED = """query Feed($v: ID!, $c: [ContentRef!]!) { feedSignals(viewerId: $v, candidates: $c) { candidates {
  content { type id } score contributions { signal value weight contribution because } because
  popularity trend rising authorAffinity coAction reporters seen lastSeenAt hidden hiddenBecause
  socialProof { count strength witnesses { user { id } interaction occurredAt affinity } }
  rates { clickThrough like comment share save hide } myInteractions { type count }
} } }"""
COLUMNS = """query Columns($v: ID!, $c: [ContentRef!]!) { feedSignals(viewerId: $v, candidates: $c) { columns {
  type id score contributions { signal contribution } popularity trend rising authorAffinity coAction
  socialProofCount socialProofStrength rates { clickThrough like comment share save hide } reporters seen lastSeenAt
  hidden hiddenBecause
} } }"""
FEW = """query Few($v: ID!, $c: [ContentRef!]!) { feedSignals(viewerId: $v, candidates: $c) { candidates {
  content { id } popularity seen lastSeenAt socialProof { count }
} } }"""
PERSON = """score contributions { signal value weight contribution because } lastInteractionAt outgoing incoming
  mutualConnections { count witnesses { id } } connection { status since } blocked user { id }"""
AFFINITIES = f"query Affinities($v: ID!, $u: [ID!]!) {{ affinities(viewerId: $v, userIds: $u) {{ {PERSON} }} }}"
TIES = f"query Ties($v: ID!) {{ user(id: $v) {{ ties(first: 50) {{ {PERSON} }} }} }}"
SUGGESTED = """query Suggested($v: ID!) { suggestedUsers(viewerId: $v, first: 20) {
  user { id } score contributions { signal value weight contribution because }
  socialProof { kind count witnesses { id } } sharedContents because
} }"""
RECOMMENDED = """query Recommended($v: ID!) { recommendedContent(viewerId: $v, first: 50) {
  content { type id } score contributions { signal value weight contribution because } sources
  socialProof { count strength witnesses { user { id } } } because
} }"""
TRENDING = """query Trending { trending(first: 50) {
  content { type id } score contributions { signal value weight contribution } popularity rising users
} }"""
PATH = """query Path($v: ID!, $to: ID!) { pathBetween(fromId: $v, toId: $to, maxHops: 4) {
  length steps { from { id } to { id } kinds }
} }"""


Asked: TypeAlias = Callable[[World, random.Random, str], Variables]
Call: TypeAlias = Callable[[Standpoint, Variables], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Question:
    """A read as GraphQL; ``asked`` draws one request's variables for a viewer."""

    query: str
    must: bytes
    """What every good answer holds."""
    asked: Asked
    heavy: bool = False
    """For the heavy user instead of the regular viewers."""

    def requests(self, world: World, count: int = REQUESTS) -> list[Variables]:
        """The variables of ``count`` requests, the same for the same world."""
        draw = random.Random(SEED)
        viewers = [world.heavy] if self.heavy and world.heavy else world.viewers
        return [self.asked(world, draw, draw.choice(viewers)) for _ in range(count)]


@dataclass(frozen=True, slots=True)
class Read:
    """A question of ranking; ``call`` does the same work without GraphQL."""

    question: Question
    call: Call

    @classmethod
    def of(cls, query: str, must: bytes, asked: Asked, call: Call, *, heavy: bool = False) -> Read:
        return cls(Question(query, must, asked, heavy), call)


def distinct(draw: random.Random, items: tuple[str, ...], count: int, always: tuple[str, ...] = ()) -> list[str]:
    """``count`` different ones (fewer when there are no more), drawn as they come, in an order of no meaning."""
    found = dict.fromkeys(always)
    for _ in range(50 * count):
        if len(found) >= count:
            break
        found[draw.choice(items)] = None
    chosen = list(found)
    draw.shuffle(chosen)
    return chosen


def page(size: int) -> Asked:
    """A viewer and ``size`` candidates."""

    def asked(world: World, draw: random.Random, viewer: str) -> Variables:
        ids = distinct(draw, world.contents, size, world.always)
        return {"v": viewer, "c": [{"type": ARTICLE, "id": id} for id in ids]}

    return asked


def others(size: int) -> Asked:
    """A viewer and ``size`` other people."""
    return lambda world, draw, viewer: {"v": viewer, "u": distinct(draw, world.people, size)}


def alone(_: World, __: random.Random, viewer: str) -> Variables:
    return {"v": viewer}


def nobody(_: World, __: random.Random, ___: str) -> Variables:
    return {}


def two(world: World, draw: random.Random, viewer: str) -> Variables:
    return {"v": viewer, "to": draw.choice(world.people)}


def feed(features: frozenset[Feature]) -> Call:
    """The call behind a page's query."""

    def call(standpoint: Standpoint, asked: Variables) -> Awaitable[object]:
        refs = [ContentRef(ref["type"], ref["id"]) for ref in asked["c"]]
        return resolvers.feed.feed_signals(standpoint, asked["v"], refs, features=features)

    return call


def affinities(standpoint: Standpoint, asked: Variables) -> Awaitable[object]:
    return resolvers.affinities.affinities(standpoint, asked["v"], asked["u"])


def ties(standpoint: Standpoint, asked: Variables) -> Awaitable[object]:
    return resolvers.affinities.ties(standpoint, asked["v"], 50)


def suggested(standpoint: Standpoint, asked: Variables) -> Awaitable[object]:
    return resolvers.suggesting.suggested(standpoint, asked["v"], 20)


def recommended(standpoint: Standpoint, asked: Variables) -> Awaitable[object]:
    return resolvers.recommending.recommended(standpoint, asked["v"], 50)


def trending(standpoint: Standpoint, _: Variables) -> Awaitable[object]:
    return resolvers.trending.trending(standpoint, 50)


def path(standpoint: Standpoint, asked: Variables) -> Awaitable[object]:
    return resolvers.paths.path_between(standpoint, asked["v"], asked["to"], 4)


SOME = frozenset({Feature.POPULARITY, Feature.MINE, Feature.SOCIAL_PROOF})
FED, FED_COLUMNS = b'"candidates":[{', b'"columns":{'
READS: Mapping[str, Read] = {
    "feedSignals, 200 candidates": Read.of(FEED, FED, page(200), feed(ALL)),
    "feedSignals, 500 candidates": Read.of(FEED, FED, page(500), feed(ALL)),
    "feedSignals, 200, as columns": Read.of(COLUMNS, FED_COLUMNS, page(200), feed(ALL)),
    "feedSignals, 200, four fields": Read.of(FEW, FED, page(200), feed(SOME)),
    "affinities, 200 people": Read.of(AFFINITIES, b'"affinities":[{', others(200), affinities),
    "suggestedUsers": Read.of(SUGGESTED, b'"suggestedUsers":[', alone, suggested),
    "recommendedContent": Read.of(RECOMMENDED, b'"recommendedContent":[{', alone, recommended),
    "trending": Read.of(TRENDING, b'"trending":[{', nobody, trending),
    "user.ties": Read.of(TIES, b'"ties":[', alone, ties),
    "pathBetween": Read.of(PATH, b'"pathBetween":', two, path),
    "feedSignals, 200, heavy user": Read.of(FEED, FED, page(200), feed(ALL), heavy=True),
    "affinities, 200, heavy user": Read.of(AFFINITIES, b'"affinities":[{', others(200), affinities, heavy=True),
    "suggestedUsers, heavy user": Read.of(SUGGESTED, b'"suggestedUsers":[', alone, suggested, heavy=True),
    "recommendedContent, heavy user": Read.of(RECOMMENDED, b'"recommendedContent":[{', alone, recommended, heavy=True),
    "user.ties, heavy user": Read.of(TIES, b'"ties":[', alone, ties, heavy=True),
}
