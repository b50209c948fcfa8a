"""A page of candidates: what is read for which features, what fits into the time, and how rows are put together."""

from __future__ import annotations

import math

import pytest

from resolvers.budget import Budget
from resolvers.feed import feed_signals
from signals.errors import InvalidArgument, LimitExceeded
from signals.events import ContentRef
from signals.feed import DISCOVER, Feature
from signals.packing import joined
from signals.ranked import CandidateSignals, SocialProof
from tests.factories import at, did, met
from tests.unit.crowd import Crowd

HOUR = 3600
OLD, NEWS, OWN, BLOCKED, NOWHERE = (ContentRef("POST", id) for id in ("old", "news", "own", "blocked", "nowhere"))
ALL = [NEWS, OLD, OWN, BLOCKED, NOWHERE]


def crowd() -> Crowd:
    """ann talks with bea and cat; bea and zoe like the news, which dan wrote; dan talks with bea; ann blocks gus."""
    return Crowd(
        [
            *(met("MESSAGE_SENT", "ann", "bea", n) for n in range(5)),
            met("MESSAGE_SENT", "cat", "ann", 6),
            met("MESSAGE_SENT", "dan", "bea", 7),
            met("BLOCK", "ann", "gus", 8),
            did("LIKE", "ann", OLD, 10),
            did("VIEW", "ann", OLD, 9),
            did("VIEW", "zoe", OLD, 11),
            did("LIKE", "bea", NEWS, 20),
            did("COMMENT", "zoe", NEWS, 21),
            did("LIKE", "zoe", BLOCKED, 22),
            did("IMPRESSION", "ann", NEWS, 23),
        ],
        authors={NEWS.key: "dan", OWN.key: "ann", BLOCKED.key: "gus", OLD.key: "cat"},
    )


async def rows(nodes: Crowd, *refs: ContentRef, **asked: object) -> list[CandidateSignals]:
    answer = await feed_signals(nodes.standpoint(HOUR), "ann", refs or ALL, **asked)  # type: ignore[arg-type]
    assert answer.dropped == ()
    return list(answer.candidates)


async def test_every_candidate_has_a_row_in_the_order_asked() -> None:
    asked = [NOWHERE, NEWS, OLD, NEWS]
    found = await rows(crowd(), *asked)
    assert [row.content for row in found] == asked
    assert found[1] == found[3]
    assert (await feed_signals(crowd().standpoint(), "ann", [])).candidates == ()


async def test_what_nobody_knows_gets_zeros() -> None:
    for row in (*await rows(crowd(), NOWHERE), *(await feed_signals(Crowd([]).standpoint(), "ann", ALL)).candidates):
        assert (row.score, row.contributions, row.popularity, row.trend, row.rising) == (0, (), 0, 0, 0)
        assert (row.author_affinity, row.co_action, row.social_proof) == (0, 0, SocialProof())
        assert (row.reporters, row.seen, row.last_seen_at, row.my_interactions, row.hidden) == (
            0,
            False,
            None,
            (),
            False,
        )


async def test_the_signals_of_a_candidate() -> None:
    news, old, own, blocked, _ = await rows(crowd())
    assert news.social_proof.count == 1
    [witness] = news.social_proof.witnesses
    assert (witness.user_id, witness.interaction, witness.occurred_at) == ("bea", "LIKE", at(20))
    assert witness.affinity > 0
    assert news.author_affinity > 0, "dan is known through bea"
    assert news.co_action > 0, "zoe looked at the old one, too"
    assert (news.seen, news.my_interactions) == (False, (("post:impression", 1),))
    assert (old.seen, old.last_seen_at, old.my_interactions) == (True, at(10), (("post:like", 1), ("post:view", 1)))
    assert own.author_affinity == 0, "nobody is close to themselves"
    assert (blocked.hidden_because, blocked.score) == ("AUTHOR_BLOCKED", 0)
    for row in (news, old, own, blocked):
        assert math.isclose(math.fsum(part.contribution for part in row.contributions), row.score, abs_tol=1e-9)


