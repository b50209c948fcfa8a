"""One sitting of a simulated person: from opening the app to leaving it, with everything done in between."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp2
from typing import Any

from signals.clock import DAY_MS
from signals.population import NO_SESSIONS
from signals.rows import Raw
from signals.town import Message, Piece, Town, moment
from signals.user_agents import device

SECOND_MS = 1000
FRIEND, TASTE = 6.0, 2.5
"""How much likelier one looks at what a friend wrote, and at what is about one's interests."""
REACTIONS = ("love", "laugh", "wow", "insightful")
SOURCES = ("feed", "search", "message", "connections")
ENGAGEMENTS = (("LIKE", 0.16), ("REACT", 0.05), ("SAVE", 0.04), ("COMMENT", 0.05), ("SHARE", 0.025), ("HIDE", 0.008))
LESSONS = 40
PATHS = ("theory", "practice", "play", "practice", "theory")
"""What lessons are about; balance is found by it."""
STATES = frozenset({"LIKE", "REACT", "SAVE", "HIDE"})

Happening = tuple[int, Raw]


class Sitting:
    """``person`` (position in the town) sits down at ``at`` (epoch ms)."""

    def __init__(self, town: Town, person: int, at: int) -> None:
        self._town, self._random, self._number, self._now = town, town.random, person, at
        self._person = town.people[person]
        agent = self._random.choice(self._person.user_agents)
        session = {} if agent == NO_SESSIONS else {"sessionId": town.new_id("session")}
        self._envelope: Raw = {
            **session,
            "device": device(agent),
            "country": self._person.place.country,
            "timeZone": self._person.place.zone,
        }

    def happen(self) -> Iterator[Happening]:
        """What is done, each with its time (epoch ms)."""
        yield self._activity("LOGIN")
        yield self._activity("PAGE_VIEW", entity={"type": "page", "id": "home"})
        yield from self._read_messages()
        yield from self._answer_requests()
        yield from self._ask()
        for piece in self._choose(1 + int(self._random.expovariate(1 / 4))):
            yield from self._look(piece)
        for act, chance in (
            (self._write, 0.12 + 0.01 * min(20.0, self._person.appeal)),
            (self._talk, 0.3),
            (self._visit, 0.3),
            (self._learn, self._person.lessons),
            (self._search, 0.1),
            (self._part, 0.004),
        ):
            if self._random.random() < chance:
                yield from act()
        if self._random.random() < 0.2:
            yield self._activity("LOGOUT")

    def _pass(self, seconds: float) -> None:
        self._now += int(SECOND_MS * (1 + self._random.expovariate(1 / seconds)))

    def _event(self, kind: str, after: float, **fields: Any) -> Happening:
        self._pass(after)
        said = {name: value for name, value in fields.items() if value is not None}
        id = self._town.new_id("event")
        return self._now, {kind: {"id": id, "occurredAt": moment(self._now), **said, **self._envelope}}

    def _activity(self, name: str, after: float = 2, **fields: Any) -> Happening:
        return self._event("activity", after, userId=self._person.id, activity=name, **fields)

    def _social(self, name: str, other: int, after: float = 8, **fields: Any) -> Happening:
        target = self._town.people[other].id
        return self._event("social", after, userId=self._person.id, interaction=name, targetUserId=target, **fields)

    def _content(self, name: str, piece: Piece, after: float = 4, **fields: Any) -> Happening:
        reference = {"type": piece.type, "id": piece.id}
        return self._event("content", after, userId=self._person.id, interaction=name, content=reference, **fields)

    def _choose(self, size: int) -> list[Piece]:
        """Different pieces: what is fresh, cared for, about the right things and by the right people."""
        pieces = [p for p in self._town.fresh if p.at < self._now and p.author != self._number]
        if not pieces:
            return []
        chosen = self._random.choices(pieces, [self._pull(piece) for piece in pieces], k=size)
        return list(dict.fromkeys(chosen))

    def _pull(self, piece: Piece) -> float:
        pull = piece.appeal * exp2((piece.at - self._now) / DAY_MS)
        pull *= FRIEND if piece.author in self._person.friends else 1.0
        return pull * (TASTE if set(piece.tags) & set(self._person.interests) else 1.0)

    def _look(self, piece: Piece) -> Iterator[Happening]:
        position = self._random.randrange(12)
        yield self._content("VIEW", piece, position=position)
        if self._random.random() < 0.5:
            depth = round(min(100.0, 100 * self._random.betavariate(2, 1)), 1)
            yield self._content("SCROLL", piece, after=6, scrollDepth=depth)
        spent = 1000 + int(self._random.lognormvariate(9.3, 0.9))
        yield self._content("DWELL", piece, after=spent / 1000, durationMs=spent)
        for name, chance in ENGAGEMENTS:
            if self._random.random() < chance and self._first_time(name, piece):
                reaction = self._random.choice(REACTIONS) if name == "REACT" else None
                yield self._content(name, piece, reaction=reaction)
        if self._random.random() < 0.02 and self._first_time("FOLLOW", piece):
            yield self._social("FOLLOW", piece.author)

    def _first_time(self, name: str, piece: Piece) -> bool:
        """Whether a state is still to be set; what is no state can be done again."""
        mark = f"FOLLOW {piece.author}" if name == "FOLLOW" else f"{name} {piece.id}"
        touched = self._town.touched[self._number]
        if mark in touched:
            return False
        if name in STATES or name == "FOLLOW":
            touched.add(mark)
        return True

    def _write(self) -> Iterator[Happening]:
        type = self._random.choices(("POST", "STORY", "ARTICLE"), (6, 3, 1))[0]
        self._pass(90)
        piece, registration = self._town.write(self._number, self._now, type)
        yield self._now, registration
        if type == "ARTICLE":
            yield self._content("CREATE", piece, after=1)
        else:
            yield self._activity(f"{type}_CREATE", entity={"type": type.lower(), "id": piece.id})

    def _read_messages(self) -> Iterator[Happening]:
        """Read what came; answer half of it."""
        for message in self._town.inbox.pop(self._number, []):
            if message.at >= self._now or self._random.random() < 0.08:
                continue
            yield self._social("MESSAGE_READ", message.sender, content=_reference(message.id))
            if self._random.random() < 0.5:
                yield self._send(message.sender)

    def _send(self, other: int) -> Happening:
        id = self._town.new_id("message")
        happening = self._social("MESSAGE_SENT", other, after=30, content=_reference(id))
        self._town.inbox[other].append(Message(id, self._number, self._now))
        return happening

    def _talk(self) -> Iterator[Happening]:
        """Write to a friend, the first ones most."""
        friends = self._person.friends
        if friends:
            yield self._send(friends[min(int(self._random.expovariate(0.6)), len(friends) - 1)])

    def _visit(self) -> Iterator[Happening]:
        """Look at somebody's profile: mostly a friend's, else somebody known to many."""
        people = self._town.people
        if self._person.friends and self._random.random() < 0.7:
            other = self._random.choice(self._person.friends)
        else:
            other = self._random.choices(range(len(people)), [person.appeal for person in people])[0]
        if other != self._number:
            source = self._random.choice(SOURCES)
            ids = {"visitorId": self._person.id, "profileUserId": people[other].id}
            yield self._event("profileVisit", 10, **ids, source=source)

    def _ask(self) -> Iterator[Happening]:
        """Send the connection requests that are due."""
        due = self._town.meetings[self._number]
        while due and due[-1][0] <= self._now:
            _, other = due.pop()
            yield self._social("CONNECTION_REQUEST", other)
            self._town.asked[other].append((self._now, self._number))

    def _answer_requests(self) -> Iterator[Happening]:
        """Accept most; some wait for ever."""
        for at, other in self._town.asked.pop(self._number, []):
            answer = self._random.random()
            if at >= self._now or answer > 0.94:
                continue
            yield self._social("CONNECTION_ACCEPT" if answer < 0.87 else "CONNECTION_DECLINE", other)
            if answer < 0.87:
                self._town.connected[self._number].append(other)

    def _part(self) -> Iterator[Happening]:
        connected = self._town.connected[self._number]
        if connected:
            yield self._social("CONNECTION_REMOVE", connected.pop(self._random.randrange(len(connected))))

    def _learn(self) -> Iterator[Happening]:
        """A lesson, then some problems of it."""
        number = self._random.randrange(1, LESSONS + 1)
        lesson = {"type": "lesson", "id": f"lesson-{number}"}
        about = {"path": PATHS[number % len(PATHS)]}
        yield self._activity("LESSON_VIEW", entity=lesson, metadata=about)
        for step in range(self._random.randrange(2 + round(6 * self._person.lessons))):
            problem = {"type": "problem", "id": f"{lesson['id']}-problem-{step + 1}"}
            yield self._activity("PROBLEM_VIEW", entity=problem, metadata=about)
            if self._random.random() < 0.6:
                points = self._random.choice((None, 5.0, 20.0))
                yield self._activity("PROBLEM_SOLVED", after=240, entity=problem, points=points, metadata=about)
        if self._random.random() < 0.5:
            yield self._activity("LESSON_COMPLETED", after=20, entity=lesson, metadata=about)

    def _search(self) -> Iterator[Happening]:
        yield self._activity("SEARCH", metadata={"tag": self._random.choice(self._person.interests)})


def _reference(message: str) -> Raw:
    return {"type": "CONVERSATION_MESSAGE", "id": message}
