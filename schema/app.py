"""The one place that builds things: settings, then what runs for the application's lifetime, then the routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Route

from graph import backups
from graph.active import ActiveReader
from graph.archive import Archivist
from graph.audit import AuditStore
from graph.consents import ConsentBook
from graph.constraints import migrate
from graph.contents import ContentReader
from graph.deriving import derive, outdated
from graph.diaries import DiaryReader
from graph.driver import Database, connect
from graph.engine import Engine, embedded, remote
from graph.erasing import Eraser
from graph.errors import DATABASE_ERRORS, cause_of, translate
from graph.events import EventReader
from graph.habits import HabitsKeeper, HabitsReader
from graph.impressions import ImpressionReader
from graph.keys import KeyStore
from graph.neighbourhoods import NeighbourhoodReader
from graph.nodes import NodeReader
from graph.people import PeopleReader
from graph.personal_data import PersonalDataReader
from graph.queries import statement
from graph.quiet import QuietPeople
from graph.rehearsal import rehearse
from graph.retaining import Retainer
from graph.sequences import SequenceReader
from graph.sessions import SessionReader
from graph.slot_days import SlotDays
from graph.standings import Standings
from graph.summaries import SummaryReader
from graph.top_content import TopContentReader
from graph.trends import TrendReader
from graph.writer import Writer
from resolvers.auditing import Auditor
from resolvers.ports import (
    ApiKeys,
    AuditLog,
    Recorder,
)
from resolvers.streaks import StreakKeeper
from schema import authentication, edge, graphiql, health, logs, metrics
from schema.api import build_schema
from schema.context import Context, now
from schema.guarding import guarded
from schema.http import GraphQLOverHTTP
from schema.instance import own_version
from schema.keyring import Keyring
from schema.metrics import Metrics
from schema.principal import LOCAL, Principal, Role
from schema.settings import Settings
from schema.standby import Standby
from schema.tracing import tracing
from signals import achievements_table
from signals.errors import SociographError, Unavailable
from signals.intake import Intake
from signals.retention import Retention
from signals.rewards import Rewards
from signals.vocabulary import Vocabulary
from signals.weights import Weights

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

PING = statement("ping")
MEGABYTE = 1_000_000
OPERATORS = (Role.SERVICE, Role.ANALYST, Role.ADMIN)
"""Who may read what an operator watches."""
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 5.0
REHEARSALS = 2
"""So often is a rehearsal tried that does not get to its end: it saves the first callers time, and nothing else."""
START_S = 90.0
"""How long a start waits for a database that answers slowly; then the service runs, and says that it is not ready."""


class Service:
    """What works behind the routes: the engine, the database, the writer and the readers, for one lifespan.

    ``awaited``: whether callers wait for quick first answers; a command does not, and is done before a rehearsal is.
    """

    recorder: Recorder
    shared: Context
    """What all requests work with; ``context`` says what each has for itself."""
    nodes: NodeReader
    api_keys: ApiKeys
    audit_log: AuditLog

    def __init__(self, settings: Settings, vocabulary: Vocabulary, weights: Weights, *, awaited: bool = True) -> None:
        self.settings = settings
        self.vocabulary = vocabulary
        self.weights = weights
        self.achievements = achievements_table.load(settings.achievements)
        self.metrics = Metrics()
        self.tracing = tracing(settings.tracing)
        if self.tracing:
            self.metrics.followed(self.tracing.statement)
        self.rewards = Rewards.load(settings.rewards)
        self.retention = Retention.load(settings.retention)
        self.intake = Intake(vocabulary, guarded(settings))
        self._database: Database
        self._writer: Writer
        self._retainer: Retainer
        self._missing: str | None = "The database has not been reached yet."
        self._rehearsals = 0 if awaited else REHEARSALS
        self._ready = asyncio.Event()
        self._settled = asyncio.Event()
        self.keyring = Keyring(lambda: self.api_keys, now)
        self.auditor = Auditor(lambda: self.audit_log, now)

    def context(self, principal: Principal = LOCAL) -> Context:
        """What the resolvers of one request of ``principal`` work with."""
        return replace(
            self.shared,
            recorder=self.recorder,
            nodes=self.nodes.view(),
            principal=principal,
            received_at=now(),
            dropped=set(),
        )

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Start from the engine upwards, stop from the writer downwards: what is queued is written first.

        A database that cannot be reached does not keep the application from starting.
        """
        traced = self.tracing
        logs.configure(self.settings.log_level, self.settings.log_json, *([traced.into_log] if traced else ()))
        async with AsyncExitStack() as stack:
            if traced:
                await stack.enter_async_context(traced.until_sent())
            engine = await stack.enter_async_context(engine_of(self.settings))
            log.info("the engine", engine=engine.name, description=engine.description)
            database = await stack.enter_async_context(
                connect(
                    engine.uri,
                    engine.auth,
                    engine.database,
                    timeout=self.settings.read_deadline,
                    slow_ms=self.settings.slow_statement_ms,
                    meter=self.metrics,
                    carried=traced.carried if traced else None,
                )
            )
            self._assemble(database, backups.Backups(engine, self.settings.data, own_version()))
            stack.push_async_callback(self._writer.stop)
            stack.push_async_callback(self._eraser.stop)
            stack.push_async_callback(self.keyring.stop)
            await self.auditor.start()
            stack.push_async_callback(self.auditor.stop)
            beginning = asyncio.create_task(self._begun(at_once=True), name="beginning")
            stack.callback(beginning.cancel)
            await asyncio.wait({beginning}, timeout=START_S)
            if not (beginning.done() and await beginning):
                recovery = asyncio.create_task(self._recover(beginning), name="recovery")
                stack.push_async_callback(cancelled, recovery)
            yield

    @asynccontextmanager
    async def serving(self, application: Starlette) -> AsyncIterator[None]:
        """The lifespan of a server, which also keeps habits up to date and lets go of what is old."""
        async with self.lifespan(application):
            keeping = asyncio.create_task(self._keep_habits(), name="habits")
            retaining = asyncio.create_task(self._keep_retaining(), name="retention")
            try:
                yield
            finally:
                await cancelled(retaining)
                await cancelled(keeping)

    async def _keep_retaining(self) -> None:
        await self._ready.wait()
        if self.settings.retain_every_hours:
            await self._retainer.keep(now, timedelta(hours=self.settings.retain_every_hours))

    async def _keep_habits(self) -> None:
        await self._ready.wait()
        try:
            await HabitsKeeper(self._database, self.vocabulary, self.weights.habits).keep(now)
        except (SociographError, *DATABASE_ERRORS) as error:
            log.error("habits are no longer reckoned; ranking goes by the last ones", cause=cause_of(error))

    def _assemble(self, database: Database, copies: backups.Backups) -> None:
        settings, vocabulary = self.settings, self.vocabulary
        self._database = database
        standings, quiet = Standings(database, required=settings.consent == "required"), QuietPeople(database)
        self._writer = Writer(
            database,
            vocabulary,
            standings=standings,
            capacity=settings.queue_capacity,
            deadline=settings.write_deadline,
        )
        self.recorder = Standby()
        self.api_keys = KeyStore(database)
        self.audit_log = audits = AuditStore(database, standings)
        self._retainer = Retainer(database, self._writer, vocabulary, self.retention)
        self._eraser = Eraser(database, self._writer, standings, audits, vocabulary, now)
        self.nodes = NodeReader(database, vocabulary, cache=settings.read_cache_mb * MEGABYTE)
        slots, diaries = SlotDays(database), DiaryReader(database)
        self.shared = Context(
            recorder=self.recorder,
            events=EventReader(database, vocabulary),
            people=PeopleReader(database, vocabulary),
            contents=ContentReader(database, vocabulary),
            nodes=self.nodes.view(),
            sequences=SequenceReader(database),
            diaries=diaries,
            streaks=StreakKeeper(diaries, self.rewards.streak),
            impressions=ImpressionReader(database, vocabulary, self.weights.rates),
            neighbourhoods=NeighbourhoodReader(database),
            trends=TrendReader(database, vocabulary, slots),
            summaries=SummaryReader(database, slots),
            actives=ActiveReader(database),
            top_contents=TopContentReader(database, vocabulary),
            population=HabitsReader(database),
            sessions=SessionReader(database),
            consents=ConsentBook(self._writer, standings, quiet),
            discretion=quiet,
            archive=Archivist(database, vocabulary, standings),
            backups=copies,
            retaining=self._retainer,
            erasing=self._eraser,
            personal_data=PersonalDataReader(database, standings, audits),
            intake=self.intake,
            vocabulary=vocabulary,
            weights=self.weights,
            achievements=self.achievements,
            rewards=self.rewards,
            metrics=self.metrics,
            keyring=self.keyring,
            auditor=self.auditor,
            write_deadline=settings.write_deadline,
            analyst_k=settings.analyst_k,
        )
        self._watch(copies)

    def _watch(self, copies: backups.Backups) -> None:
        watch = self.metrics.watch
        watch("sociograph_queue_events", "Events that wait for the writer.", lambda: self._writer.waiting)
        watch("sociograph_ready", "1 while it takes events.", lambda: float(self._missing is None))
        watch(
            "sociograph_backup_timestamp_seconds",
            "When the last backup was made; 0: none since the start.",
            lambda: copies.made_at,
        )
        watch(
            "sociograph_audit_waiting",
            "Entries that wait to be written into the audit log.",
            lambda: self.auditor.waiting,
        )

    async def _recover(self, beginning: asyncio.Task[bool]) -> None:
        """Go on until the database is prepared, also where it stood still in the ``beginning``."""
        pause = FIRST_PAUSE_S
        try:
            begun = await beginning
            while not begun:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)
                begun = await self._begun()
        except SociographError as error:
            self._missing = str(error)
            log.error("this database cannot be used", reason=self._missing)
            self._settled.set()

    async def _begun(self, *, at_once: bool = False) -> bool:
        """Whether the database could be reached and prepared, and the writer has taken over.

        ``at_once``: leave to another time what takes minutes.
        Raises SociographError for a database that waiting does not mend, such as one of a newer release.
        """
        try:
            version = await self._begin(at_once)
        except (Unavailable, *DATABASE_ERRORS) as error:
            self._missing = str(translate(error))
            log.warning("the database is not ready; trying again", reason=self._missing, cause=cause_of(error))
            return False
        if version is None:
            return False
        log.info("the database is ready", schema_version=version)
        return True

    async def _begin(self, at_once: bool) -> int | None:
        await ping(self._database)
        version = await migrate(self._database)
        if await outdated(self._database):
            self._missing = "The graph is being derived anew from its events; the log tells how far that is."
            if at_once:
                return None
            await derive(self._database, self.vocabulary)
        if self._rehearsals < REHEARSALS:
            self._rehearsals += 1
            await rehearse(self._database, self.vocabulary, now())
        await self._writer.start()
        self.recorder = self._writer
        self._missing = None
        await self._eraser.resume()
        self._ready.set()
        self._settled.set()
        return version

    async def until_ready(self) -> None:
        """Return when the database is prepared. Raises Unavailable for one that waiting does not mend."""
        await self._settled.wait()
        if self._missing:
            raise Unavailable(self._missing)

    async def why_not_ready(self) -> str | None:
        """Why a write would fail now, or None: tries one that changes nothing."""
        if self._missing or await self._writer.ready():
            return self._missing
        try:
            await ping(self._database)
        except DATABASE_ERRORS as error:
            return str(translate(error))
        return "The database answers, but takes no writes; the log says why."


