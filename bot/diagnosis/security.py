"""Who tried what: risky events, wrong signatures, failed sign-ins, and what stands open.

What the bot writes itself (AIKEYS_…) feeds no count. Addresses are counted and never shown.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clients.errors import Failure
from bot.clients.supabase import Lint, Supabase
from bot.context import Context, Target
from bot.health.thresholds import DEFAULTS, HIGH_RISK_SCORE, Thresholds
from bot.logbook.asked import asked
from bot.logbook.clickhouse import attribute, number, whole
from bot.questions.asking import ask
from bot.questions.paged import Paged, paged

DAY = timedelta(days=1)

_EVENTS = r"""
select event_type, coalesce(event_description, '') as description, risk_score as risk, blocked,
       extract(epoch from created_at)::float8 as at,
       (count(*) over ())::int as day,
       (count(*) filter (where created_at > now() - interval '1 hour') over ())::int as hour
from public.security_events
where created_at > now() - interval '1 day' and risk_score > $1 and event_type not like 'AIKEYS\_%'
order by created_at desc limit 8
"""
_SIGNATURES = """
select count(*)::int as day, (count(*) filter (where created_at > now() - interval '1 hour'))::int as hour,
       (count(*) filter (where created_at > now() - interval '5 minutes'))::int as recent,
       (count(distinct ip_address))::int as addresses,
       (count(distinct ip_address) filter (where created_at > now() - interval '5 minutes'))::int as sources
from public.security_events
where created_at > now() - interval '1 day' and event_type = 'WEBHOOK_SIGNATURE_INVALID'
  and coalesce(user_agent, '') <> all (string_to_array($1, ','))  -- the bot's own probes are no forgeries
"""
_OPEN = """
select tablename::text as name from pg_catalog.pg_tables where schemaname = 'public' and not rowsecurity order by 1
"""
_PATH, _MSG, _LEVEL = (attribute(name) for name in ("path", "msg", "level"))
_STATUS = whole("status")
# GoTrue writes a wrong password at level info: it is known by its status. 5xx is a fault of the service, not of people.
_SIGN_INS = f"""
    select {_MSG} as said, count() as number, countIf({_STATUS} >= 500) as broken
    from logs where source = 'auth_logs' and {_PATH} in ('/token', '/otp', '/verify', '/magiclink', '/callback')
      and ({_STATUS} >= 400 or {_LEVEL} in ('error', 'fatal'))
    group by said order by number desc limit 20
"""  # noqa: S608  # constants of ours


@dataclass(frozen=True, slots=True)
class Risky:
    """An event of high risk; *at* in seconds since 1970. *hour*, *day*: how many there were, this one among them."""

    event_type: str
    description: str
    risk: int
    blocked: bool
    at: float
    day: int
    hour: int


@dataclass(frozen=True, slots=True)
class Signatures:
    """Webhooks with a wrong signature: in a day, an hour, five minutes; from how many *addresses* in the day.

    *sources*: addresses of the five minutes.
    """

    day: int
    hour: int
    recent: int
    addresses: int
    sources: int = 0


@dataclass(frozen=True, slots=True)
class SignIns:
    """Sign-ins that failed with the same words; *broken* of them by a fault of the service."""

    said: str
    number: int
    broken: int


@dataclass(frozen=True, slots=True)
class Seen:
    """The answers; None: not yet. *open_tables* are tables of `public` without row level security."""

    target: Target
    at: datetime
    risky: list[Risky] | Failure | None = None
    signatures: Signatures | Failure | None = None
    sign_ins: list[SignIns] | Failure | None = None
    open_tables: list[str] | Failure | None = None
    lints: list[Lint] | Failure | None = None
    banned: list[str] | Failure | None = None
    limits: Thresholds = DEFAULTS
    paged: tuple[Paged, ...] = ()


async def gather(ctx: Context) -> AsyncIterator[Seen]:
    """Ask everything at once."""
    now, supabase = ctx.clock.now(), ctx.supabase
    async for seen in ask(
        ctx,
        Seen(ctx.target, now, limits=ctx.limits, paged=paged(ctx.store, "security")),
        risky=supabase.rows(Risky, _EVENTS, [HIGH_RISK_SCORE]),
        signatures=supabase.row(Signatures, _SIGNATURES, [ctx.wallet.agents(24)]),
        sign_ins=sign_ins(supabase, now),
        open_tables=_open_tables(supabase),
        lints=supabase.lints("security"),
        banned=supabase.banned(),
    ):
        yield seen


async def sign_ins(supabase: Supabase, now: datetime) -> list[SignIns]:
    """The last day's that failed, by what was said of them. Raises bot.clients.errors.Failure."""
    end = now.replace(second=0, microsecond=0)  # whole minutes, and 24 hours of them
    return await asked(
        supabase,
        _SIGN_INS,
        end - DAY,
        end,
        lambda row: SignIns(str(row["said"]), int(number(row["number"])), int(number(row["broken"]))),
    )


async def _open_tables(supabase: Supabase) -> list[str]:
    return [str(row.get("name")) for row in await supabase.query(_OPEN)]
