"""The oracle of ranking against examples worked by hand, from the formulas of signals.md."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta

import pytest

from signals.content import Registration
from signals.contributions import Contribution
from signals.cut import Cut
from signals.events import ContentRef, EntityRef, Event
from signals.habits import Habits
from signals.ranked import Rates, SocialProof
from signals.weights import standard
from tests.factories import ARTICLE, NOON, POST, VOCABULARY, active, at, did, met, visited
from tests.oracle import Oracle
from tests.ranking_facts import Bounds
from tests.ranking_lists import Candidates
from tests.ranking_meanings import activation, decayed, logit, recency
from tests.ranking_oracle import Ranking

HOUR = 3600.0
DAY = 24 * HOUR
OTHER = ContentRef("POST", "2")
W = standard().affinity
"""For what is still measured; the rest is told as it stands in signals.md."""


async def ranking(events: Sequence[Event], seconds: float = HOUR, **how: object) -> Ranking:
    told = Oracle(VOCABULARY)
    await told.record(events)
    for ref, author in {POST: "author", ARTICLE: "writer"}.items():
        await told.register([Registration(content=ref, author_id=author)])
    return Ranking(told, at(seconds), standard(), **how)  # type: ignore[arg-type]


def parts(contributions: Sequence[Contribution]) -> dict[str, float]:
    return {part.signal: part.contribution for part in contributions}


# ---- meanings


def test_activation_of_one_event_of_eighteen_hours() -> None:
    # 18 h over the half-lives of 5 min, 30 min, 3 h, 18 h, 4.5 d, 27 d, 162 d: 216, 36, 6, 1, 1/6, 1/36, 1/216.
    spans = (216, 36, 6, 1, 1 / 6, 1 / 36, 1 / 216)
    expected = sum(span * 0.5**span for span in spans) + 1 / 1296
    assert activation([(NOON, 1.0)], 1.0, NOON + timedelta(hours=18)) == pytest.approx(expected)
    assert expected == pytest.approx(0.775, abs=1e-3)
    assert activation([(NOON, 3.0)], 1.0, NOON + timedelta(hours=18)) == pytest.approx(3 * expected)
    roots = sum(math.sqrt(span) * 0.5**span for span in spans) + 1 / 36
    assert activation([(NOON, 1.0)], 0.5, NOON + timedelta(hours=18)) == pytest.approx(roots)


def test_small_words() -> None:
    assert decayed([(NOON, 4.0)], timedelta(hours=3), at(6 * HOUR)) == pytest.approx(1)
    assert recency(NOON, at(3 * DAY)) == pytest.approx(0.5)
    assert (logit(0.5), logit(0.8)) == pytest.approx((0, math.log(4)))
    assert (logit(0), logit(1)) == pytest.approx((-math.log(99), math.log(99)))


# ---- affinity


async def test_nobody_is_nothing() -> None:
    [nobody, self] = (await ranking([met("MESSAGE_SENT", "ann", "bob")])).affinities("ann", ["nobody", "ann"])
    assert (nobody.score, nobody.order, nobody.contributions, nobody.last_interaction_at) == (0, 0, (), None)
    assert (self.score, self.contributions, self.outgoing) == (0, (), 0)


async def test_one_message_an_hour_ago() -> None:
    oracle = await ranking([met("MESSAGE_SENT", "ann", "bob")])
    v1, v5 = (activation([(NOON, 1.0)], d, at(HOUR)) for d in (1.0, 0.5))
    # signals.md: 5 + 1.2 L(.5) - .5 ln(1 + 0) + .45 ln V_.5(pair) + ln(V_1(v) + 1e-4) - .6 ln(V_.5(v) + 1e-3)
    tie = 5 + W.strength * math.log(v5) + math.log(v1 + 1e-4) - 0.6 * math.log(v5 + 1e-3)
    stranger = math.log(1e-4) - W.usual_stranger * math.log(1e-3)
    bob = oracle.affinity("ann", "bob")
    assert bob.score == bob.order == pytest.approx(tie - stranger)
    assert (bob.outgoing, bob.incoming, bob.last_interaction_at, bob.blocked) == (1, 0, NOON, False)
    # To bob, ann is somebody to whom nobody turns, and who spoke last.
    back = oracle.affinity("bob", "ann")
    nothing = math.log(1e-4) - 0.6 * math.log(1e-3)
    turn = W.turn * (Habits().answer - W.turn_from)
    assert back.order == pytest.approx(5 + W.strength * math.log(v5) + turn + nothing - stranger)
    assert (back.outgoing, back.incoming) == (0, 1)


async def test_the_population_moves_the_weights() -> None:
    events = [met("MESSAGE_SENT", "bob", "ann"), met("MESSAGE_SENT", "ann", "cat", 5), met("FOLLOW", "dan", "ann", 6)]
    habits = Habits(0.9, 0.8, 5.0, answer=2.0, answer_late=1.5)
    found = parts((await ranking(events, habits=habits)).affinity("ann", "bob").contributions)
    share = 1 - 0.7 * math.log(9)
    assert share < 0, "attention counts for nothing where people keep to whom they know"
    base = 5 + 1.2 * math.log(9) - (math.log(1e-4) - W.usual_stranger * math.log(1e-3))
    assert found["tie"] == pytest.approx(base)
    assert found["since"] == pytest.approx(-0.5 / 3 * math.log(3)), "the spread is 3 at most; two events since"
    assert found["since_theirs"] == 0, "bob dealt with nobody else"
    assert found["turn"] == pytest.approx(W.turn * (1.5 - W.turn_from - W.turn_fade * math.log(3))), "after two others"
    at_once = parts((await ranking(events[:1], habits=habits)).affinity("ann", "bob").contributions)
    assert at_once["turn"] == pytest.approx(W.turn * (2 - W.turn_from))
    assert found.keys() == {"tie", "since", "since_theirs", "turn", "strength"}


async def test_where_hardly_anybody_turns_to_the_same_person_twice() -> None:
    oracle = await ranking([met("MESSAGE_SENT", "ann", "bob")], habits=Habits(repeat=0.1))
    usual = await ranking([met("MESSAGE_SENT", "ann", "bob")])
    less = W.rare * (math.log(9) - math.log((1 - W.rare_below) / W.rare_below))
    assert oracle.affinity("ann", "bob").order == pytest.approx(usual.affinity("ann", "bob").order - less)


async def test_what_weighs_less_makes_a_weaker_tie() -> None:
    oracle = await ranking([visited("ann", "bob"), met("FOLLOW", "ann", "cat"), met("MUTE", "ann", "dan")])
    assert oracle.facts.strength("ann", "bob") == pytest.approx(0.2 * activation([(NOON, 1.0)], 0.5, at(HOUR)))
    assert oracle.facts.strength("ann", "cat") == pytest.approx(4 * oracle.facts.strength("ann", "bob"))
    assert oracle.affinity("ann", "dan").contributions == (), "muting somebody is no tie"
    assert "turn" not in parts(oracle.affinity("bob", "ann").contributions), "a visit says nothing"
    assert "turn" in parts(oracle.affinity("cat", "ann").contributions)


async def test_coming_back_to_a_profile() -> None:
    events = [visited("ann", "bob"), visited("ann", "bob", 1), visited("ann", "bob", 2), visited("ann", "cat")]
    oracle = await ranking(events, 2 + 3 * DAY)
    assert parts(oracle.affinity("ann", "bob").contributions)["visits"] == pytest.approx(0.1 * math.log(3) / 2)
    assert "visits" not in parts(oracle.affinity("ann", "cat").contributions)


async def test_a_block_of_either_is_nothing() -> None:
    events = [met("MESSAGE_SENT", "ann", "bob"), met("MESSAGE_SENT", "ann", "cat"), met("BLOCK", "bob", "ann", 9)]
    for one, other in (("ann", "bob"), ("bob", "ann")):
        found = (await ranking(events)).affinity(one, other)
        assert (found.score, found.order, found.blocked) == (0, 0, True)
        assert sum(parts(found.contributions).values()) == pytest.approx(0, abs=1e-12)
        assert parts(found.contributions)["blocked"] < 0
    lifted = await ranking([*events, met("UNBLOCK", "bob", "ann", 10)])
    assert lifted.affinity("ann", "bob").score == pytest.approx((await ranking(events)).affinity("ann", "cat").score)


async def test_friends_of_friends() -> None:
    events = [
        met("MESSAGE_SENT", "ann", "bob"),
        met("MESSAGE_SENT", "bob", "ann", 1),
        met("MESSAGE_SENT", "bob", "cat", 2),
        met("MESSAGE_SENT", "dan", "bob", 3),
    ]
    oracle = await ranking(events, 2 + 3 * DAY)
    strength = activation([(NOON, 1.0), (at(1), 1.0)], 0.5, at(2 + 3 * DAY))
    # bob has four ties: ann and bob each way, to cat, from dan.
    assert oracle.bridges("ann") == pytest.approx(
        {
            "cat": math.log(1 + strength) / math.log(5) / 2,
            "dan": math.log(1 + strength) / math.log(5) * recency(at(3), at(2 + 3 * DAY)),
        }
    )
    assert parts(oracle.affinity("ann", "cat").contributions)["bridges"] == pytest.approx(
        0.45 * math.log(1 + 100 * math.log(1 + strength) / math.log(5) / 2)
    )
    cat, dan = sorted(oracle.suggested("ann"), key=lambda s: s.user_id)
    assert [(p.kind, p.count, p.witnesses) for p in cat.social_proof] == [("TALKS", 1, ("bob",))]
    assert parts(cat.contributions)["idle"] == pytest.approx(-0.15 * math.log(4))
    assert (cat.shared_contents, dan.user_id) == (0, "dan")


async def test_who_is_suggested() -> None:
    events = [
        did("LIKE", "ann", POST),
        did("LIKE", "bob", POST, 1),
        did("VIEW", "bob", ARTICLE, 2),
        did("VIEW", "ann", ARTICLE, 3),
        did("LIKE", "cat", POST, 4),
        met("BLOCK", "cat", "ann", 5),
        did("LIKE", "dan", POST, 6),
        met("CONNECTION_REQUEST", "ann", "dan", 7),
        met("CONNECTION_DECLINE", "dan", "ann", 8),
        met("MESSAGE_SENT", "eve", "ann", 9),
    ]
    suggested = (await ranking(events)).suggested("ann")
    assert {s.user_id: (s.shared_contents, set(parts(s.contributions))) for s in suggested} == {
        "bob": (2, {"shared"}),
        "eve": (0, {"contact"}),
    }
    assert parts(suggested[-1].contributions)["shared"] == pytest.approx(0.3 * math.log(3))
    assert parts(suggested[0].contributions)["contact"] == pytest.approx(3 * 0.4)


async def test_connections_of_both() -> None:
    events = []
    for a, b, second in (("ann", "cat", 0), ("bob", "cat", 2), ("ann", "dan", 4), ("bob", "dan", 6), ("ann", "bob", 8)):
        events += [met("CONNECTION_REQUEST", a, b, second), met("CONNECTION_ACCEPT", b, a, second + 1)]
    [bob] = (await ranking(events)).affinities("ann", ["bob"], 1)
    assert (bob.mutual_connections.count, bob.mutual_connections.witnesses) == (2, ("cat",))
    assert bob.connection is not None
    assert (bob.connection.status, bob.connection.since) == ("ACCEPTED", at(9))
    [bob] = (await ranking(events, bounds=Bounds(links=2))).affinities("ann", ["bob"])
    assert bob.mutual_connections.witnesses == ("dan",), "ann's latest two are bob and dan"


# ---- contents


async def test_a_candidate_never_heard_of() -> None:
    [row] = (await ranking([did("LIKE", "ann", POST)])).feed("ann", [OTHER])
    assert (row.score, row.contributions, row.popularity, row.trend, row.rising) == (0, (), 0, 0, 0)
    assert (row.rates, row.social_proof, row.my_interactions) == (Rates(), SocialProof(), ())
    assert not row.seen
    assert not row.hidden


async def test_what_everybody_sees_of_a_candidate() -> None:
    events = [did("VIEW", "bob", POST), did("LIKE", "bob", POST, 5), did("IMPRESSION", "cat", POST, 6)]
    [row] = (await ranking(events, 3 * HOUR)).feed("stranger", [POST])
    v1 = activation([(NOON, 1.0)], 1.0, at(3 * HOUR))
    assert row.popularity == pytest.approx(v1)
    assert row.trend == pytest.approx(math.log(1 + 0.5 / 0.16) + math.log(1 + 0.5 ** (1 / 6) / 0.05))
    expected = 0.5 ** (1 / 36) / 36
    assert row.rising == pytest.approx((0.5 - expected) / math.sqrt(expected + 1))
    fresh = 0.3 * math.log(3650 * DAY / (3 * HOUR + 60))
    assert parts(row.contributions) == pytest.approx({"popularity": 0.6 * math.log(1 + v1 / 1e-5), "fresh": fresh})
    assert row.score == pytest.approx(0.6 * math.log(1 + v1 / 1e-5) + fresh)
    assert row.rates.like == pytest.approx((1 + 20 * 0.05) / 21)
    assert row.rates.click_through == pytest.approx((1 + 20 * 0.05) / 21)
    assert row.rates.share == pytest.approx(20 * 0.01 / 21)
    trend = parts((await ranking(events, 3 * HOUR)).feed("x", [POST], "DISCOVER")[0].contributions)
    assert trend["last_hours"] == pytest.approx(0.5 * math.log(1 + 0.5 / 0.16))


async def test_witnesses() -> None:
    events = [
        met("MESSAGE_SENT", "ann", "bob"),
        met("MESSAGE_SENT", "ann", "cat"),
        met("MESSAGE_SENT", "ann", "dan"),
        met("BLOCK", "dan", "ann", 1),
        did("VIEW", "bob", POST, 1),
        did("LIKE", "bob", POST, 2),
        did("UNLIKE", "bob", POST, 3),
        did("VIEW", "cat", POST, 2),
        did("VIEW", "dan", POST, 4),
        did("VIEW", "eve", POST, 5),
    ]
    oracle = await ranking(events, 2 + 3 * DAY)
    [row] = oracle.feed("ann", [POST], witnesses=1)
    affinity = oracle.affinity("ann", "bob").score
    one = 0.3 / (1 + math.exp(0.5 * (10 - affinity))) / 2
    assert row.social_proof.count == 2, "bob and cat are alike"
    assert row.social_proof.strength == pytest.approx(2 * one)
    [witness] = row.social_proof.witnesses
    assert (witness.user_id, witness.interaction, witness.occurred_at) == ("bob", "LIKE", at(2))
    assert parts(row.contributions)["proof"] == pytest.approx(math.log(1 + one / 0.003)), "the closest alone"


async def test_joining_reads_like_following() -> None:
    ref = ContentRef("COMMUNITY", "7")
    events = [met("FOLLOW", "ann", "bob"), active("COMMUNITY_JOIN", "bob", 1, EntityRef("community", "7"))]
    [row] = (await ranking(events)).feed("ann", [ref])
    assert [w.interaction for w in row.social_proof.witnesses] == ["FOLLOW"]


async def test_people_of_the_same_taste() -> None:
    events = [
        did("LIKE", "ann", OTHER),
        did("LIKE", "ann", POST, 1),
        did("LIKE", "bob", POST, 2),
        did("LIKE", "bob", OTHER, 2),
        did("LIKE", "bob", ARTICLE, 2),
        did("LIKE", "cat", ARTICLE, 3),
    ]
    oracle = await ranking(events, 2 + 14 * DAY)
    # POST is ann's latest, OTHER the one before; both have two users, ARTICLE has bob and cat. A half-life of 14 d.
    assert oracle.co_action("ann", ARTICLE) == pytest.approx((1 + 1 / 2) / math.sqrt(3) / 2 / math.sqrt(3))
    [row] = oracle.feed("ann", [ARTICLE])
    assert row.co_action == pytest.approx(0.25)
    assert parts(row.contributions)["co_action"] == pytest.approx(0.45 * math.log(1 + 0.25 / 0.01))
    common = 2 / math.log(4) / math.sqrt((2 + 1) * (3 + 1)) / math.sqrt(15)
    assert parts(row.contributions)["proof"] == pytest.approx(math.log(1 + common / 0.003))


async def test_coming_back() -> None:
    events = [
        did("IMPRESSION", "ann", POST, -9),
        did("VIEW", "ann", POST),
        did("VIEW", "ann", POST, 10 * HOUR),
        did("VIEW", "ann", ARTICLE, 11 * HOUR),
        did("VIEW", "ann", ARTICLE, 12 * HOUR),
    ]
    oracle = await ranking(events, 82 * HOUR, habits=Habits(again=0.5, again_spread=2))
    # 72 h since the last, 82 h since the first, in units of 18 h; one other content since.
    often = 1 / 2 + 2 / (math.sqrt(82 / 18) + 2)
    w = standard().again
    kept = w.fading / (w.fading + 1)
    found, fresh = (parts(oracle.feed(viewer, [POST])[0].contributions) for viewer in ("ann", "x"))
    assert found["again"] == pytest.approx(
        (1 - kept) * w.new - w.clock * (1 + 1 / 2) * math.log(2) + w.strength * math.log(often)
    )
    assert found["popularity"] == pytest.approx(kept * fresh["popularity"])
    rare = parts(
        (await ranking(events, 82 * HOUR, habits=Habits(again=0, again_spread=1))).feed("ann", [POST])[0].contributions
    )["again"]
    assert rare == pytest.approx(-w.regular * math.log(99) - w.clock * 2 * math.log(2) + w.strength * math.log(often))


async def test_what_is_hidden() -> None:
    events = [
        did("HIDE", "ann", POST),
        did("REPORT", "bob", POST),
        met("BLOCK", "cat", "author"),
        met("BLOCK", "author", "dan"),
        met("MUTE", "eve", "author"),
        did("HIDE", "fay", POST),
        did("UNHIDE", "fay", POST, 1),
    ]
    oracle = await ranking(events)
    viewers = {id: oracle.hidden_because(id, POST) for id in ("ann", "bob", "cat", "dan", "eve", "fay")}
    assert viewers == {
        "ann": "HIDDEN",
        "bob": "REPORTED",
        "cat": "AUTHOR_BLOCKED",
        "dan": "BLOCKED_BY_AUTHOR",
        "eve": "AUTHOR_MUTED",
        "fay": None,
    }
    later = await ranking(events, 90 * DAY)
    assert [later.hidden_because(id, POST) for id in viewers] == [
        None,
        "REPORTED",
        *list(viewers.values())[2:4],
        None,
        None,
    ]


async def test_a_few_reports_are_none_and_a_crowd_is_bounded() -> None:
    views = [did("VIEW", f"u{n}", POST) for n in range(10)]
    for people, expected in ((2, 0), (3, math.log(1 + 20 * 1 / 13)), (300, 3.0)):
        reports = [did("REPORT", f"r{n}", POST) for n in range(people)]
        found = parts((await ranking([*views, *reports])).feed("x", [POST])[0].contributions)
        assert found.get("reports", 0) == pytest.approx(-expected)


async def test_the_author_counts_at_home() -> None:
    events = [met("MESSAGE_SENT", "ann", "author"), did("VIEW", "x", POST)]
    oracle = await ranking(events)
    affinity = oracle.affinity("ann", "author").score
    home, discover = (oracle.feed("ann", [POST], preset)[0] for preset in ("HOME", "DISCOVER"))
    assert (home.author_affinity, discover.author_affinity) == (affinity, affinity)
    assert parts(home.contributions)["author"] == pytest.approx(0.15 * affinity)
    assert "author" not in parts(discover.contributions)


# ---- bounds, instants


async def test_the_latest_engagers_by_their_latest_touch() -> None:
    events = [did("VIEW", "ann", seconds=0), did("VIEW", "bob", seconds=1), did("VIEW", "cat", seconds=1)]
    facts = (await ranking([*events, did("LIKE", "ann", seconds=2)], bounds=Bounds(engagers=2))).facts
    assert [(user, event.name) for user, event in facts.engaged(POST).items()] == [("ann", "LIKE"), ("cat", "VIEW")]
    assert len(facts.first_touches(POST)) == 3


async def test_the_own_clock_ends_with_the_list() -> None:
    events = [met("MESSAGE_SENT", "ann", "bob"), *(met("MESSAGE_SENT", "ann", "cat", n) for n in range(1, 6))]
    for bound, count in ((256, 5), (3, 3)):
        found = parts((await ranking(events, bounds=Bounds(times=bound))).affinity("ann", "bob").contributions)
        assert found["since"] == pytest.approx(-0.5 * math.log(1 + count))


async def test_their_clock_counts_as_well() -> None:
    events = [met("MESSAGE_SENT", "ann", "bob"), *(met("MESSAGE_SENT", "cat", "bob", n) for n in range(1, 4))]
    found = parts((await ranking(events, habits=Habits(spread=2))).affinity("ann", "bob").contributions)
    assert found["since"] == 0
    assert found["since_theirs"] == pytest.approx(-W.other_clock / 2 * math.log(4))


async def test_seen_from_an_instant() -> None:
    late = met("MESSAGE_SENT", "ann", "cat", 5)
    events = [met("MESSAGE_SENT", "ann", "bob"), late, met("MESSAGE_SENT", "ann", "dan", 6)]
    oracle = await ranking(events, 5, cut=Cut(at(5)))
    assert [tie.user_id for tie in oracle.ties("ann")] == ["cat", "bob"]
    assert [event.id for event in oracle.sequence("ann")] == [events[1].id, events[0].id]
    known = await ranking(events, 5, cut=Cut(at(5), late.received_at - timedelta(milliseconds=1)))
    assert known.ties("ann") == []


async def test_habits() -> None:
    events = [
        met("MESSAGE_SENT", "ann", "bob", 1),
        met("MESSAGE_SENT", "ann", "cat", 2),
        met("MESSAGE_SENT", "dan", "bob", 3),
        met("MESSAGE_SENT", "bob", "ann", 4),
        met("MUTE", "bob", "ann", 5),
        met("MESSAGE_SENT", "bob", "ann", 6),
        met("MENTION", "ann", "ann", 7),
        did("VIEW", "ann", POST, 1),
        did("LIKE", "ann", POST, 2),
        did("VIEW", "ann", ARTICLE, 3),
        did("VIEW", "ann", OTHER, 4),
        did("VIEW", "ann", POST, 5),
    ]
    found = (await ranking(events)).reckoned()
    start, trust = Habits(), standard().habits.trust
    # Five events, two of a known pair: one an answer, after one other event of bob's, from dan.
    assert found.repeat == pytest.approx((2 + trust * start.repeat) / (5 + trust))
    assert found.reply == pytest.approx((1 + trust * start.reply) / (2 + trust))
    assert found.spread == pytest.approx((math.log(2) + 0 + trust * start.spread) / (2 + trust))
    # Four turns, the last of them back, after two others.
    assert found.again == pytest.approx((1 + trust * start.again) / (4 + trust))
    assert found.again_spread == pytest.approx((math.log(3) + trust * start.again_spread) / (1 + trust))
    assert found.lasting == pytest.approx(start.lasting), "nobody was where others had been"


async def test_habits_of_answering() -> None:
    said = (
        ("ann", "bob"),
        ("bob", "ann"),
        ("ann", "bob"),
        ("ann", "cat"),
        ("cat", "ann"),
        ("ann", "bob"),
        ("bob", "ann"),
    )
    events = [met("MESSAGE_SENT", one, other, n) for n, (one, other) in enumerate(said)]
    found = (await ranking(events)).reckoned()
    start, trust = Habits(), standard().habits.trust
    # The latest partner: bob answers, ann answers, ann leaves bob in silence, cat answers, ann leaves cat, bob answers.
    # Spoke last: 4 taken, 1 left; had not: none taken, 1 left; so one of each kind can be told apart.
    ratio = math.log(5 / 2) - math.log(1 / 2)
    assert found.answer == pytest.approx((ratio + trust * start.answer) / (1 + trust))
    # Of the one before, where the latest is left: bob, whom ann spoke to last, is turned to; no other kind.
    assert found.answer_late == pytest.approx(start.answer_late)


async def test_a_catalogue_and_news() -> None:
    events = [
        did("VIEW", "ann", POST, 1),
        did("VIEW", "ann", OTHER, 2),
        did("VIEW", "bob", POST, 3),
        did("VIEW", "bob", ARTICLE, 4),
        did("VIEW", "cat", OTHER, 5),
    ]
    trust, start = standard().habits.trust, Habits().lasting
    # bob finds POST, one of two newer; cat finds OTHER, one of three newer.
    assert (await ranking(events)).reckoned().lasting == pytest.approx((1 / 2 + 1 / 3 + trust * start) / (2 + trust))
    w, lasting = standard().content, 0.3
    half = (lasting - w.lasting_from) / (w.lasting_to - w.lasting_from)
    oracle = await ranking(events, habits=Habits(lasting=lasting))
    news = parts((await ranking(events, habits=Habits(lasting=0))).feed("x", [POST])[0].contributions)
    found, catalogue = (
        parts(o.feed("x", [POST])[0].contributions) for o in (oracle, await ranking(events, habits=Habits(lasting=0.9)))
    )
    assert found["popularity"] == pytest.approx((1 - half) * news["popularity"])
    assert found["lasting"] == pytest.approx(half * catalogue["lasting"])
    assert catalogue.keys() == {"lasting"}


# ---- lists


async def test_trends() -> None:
    events = [
        *(did("VIEW", f"u{n}", POST, -40 * HOUR) for n in range(5)),
        did("VIEW", "bob", ARTICLE),
        did("VIEW", "cat", OTHER),
        met("MESSAGE_SENT", "ann", "cat"),
        met("MESSAGE_SENT", "ann", "u1"),
        met("BLOCK", "ann", "u1", 1),
    ]
    oracle = await ranking(events)
    assert [t.content for t in oracle.trending()] == [ARTICLE, OTHER, POST], "equal ones by key"
    assert [(t.content, t.users) for t in oracle.trending(kind="POST")] == [(OTHER, 1), (POST, 5)]
    assert [t.content for t in oracle.trending(viewer="ann")] == [OTHER], "of ties that are not blocked"
    few = await ranking(events, candidates=Candidates(hottest=2))
    assert [t.content for t in few.trending(1)] == [ARTICLE]


async def test_recommendations() -> None:
    events = [
        met("MESSAGE_SENT", "ann", "bob"),
        did("VIEW", "ann", OTHER),
        did("VIEW", "cat", OTHER, 1),
        did("VIEW", "bob", POST, 2),
        did("VIEW", "cat", ARTICLE, 3),
        did("VIEW", "dan", ContentRef("PAGE", "3"), 4),
        did("HIDE", "ann", ContentRef("PAGE", "4"), 5),
        did("VIEW", "dan", ContentRef("PAGE", "4"), 5),
    ]
    found = (await ranking(events)).recommended("ann")
    assert {r.content.key: r.sources for r in found} == {
        "POST:1": ("TIES", "TRENDING"),
        "ARTICLE:1": ("CO_ACTION", "TRENDING"),
        "PAGE:3": ("TRENDING",),
    }


async def test_no_author_fills_a_list() -> None:
    refs = [ContentRef("POST", name) for name in "abcd"]
    told = Oracle(VOCABULARY)
    await told.register([Registration(content=ref, author_id="x") for ref in refs[:3]])
    oracle = Ranking(told, NOON, standard())
    scores = dict(zip(refs, (10.0, 9.0, 8.0, 5.0), strict=True))
    # a 10; then b 9 * .7 = 6.3; then c 8 * .49 = 3.92 against d 5.
    assert [ref.id for ref in oracle.diverse(scores)] == ["a", "b", "d", "c"]


# ---- paths, clicks


async def test_the_shortest_path_whose_ids_come_first() -> None:
    events = [
        met("MESSAGE_SENT", "ann", "cat"),
        met("FOLLOW", "bob", "ann", 1),
        met("FOLLOW", "bob", "dan", 1),
        met("MESSAGE_SENT", "dan", "cat", 2),
        met("MUTE", "ann", "dan", 3),
    ]
    found = (await ranking(events)).path("ann", "dan")
    assert found is not None
    assert found.users == ("ann", "bob", "dan")
    assert [(s.kinds, s.outgoing, s.incoming) for s in found.steps] == [
        (("FOLLOWED_BY", "INTERACTED"), 0, 1),
        (("FOLLOWS", "INTERACTED"), 1, 0),
    ]
    around = (await ranking([*events, met("BLOCK", "ann", "bob", 9)])).path("ann", "dan")
    assert around is not None
    assert around.users == ("ann", "cat", "dan")
    assert (await ranking(events)).path("ann", "dan", 1) is None
    assert (await ranking(events)).path("ann", "nobody") is None
    alone = (await ranking(events)).path("ann", "ann")
    assert alone is not None
    assert (alone.users, alone.length) == (("ann",), 0)


async def test_clicks() -> None:
    shown = {"position": 0, "impression_id": "i"}
    events = [
        did("LIKE", "ann", POST, -1, impression_id="i"),
        did("IMPRESSION", "ann", POST, 0, **shown),
        did("IMPRESSION", "bob", POST, 0, **shown),
        did("LIKE", "bob", POST, 0, impression_id="i"),
        did("IMPRESSION", "bob", ARTICLE, 1, impression_id="i"),
        did("HIDE", "bob", ARTICLE, 2, impression_id="i"),
        did("IMPRESSION", "cat", POST, 3, position=2, impression_id="j"),
        did("VIEW", "cat", POST, 4, impression_id="k"),
        did("IMPRESSION", "cat", POST, 5, position=0),
    ]
    found = (await ranking(events)).click_through(NOON, at(4))
    rate = (1 + 20 * 0.05) / (4 + 20)
    assert (found.impressions, found.clicks) == (4, 1)
    assert found.rate == pytest.approx(rate)
    assert [(p.position, p.impressions, p.clicks) for p in found.positions] == [(0, 2, 1), (2, 1, 0)]
    assert found.positions[0].rate == pytest.approx((1 + 20 * rate) / (2 + 20))
    assert (await ranking(events)).click_through(NOON, at(4), "ARTICLE").impressions == 1
    assert (await ranking(events)).click_through(at(1), at(3)).impressions == 1, "until is exclusive"