async def restore_backup(settings: Settings, file: Path, *, replace: bool) -> backups.Restored:
    """Put a backup into the data folder of the settings. Raises StartupError, see ``graph.backups``."""
    return await backups.restore(file, settings.data, replace=replace)


async def cancelled(task: asyncio.Task[None]) -> None:
    """Cancel ``task`` and wait for its end."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def engine_of(settings: Settings) -> AbstractAsyncContextManager[Engine]:
    """The engine that the settings choose."""
    if settings.neo4j_uri is None:
        return embedded(settings.data, settings.heap)
    password = settings.neo4j_password.get_secret_value()
    user = settings.neo4j_user if password else ""
    return remote(settings.neo4j_uri, user, password, settings.neo4j_database)


async def ping(database: Database) -> None:
    """Return when the database answers. The driver's errors pass through, at once: nothing is tried again."""
    async with database.transaction(name=PING.name) as transaction:
        await transaction.run(PING)


def create_app(settings: Settings) -> Starlette:
    """The application; ``state.authentication`` is who lets callers in, or None.

    Nothing runs before its lifespan begins. Raises StartupError for wrong tables, and settings that do not fit.
    """
    vocabulary = Vocabulary.load(settings.vocabulary)
    weights = Weights.load(settings.weights)
    service = Service(settings, vocabulary, weights)
    schema = build_schema(vocabulary, edge.limits(settings))
    if service.tracing:
        service.tracing.over_fields(schema)
    callers = authentication.of(settings, service.keyring)
    endpoint = GraphQLOverHTTP(
        schema,
        service.context,
        authenticate=None if callers is None else callers.principal,
        gate=edge.gate(settings, schema, asked=callers is not None),
        body_limit=settings.body_limit,
        timeout=settings.request_timeout,
        graphiql=settings.graphiql,
        answered=service.metrics.answered,
    )
    routes: list[BaseRoute] = [
        Route("/graphql", endpoint),
        *health.routes(health.Readiness(service.why_not_ready)),
        *metrics.routes(service.metrics, authentication.guard(None if settings.metrics_open else callers, OPERATORS)),
        *(graphiql.routes() if settings.graphiql else ()),
        Route("/", edge.to_graphql),
    ]
    application = Starlette(
        routes=routes,
        lifespan=service.serving,
        middleware=edge.middleware(settings),
        exception_handlers={HTTPException: edge.refused, Exception: edge.broken},
    )
    application.state.authentication = callers
    if service.tracing:
        application.add_middleware(service.tracing.over_http)
    return application
