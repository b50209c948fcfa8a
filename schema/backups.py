"""Backups of the embedded engine, for administrators."""

from __future__ import annotations

import strawberry

from resolvers.ports import Backup
from schema.context import Info
from schema.fields import field


@strawberry.type(description="A backup that was written and read again.")
class BackupMade:
    file: str = strawberry.field(
        description="Where, relative to the server's data folder. It stays there until somebody takes it away."
    )
    bytes: float = strawberry.field(description="Its size.")
    seconds: float = strawberry.field(description="How long it took, in which requests went on.")


@strawberry.type
class BackingUp:
    """The mutation; ``schema.mutation.Mutation`` has it."""

    @field(
        graphql_type=BackupMade,
        description=(
            "Write the database of the embedded engine to a file, as it is at one moment, while events come in. It "
            "holds everything that was acknowledged before. `sociograph restore` puts it back."
        ),
    )
    async def backup(self, info: Info) -> Backup:
        return await info.context.backups.make(info.context.received_at)
