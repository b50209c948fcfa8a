"""Check what W3 and W5 of this project answer against a reference made from the same files in plain Python.

``python -m benchmarks.peers.check WORK_DIR PORT...``; prints two JSON lines per port; status 1 when anything differs.
W5: the events of every day and type are the peers' reference answer, and no day is missing.

For every candidate of the 64 requests:
``mine`` the viewer's own events with it (the peers' reference answer), ``last`` the time of the last of them and
``seen`` whether there is one, ``ties`` how many of the viewer's ties engaged. A tie here is mutual: either follows the
other; the latest 256 ties and the latest 128 who engaged count, and where equal times leave open which those are, any
number between the bounds is right.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from benchmarks.connection import Connection, connect
from benchmarks.peers.load import HOST, rows, tied
from benchmarks.works import body

QUERY = """query Check($v: ID!, $c: [ContentRef!]!) {
  feedSignals(viewerId: $v, candidates: $c) {
    candidates { content { id } seen lastSeenAt myInteractions { count } socialProof { count } }
  }
}"""
TREND = """query Check($a: DateTime!, $b: DateTime!) {
  engagementTrends(since: $a, until: $b, granularity: DAY, groupBy: TYPE) { series { group buckets { start events } } }
}"""
TIES, ENGAGERS = 256, 128
Times = dict[str, int]


@dataclass(frozen=True, slots=True)
class Reference:
    """``did``: by viewer, the time of the latest event with each content; ``engaged``: the same by content."""

    did: Mapping[str, Times]
    engaged: Mapping[str, Times]
    ties: Mapping[str, Times]

    @classmethod
    def of(cls, folder: Path) -> Reference:
        """From the files that were loaded."""
        did: defaultdict[str, Times] = defaultdict(dict)
        engaged: defaultdict[str, Times] = defaultdict(dict)
        ties: defaultdict[str, Times] = defaultdict(dict)
        for row in rows(folder / "events.jsonl"):
            for table, one, other in ((did, "actorId", "targetId"), (engaged, "targetId", "actorId")):
                times = table[row[one]]
                times[row[other]] = max(row["at"], times.get(row[other], 0))
        for row in rows(folder / "ties.jsonl"):
            at = round(tied(row).timestamp())
            for one, other in (("a", "b"), ("b", "a")):
                times = ties[row[one]]
                times[row[other]] = max(at, times.get(row[other], 0))
        return cls(did, engaged, ties)

    def tie_counts(self, viewer: str, content: str) -> tuple[int, int]:
        """The least and the most ties who may count as engaged."""
        (sure, likely), (engaged, maybe) = latest(self.ties[viewer], TIES), latest(self.engaged[content], ENGAGERS)
        return len(sure & engaged - {viewer}), len(likely & maybe - {viewer})


def latest(times: Times, count: int) -> tuple[set[str], set[str]]:
    """Who is among the ``count`` latest for certain, and who may be."""
    if len(times) <= count:
        return set(times), set(times)
    edge = sorted(times.values(), reverse=True)[count - 1]
    return {id for id, at in times.items() if at > edge}, {id for id, at in times.items() if at >= edge}


async def ask(connection: Connection, port: int, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of one request. Raises ValueError for anything but an answer."""
    refs = [{"type": "ARTICLE", "id": id} for id in asked["candidateIds"]]
    status, answer = await connection.send(body(f"{HOST}:{port}", QUERY, {"v": asked["viewerId"], "c": refs}))
    if status != 200 or b'"errors"' in answer:
        raise ValueError(f"{status} {answer[:300].decode(errors='replace')}")
    found: list[dict[str, Any]] = orjson.loads(answer)["data"]["feedSignals"]["candidates"]
    return found


def verdicts(row: Mapping[str, Any], viewer: str, expected: list[Any], reference: Reference) -> dict[str, bool]:
    """What of one row is right. ``expected``: the peers' [content, lately, ties, own count, last time]."""
    content = expected[0]
    at, count = reference.did[viewer].get(content), row["socialProof"]["count"]
    least, most = reference.tie_counts(viewer, content)
    last = row["lastSeenAt"]
    return {
        "order": row["content"]["id"] == content,
        "mine": sum(kind["count"] for kind in row["myInteractions"]) == expected[3],
        "seen": row["seen"] == (at is not None),
        "last": (None if last is None else round(datetime.fromisoformat(last).timestamp() * 1000)) == at,
        "ties": least <= count <= most,
        "ties, without a doubt": least == count == most,
        "ties, as the peers count them": count == expected[2],
    }


async def check(folder: Path, port: int, reference: Reference) -> bool:
    """Ask all 64 requests and print how many rows are right; whether all are."""
    asked = orjson.loads((folder / "payloads.json").read_bytes())["W3"]
    expected = orjson.loads((folder / "expected.json").read_bytes())["W3"]
    connection, right, total = await connect(HOST, port), Counter[str](), 0
    for request, answers in zip(asked, expected, strict=True):
        for row, answer in zip(await ask(connection, port, request), answers, strict=True):
            right.update(verdicts(row, request["viewerId"], answer, reference))
            total += 1
    print(orjson.dumps({"port": port, "rows": total, "right": right}).decode())
    return all(right[name] == total for name in ("order", "mine", "seen", "last", "ties"))


async def check_trends(folder: Path, port: int) -> bool:
    """Ask all 16 requests of W5 and print how many answers are right; whether all are."""
    asked = orjson.loads((folder / "payloads.json").read_bytes())["W5"]
    expected = orjson.loads((folder / "expected.json").read_bytes())["W5"]
    connection, right = await connect(HOST, port), 0
    for request, answer in zip(asked, expected, strict=True):
        days = (datetime.fromisoformat(request["to"]) - datetime.fromisoformat(request["from"])).days
        asking = body(f"{HOST}:{port}", TREND, {"a": request["from"], "b": request["to"]})
        status, text = await connection.send(asking)
        if status != 200 or b'"errors"' in text:
            raise ValueError(f"{status} {text[:300].decode(errors='replace')}")
        series = orjson.loads(text)["data"]["engagementTrends"]["series"]
        right += table(series) == answer and all(len(one["buckets"]) == days for one in series)
    print(orjson.dumps({"port": port, "trends": len(asked), "right": right}).decode())
    return right == len(asked)


def table(series: list[dict[str, Any]]) -> list[list[Any]]:
    """Rows [day, type, events] as the peers have them: without zeros, types without their category, sorted."""
    counted = Counter[tuple[str, str]]()
    for one in series:
        type = one["group"].partition(":")[2].upper()
        counted.update({(bucket["start"][:10], type): bucket["events"] for bucket in one["buckets"]})
    return sorted([day, type, n] for (day, type), n in counted.items() if n)


def main() -> None:
    folder, *ports = sys.argv[1:]
    reference = Reference.of(Path(folder))
    checked = [asyncio.run(check(Path(folder), int(port), reference)) for port in ports]
    checked += [asyncio.run(check_trends(Path(folder), int(port))) for port in ports]
    sys.exit(0 if all(checked) else 1)


if __name__ == "__main__":
    main()
