"""All that the runbook's troubleshooting asks for, asked at the same time."""

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import structlog

from bot.clients.errors import Failure, OwnFault
from bot.clients.status_page import Said
from bot.clients.supabase import Disk, Function, Project, ReadOnly, Secret, Service
from bot.clients.wallet import Health
from bot.context import Context, Target
from bot.deploys.record import Deployed, history
from bot.detectors.database_outage import OUTAGE
from bot.diagnosis import database
from bot.diagnosis.function_logs import Complaint, Outcome, calls, complaints
from bot.health.answers import Answers, FunctionsSeen, ProjectSeen, Question, WebhooksCounted, failed
from bot.health.expected import WEBHOOK
from bot.health.probes import ASK
from bot.health.thresholds import DEFAULTS, Thresholds
from bot.logbook.span import Span
from bot.questions.asking import ask
from bot.questions.paged import Paged, paged
from store.database import Store
from store.errors import StoreError

log = structlog.get_logger(__name__)

Kind = Literal["webhook", "database", "function"]

_UNSEEN = timedelta(seconds=30)  # at most from an outage's beginning to its message: two looks, 15 s apart

CALLED: Mapping[str, str] = {
    "project": "the project's status",
    "wallet": "the wallet's /health",
    "services": "Supabase's services",
    "functions": "functions",
    "secrets": "secrets",
    "webhooks": "webhook numbers",
    "status": "Supabase's status page",
    "read_only": "whether the database is read-only",
    "disk": "the disk",
    "connections": "connections",
    "locks": "locks",
    "banned": "banned addresses",
    "errors": "errors in the database's log",
    "calls": "calls of functions",
    "complaints": "what functions said",
}
_ASKED: Mapping[Kind, frozenset[str]] = {
    "webhook": frozenset(
        ("project", "wallet", "functions", "secrets", "webhooks", "status", "read_only", "calls", "complaints")
    ),
    "database": frozenset(
        ("project", "wallet", "services", "status", "read_only", "disk", "connections", "locks", "banned", "errors")
    ),
    "function": frozenset(("project", "wallet", "functions", "secrets", "status", "read_only", "calls", "complaints")),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """The answers; None: not yet, or not asked for this kind.

    *name* is the function's, also for the webhook; *deploys* are ours of it, newest first; *under_way* says what
    operation of ours changes the project now, or is stuck in doing so; *outages* of the database that I know of, as far
    as they lie in the last hour: what failed then is held against nothing else, and not counted;
    *commands* are those this bot has: a button leads to no other.
    """

    target: Target
    at: datetime
    kind: Kind
    name: str
    deploys: tuple[Deployed, ...] = ()
    under_way: str = ""
    outages: tuple[Span, ...] = ()
    commands: frozenset[str] = frozenset()
    project: Project | Failure | None = None
    wallet: Health | Failure | None = None
    services: tuple[Service, ...] | Failure | None = None
    functions: FunctionsSeen | Failure | None = None
    secrets: list[Secret] | Failure | None = None
    webhooks: WebhooksCounted | Failure | None = None
    status: Said | Failure | None = None
    read_only: ReadOnly | Failure | None = None
    disk: Disk | Failure | None = None
    connections: list[database.Connections] | Failure | None = None
    locks: list[database.Lock] | Failure | None = None
    banned: list[str] | Failure | None = None
    errors: list[database.Errors] | Failure | None = None
    calls: list[Outcome] | Failure | None = None
    complaints: list[Complaint] | Failure | None = None
    limits: Thresholds = DEFAULTS
    paged: tuple[Paged, ...] = ()

    @property
    def called(self) -> Mapping[str, str]:
        """What is asked for this kind, by field, in people's words."""
        return {field: name for field, name in CALLED.items() if field in _ASKED[self.kind]}

    @property
    def answers(self) -> Answers:
        """The same, as the judges of health read it."""
        names = frozenset(one.name for one in self.secrets) if isinstance(self.secrets, list) else self.secrets
        project = ProjectSeen.of(self.project, self.read_only) if isinstance(self.project, Project) else self.project
        return Answers(self.wallet, project, self.services, self.functions, names, self.webhooks, limits=self.limits)

    @property
    def listed(self) -> tuple[Function, ...] | None:
        """The functions as Supabase lists them; None where that is not known."""
        seen = self.functions
        return seen.listed if isinstance(seen, FunctionsSeen) and isinstance(seen.listed, tuple) else None

    @property
    def function(self) -> Function | None:
        """The function this is about, as listed."""
        return next((one for one in self.listed or () if one.slug == self.name), None)

    def outcomes(self) -> dict[int, int]:
        """How often the function ended with each status in the last hour, as far as that is known."""
        known = self.calls if isinstance(self.calls, list) and self.function is not None else []
        return {one.status: one.number for one in known if self.function and one.function_id == self.function.id}

    def failures(self) -> list[Failure]:
        """Every question that failed wholly or in part."""
        return [failure for field in self.called for failure in failed(getattr(self, field))]


async def gather(ctx: Context, kind: Kind, name: str) -> AsyncIterator[Seen]:
    """Ask everything for *kind* at once; *name* is the function's, of the webhook's own where it is about that."""
    name = WEBHOOK if kind == "webhook" else name
    now = ctx.clock.now()
    asked = Seen(ctx.target, now, kind, name, commands=frozenset(ctx.commands), limits=ctx.limits)
    asked = replace(asked, paged=paged(ctx.store, f"triage {kind}"))
    blank = _remembered(asked, ctx.store)
    async for seen in ask(ctx, blank, **_questions(ctx, blank, now)):
        yield seen


def _questions(ctx: Context, blank: Seen, now: datetime) -> dict[str, Coroutine[Any, Any, Any]]:
    supabase, asked = ctx.supabase, blank.called
    makers: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {
        "secrets": supabase.secrets,  # not health's own question: it forgets when a secret was set
        "project": supabase.project,  # nor this: health asks with it what is asked as read_only here
        "status": lambda: _status(ctx),
        "read_only": supabase.read_only,
        "disk": supabase.disk,
        "connections": lambda: database.connections(supabase),
        "locks": lambda: database.locks(supabase),
        "banned": supabase.banned,
        "errors": lambda: database.errors(supabase, now, blank.outages),
        "calls": lambda: calls(supabase, now, blank.outages),
        "complaints": lambda: complaints(supabase, now, blank.outages),
    }
    health = {
        question.value: ASK[question](supabase, ctx.wallet)
        for question in Question
        if question.value in asked and question.value not in makers
    }
    return {**health, **{name: make() for name, make in makers.items() if name in asked}}


async def _status(ctx: Context) -> Said:
    if ctx.status_page is None:
        raise OwnFault(ctx.supabase.source, "no status page")
    return await ctx.status_page.said()


def _outages(seen: Seen, store: Store) -> tuple[Span, ...]:
    """From a little before each was seen, since that takes some looks, to its end."""
    hour = seen.at - database.HOUR
    return tuple(
        Span(max(hour, one.opened_at - _UNSEEN), one.resolved_at or seen.at)
        for one in store.incidents.recent(20)
        if one.dedup_key == OUTAGE and (one.resolved_at is None or one.resolved_at > hour)
    )


def _remembered(seen: Seen, store: Store) -> Seen:
    """With what the bot itself did; a damaged memory takes no card away."""
    try:
        holder = store.operations.holder(seen.target.ref)
        under_way = f"{holder.title}, {holder.words}" if holder is not None else ""
        deploys = tuple(history(store, seen.name)[:3]) if seen.name else ()
        return replace(seen, under_way=under_way, deploys=deploys, outages=_outages(seen, store))
    except StoreError as error:
        log.warning("triage.memory.unreadable", error=str(error))
        return seen