async def test_somebody_unknown_gets_what_is_popular() -> None:
    answer = await feed_signals(crowd().standpoint(HOUR), "nobody", [NEWS])
    [row] = answer.candidates
    assert row.score > 0
    assert {part.signal for part in row.contributions} == {"popularity", "fresh"}


async def test_three_round_trips() -> None:
    nodes = crowd()
    await rows(nodes)
    first, second, third = nodes.reads
    assert first.profiles == {"ann"}
    assert first.cards == {ref.key for ref in ALL}
    assert first.interacted == {joined("ann", ref.key) for ref in ALL}
    assert second.profiles == {"bea", "cat", "dan", "gus"}
    assert {joined("ann", "gus"), joined("gus", "ann"), joined("bea", "ann")} <= second.ties
    assert third.profiles == {"zoe"}, "who looked at what ann looked at"


async def test_likeness_is_part_of_the_score_and_may_come_too_late() -> None:
    nodes = crowd()
    nodes.slow = [0, 0, 5]
    answer = await feed_signals(nodes.standpoint(HOUR), "ann", [BLOCKED, NEWS], budget_ms=200)
    assert answer.dropped == ("CO_ACTION",)
    whole = await rows(crowd(), BLOCKED, NEWS)
    assert "proof" in {part.signal for part in whole[0].contributions}
    assert "proof" not in {part.signal for part in answer.candidates[0].contributions}
    assert answer.candidates[1].co_action == whole[1].co_action > 0


@pytest.mark.parametrize(
    ("features", "reads"),
    [
        ((), 0),
        ((Feature.POPULARITY, Feature.TREND, Feature.RATES), 1),
        ((Feature.MINE,), 2),
        ((Feature.CO_ACTION,), 2),
        ((Feature.SOCIAL_PROOF,), 2),
        ((Feature.AUTHOR_AFFINITY,), 2),
    ],
)
async def test_only_what_is_asked_for_is_read(features: tuple[Feature, ...], reads: int) -> None:
    nodes = crowd()
    [row] = await rows(nodes, NEWS, features=frozenset(features))
    assert len(nodes.reads) == reads
    assert (row.popularity > 0) == (Feature.POPULARITY in features)
    assert (row.trend > 0) == (Feature.TREND in features)
    assert (row.rates.like > 0) == (Feature.RATES in features)
    assert bool(row.my_interactions) == (Feature.MINE in features)
    assert (row.co_action > 0) == (Feature.CO_ACTION in features)
    assert (row.social_proof.count > 0) == (Feature.SOCIAL_PROOF in features)
    assert (row.author_affinity > 0) == (Feature.AUTHOR_AFFINITY in features)
    assert row.score == 0


async def test_a_feature_alone_is_what_it_is_among_all() -> None:
    whole = await rows(crowd())
    for feature, names in {
        Feature.AUTHOR_AFFINITY: ("author_affinity",),
        Feature.SOCIAL_PROOF: ("social_proof",),
        Feature.CO_ACTION: ("co_action",),
        Feature.MINE: ("seen", "last_seen_at", "my_interactions", "hidden_because"),
        Feature.SCORE: ("score", "contributions", "hidden_because"),
    }.items():
        alone = await rows(crowd(), features=frozenset({feature}))
        for name in names:
            assert [getattr(row, name) for row in alone] == [getattr(row, name) for row in whole], name


async def test_a_number_of_ties_alone_is_counted_without_weighing_them() -> None:
    whole = await rows(crowd(), features=frozenset({Feature.SOCIAL_PROOF}))
    nodes = crowd()
    counted = await rows(nodes, features=frozenset({Feature.SOCIAL_PROOF}), counted=True)
    assert [row.social_proof for row in counted] == [SocialProof(count=row.social_proof.count) for row in whole]
    assert max(row.social_proof.count for row in counted) > 0
    assert all(not wanted.profiles - {"ann"} for wanted in nodes.reads)


async def test_a_blocked_tie_is_not_counted() -> None:
    nodes = crowd()
    nodes = Crowd([*nodes.events, met("BLOCK", "bea", "ann", 30)], authors=nodes.authors)
    [row] = await rows(nodes, NEWS, features=frozenset({Feature.SOCIAL_PROOF}), counted=True)
    assert row.social_proof.count == 0


