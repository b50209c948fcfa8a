"""The GraphQL surface over an engine: a query is answered as an application answers it, at any instant."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from hypothesis import HealthCheck, settings

from graph.backups import Backups
from schema.app import Service
from schema.settings import Settings
from signals.events import Event, EventFilter
from signals.rewards import Rewards
from signals.rewards import standard as standard_rewards
from signals.weights import standard
from tests.contract.stage import Stage
from tests.factories import VOCABULARY
from tests.oracle import Oracle
from tests.reads import Ports, play, same
from tests.strategies import Step
from tests.trend_meanings import shown
from tests.unit.surface import SCHEMA

few = settings(
    max_examples=int(os.environ.get("SOCIOGRAPH_TEST_EXAMPLES", "5")),
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
"""SOCIOGRAPH_TEST_EXAMPLES sets how many histories each test tries; a few are enough for every day."""


@dataclass(slots=True)
class Surface:
    """``told``: what the oracle knows; the engine knows the same."""

    stage: Stage
    service: Service
    told: Oracle = field(default_factory=lambda: Oracle(VOCABULARY))

    @classmethod
    def of(cls, stage: Stage) -> Surface:
        return cls(stage, started(stage, standard_rewards()))

    async def tell(self, steps: Sequence[Step], rewards: Rewards | None = None) -> list[Event]:
        """An empty engine, an application that just started and the oracle hear a history. What is left of it."""
        await self.stage.wipe()
        self.service, self.told = started(self.stage, rewards or standard_rewards()), Oracle(VOCABULARY)
        return await self.hear(steps)

    async def hear(self, steps: Sequence[Step]) -> list[Event]:
        """How the history goes on."""
        same(await play(Ports.of(self.told), steps), await play(self.stage.ports, steps))
        return self.told.live()

    async def ask(self, query: str, now: datetime, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The data of the answer at ``now``; there are no errors."""
        context = replace(self.service.context(), received_at=now)
        result = await SCHEMA.execute(query, given(variables or {}), context_value=context)
        assert not result.errors, result.errors
        assert result.data is not None
        return result.data


def started(stage: Stage, rewards: Rewards) -> Service:
    """What answers behind the routes; nothing is kept at hand yet."""
    service = Service(Settings.model_validate({}), VOCABULARY, standard())
    service.rewards = rewards
    nobody = cast("Backups", None)  # nobody makes one here: it would need the engine's files
    service._assemble(stage.database, nobody)
    service.recorder = stage.writer
    return service


def given(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Variables as a client writes them; None is left out."""
    written = {name: value for name, value in variables.items() if value is not None}
    return {name: shown(value) if isinstance(value, datetime) else value for name, value in written.items()}


def narrowing(filter: EventFilter) -> dict[str, Any]:
    """A filter as a client writes it."""
    return given(
        {
            "userId": filter.user_id,
            "types": filter.types and list(filter.types),
            "categories": filter.categories and list(filter.categories),
            "actions": filter.actions and list(filter.actions),
            "content": filter.content and {"type": filter.content.type, "id": filter.content.id},
            "targetUserId": filter.target_user_id,
            "sessionId": filter.session_id,
            "since": filter.since,
            "until": filter.until,
        }
    )
