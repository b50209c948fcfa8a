"""Reading users and what stands between two of them."""

from __future__ import annotations

from datetime import datetime

from resolvers.arguments import identified, page_size
from resolvers.ports import People
from signals.people import Connection, ConnectionStatus, Conversation, ProfileVisitor, SocialRelation, User


async def user(people: People, id: str) -> User | None:
    """The user of this id; None when nobody ever saw them. Raises InvalidArgument."""
    [seen] = await people.seen([identified(id, "id")])
    return User(id) if seen else None


async def connections(people: People, user_id: str, status: str | None, first: int | None) -> list[Connection]:
    """The user's connections of one status, latest change first. Raises LimitExceeded and InvalidArgument."""
    return await people.connections(
        user_id, ConnectionStatus(status or ConnectionStatus.ACCEPTED), page_size("first", first)
    )


async def connection(people: People, user_id: str, other_id: str) -> Connection | None:
    """The connection between two users. Raises InvalidArgument."""
    return await people.connection(user_id, identified(other_id))


async def visitors(people: People, user_id: str, since: datetime | None, first: int | None) -> list[ProfileVisitor]:
    """Who looked at the user's profile. Raises LimitExceeded and InvalidArgument."""
    return await people.visitors(user_id, since, page_size("first", first))


async def relation(people: People, user_id: str, other_id: str) -> SocialRelation | None:
    """What one user did towards another. Raises InvalidArgument."""
    return await people.relation(user_id, identified(other_id))


async def conversation(people: People, user_id: str, other_id: str) -> Conversation:
    """The messages between two users. Raises InvalidArgument."""
    return await people.conversation(user_id, identified(other_id))