async def test_who_bars_nobody_and_is_barred_by_nobody_needs_no_ties_read() -> None:
    nodes = crowd()
    nodes = Crowd([event for event in nodes.events if event.name != "BLOCK"], authors=nodes.authors)
    found = await rows(nodes, features=frozenset({Feature.MINE, Feature.SOCIAL_PROOF}), counted=True)
    assert len(nodes.reads) == 1
    assert found[0].social_proof.count == 1


async def test_the_numbers_are_the_same_without_words() -> None:
    told, mute = await rows(crowd()), await rows(crowd(), words=False)
    assert [[(p.signal, p.contribution) for p in row.contributions] for row in told] == [
        [(p.signal, p.contribution) for p in row.contributions] for row in mute
    ]
    reasons = {part.because for row in mute for part in row.contributions if part.signal not in ("hidden", "co_action")}
    assert reasons == {None}
    assert {"popularity", "fresh", "proof"} <= {p.signal for row in told for p in row.contributions if p.because}


async def test_presets_weigh_differently() -> None:
    [home], [discover] = await rows(crowd(), NEWS), await rows(crowd(), NEWS, preset=DISCOVER)
    assert {part.signal for part in home.contributions} != {part.signal for part in discover.contributions}
    assert (home.popularity, home.social_proof) == (discover.popularity, discover.social_proof)


async def test_witnesses_are_as_many_as_asked_for() -> None:
    events = [
        *(met("MESSAGE_SENT", "ann", f"u{n}", n) for n in range(9)),
        *(did("LIKE", f"u{n}", NEWS) for n in range(9)),
    ]
    for asked in (0, 2, 20):
        [row] = await rows(Crowd(events), NEWS, witnesses=asked)
        assert (row.social_proof.count, len(row.social_proof.witnesses)) == (9, min(asked, 9))


async def test_what_does_not_fit_is_named_and_zero() -> None:
    nodes = crowd()
    nodes.slow = [0, 5]
    answer = await feed_signals(nodes.standpoint(HOUR), "ann", ALL, budget_ms=100)
    assert answer.dropped == ("MINE", "AUTHOR_AFFINITY", "SOCIAL_PROOF", "CO_ACTION")
    news, old, *_ = answer.candidates
    assert news.popularity > 0
    assert (news.author_affinity, news.co_action, news.social_proof) == (0, 0, SocialProof())
    assert old.seen, "what was read is given"
    assert news.score > 0
    assert {part.signal for part in news.contributions} == {"popularity", "fresh"}


async def test_with_no_time_for_anything_everything_is_named() -> None:
    nodes = crowd()
    nodes.slow = [5]
    answer = await feed_signals(nodes.standpoint(HOUR), "ann", ALL, budget_ms=30)
    assert answer.dropped == tuple(feature.value for feature in Feature)
    assert [row.score for row in answer.candidates] == [0] * len(ALL)


async def test_a_budget_that_is_enough_changes_nothing() -> None:
    spent = await feed_signals(crowd().standpoint(HOUR), "ann", ALL, budget_ms=60_000)
    assert spent == await feed_signals(crowd().standpoint(HOUR), "ann", ALL)


async def test_a_failure_within_the_budget_is_told() -> None:
    async def failing() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await Budget.of(1000).within(failing())


async def test_arguments_have_limits() -> None:
    here = crowd().standpoint()
    with pytest.raises(LimitExceeded, match="1001 items"):
        await feed_signals(here, "ann", [NEWS] * 1001)
    with pytest.raises(LimitExceeded, match="witnesses is 21"):
        await feed_signals(here, "ann", ALL, witnesses=21)
    for budget in (0, -1, 60_001):
        with pytest.raises(InvalidArgument, match="budgetMs"):
            await feed_signals(here, "ann", ALL, budget_ms=budget)
    with pytest.raises(InvalidArgument, match="viewerId"):
        await feed_signals(here, "", ALL)
    with pytest.raises(InvalidArgument, match=r"candidates\.id"):
        await feed_signals(here, "ann", [ContentRef("POST", "a\tb")])
