"""Which events go together when somebody is erased, and how names leave the log of slots."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from signals.erasure import Share, Trace, batches
from signals.packing import joined
from signals.removal import Removed
from signals.slots import Change, cancelled, pack_changes, token, unpack_changes

NAMES = [token(name) for name in "abc"]


def trace(n: int, actor: str, other: str, at: int) -> Trace:
    """A message."""
    return Trace(str(n), at, actor, other, None, "social", joined(actor, other), None, None)


traces = st.lists(
    st.tuples(st.sampled_from(("bob", "eve", "kim")), st.booleans(), st.integers(0, 50)), min_size=1, max_size=30
).map(lambda rows: [trace(n, *(("ann", o) if out else (o, "ann")), at) for n, (o, out, at) in enumerate(rows)])


@given(traces, st.integers(1, 8))
def test_every_event_goes_once_and_the_first_one_last(found: list[Trace], size: int) -> None:
    cut = list(batches(found, "ann", size))
    assert sorted(id for batch in cut for id in batch) == sorted(each.id for each in found)
    assert all(0 < len(batch) <= size for batch in cut)
    by_id = {each.id: each for each in found}
    assert by_id[cut[-1][-1]].at == min(each.at for each in found)


@given(traces)
def test_whom_they_share_stays_together_where_it_fits(found: list[Trace]) -> None:
    sizes = Counter(each.target if each.actor == "ann" else each.actor for each in found)
    size = max(sizes.values())
    by_id = {each.id: each for each in found}
    places: dict[str | None, set[int]] = {}
    for place, batch in enumerate(batches(found, "ann", size)):
        for each in (by_id[id] for id in batch):
            places.setdefault(each.target if each.actor == "ann" else each.actor, set()).add(place)
    assert all(len(found) == 1 for found in places.values())


def test_what_is_whole_goes_and_what_is_shared_stays() -> None:
    share = Share()
    share.add(trace(1, "ann", "bob", 5))
    share.add(trace(2, "bob", "ann", 6))
    sizes = {
        "users": [["ann", 1, 1], ["bob", 3, 1]],
        "ties": [[joined("ann", "bob"), 1], [joined("bob", "ann"), 2]],
        "days": [[joined("g", "0"), 9], [joined("u", "ann", "0"), 1]],
    }
    assert share.all_of(sizes) == Removed(ties=1, people=1, days=1)
    assert (share.events, share.retracted) == (2, 0)


changes = st.dictionaries(
    st.tuples(st.integers(0, 1), st.sampled_from("td"), st.just("x")),
    st.builds(
        Change,
        n=st.integers(-2, 2),
        users=st.dictionaries(st.sampled_from(NAMES), st.integers(-2, 2).filter(bool)),
        sessions=st.dictionaries(st.sampled_from(NAMES), st.integers(-2, 2).filter(bool)),
    ),
    min_size=1,
)


@given(st.lists(changes, min_size=1, max_size=4))
def test_names_that_came_and_left_are_gone_and_the_sums_are_the_same(
    found: list[dict[tuple[int, str, str], Change]],
) -> None:
    texts = {str(n): pack_changes(change) for n, change in enumerate(found)}
    after = texts | cancelled(texts)
    assert sums(after) == sums(texts)
    for kind in ("users", "sessions"):
        signs: dict[tuple[object, str], set[bool]] = {}
        for text in after.values():
            for where, change in unpack_changes([text]).items():
                for name, count in getattr(change, kind).items():
                    signs.setdefault((where, name), set()).add(count > 0)
        assert all(len(each) == 1 for each in signs.values())


def sums(texts: dict[str, str]) -> dict[tuple[int, str, str], object]:
    """What the segments say together."""
    return {
        where: (change.n, *({k: n for k, n in named.items() if n} for named in (change.users, change.sessions)))
        for where, change in unpack_changes(texts.values()).items()
        if not change.nothing
    }
