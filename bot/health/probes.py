"""The six questions as calls. Each returns what `Answers` holds for it; a failure is a value, not an exception."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar

import structlog

from bot.clients.errors import Failure, OwnFault, Source
from bot.clients.supabase import Supabase
from bot.clients.wallet import Wallet
from bot.health.answers import Deliveries, Events, FunctionsSeen, ProjectSeen, Question, Suspicions, WebhooksCounted
from bot.health.expected import FUNCTIONS, SYNTHETIC_ID, SYNTHETIC_TYPE
from bot.health.thresholds import HIGH_RISK_SCORE

log = structlog.get_logger(__name__)
T = TypeVar("T")
Probe = Callable[[Supabase, Wallet], Coroutine[Any, Any, Any]]

# $1 and $2 are SYNTHETIC_TYPE and SYNTHETIC_ID.
REAL_EVENTS = "event_type is distinct from $1 and coalesce(event_id, '') not like $2"
_EVENTS = f"""
select
  (select count(*)::int from public.payment_events
    where created_at > now() - interval '1 hour' and {REAL_EVENTS}) as last_hour,
  (select count(*)::int from public.payment_events
    where created_at > now() - interval '1 day' and {REAL_EVENTS}) as last_day,
  (select greatest(extract(epoch from now() - created_at), 0)::float8 from public.payment_events
    where {REAL_EVENTS} order by created_at desc limit 1) as quiet,
  (select case when count(gap) >= 20 then
      extract(epoch from percentile_cont(0.99) within group (order by gap))::float8 end
    from (
      select created_at - lag(created_at) over (partition by weeks order by created_at) as gap
      from public.payment_events as e, generate_series(1, 4) as weeks
      where e.created_at >= now() - weeks * interval '7 days' - interval '30 minutes'
        and e.created_at < now() - weeks * interval '7 days' + interval '30 minutes' and {REAL_EVENTS}
    ) as gaps) as usual
"""  # noqa: S608  # the constant above; values are parameters
_SPANS = {"hour": "1 hour", "recent": "10 minutes", "five": "5 minutes", "half": "30 minutes", "six": "6 hours"}
_WITHIN = ",\n".join(
    f"""  (count(*) filter (where created_at > now() - interval '{long}'))::int as {name},
  (count(*) filter (where created_at > now() - interval '{long}' and response_status >= 500))::int as {name}_failed"""
    for name, long in _SPANS.items()
)
_DELIVERIES = f"""
select {_WITHIN}
from public.idempotency_keys
where created_at > now() - interval '6 hours' and key not like $1
"""  # noqa: S608  # the constants above; the value is a parameter
# What the bot itself writes (AIKEYS_…) and causes (its unsigned and wrongly signed probes) feeds no judgement.
_SUSPICIONS = r"""
select (count(*) filter (where event_type = 'WEBHOOK_SIGNATURE_INVALID'))::int as signatures_hour,
       (count(*) filter (where event_type = 'WEBHOOK_SIGNATURE_INVALID'
                           and created_at > now() - interval '5 minutes'))::int as signatures_recent,
       (count(*) filter (where risk_score > $1))::int as high_risk_hour,
       (count(distinct ip_address) filter (where event_type = 'WEBHOOK_SIGNATURE_INVALID'
                           and created_at > now() - interval '5 minutes'))::int as sources
from public.security_events
where created_at > now() - interval '1 hour' and event_type not like 'AIKEYS\_%'
  and coalesce(user_agent, '') <> all (string_to_array($2, ','))
"""


async def _wallet(_: Supabase, wallet: Wallet) -> Any:
    return await wallet.health()


async def _project(supabase: Supabase, _: Wallet) -> Any:
    writes, project = await asyncio.gather(
        caught(supabase.read_only(), supabase.source), caught(supabase.project(), supabase.source)
    )
    return project if isinstance(project, Failure) else ProjectSeen.of(project, writes)


async def _services(supabase: Supabase, _: Wallet) -> Any:
    return tuple(await supabase.health())


async def _functions(supabase: Supabase, wallet: Wallet) -> Any:
    probed = {expected.slug: expected.probe for expected in FUNCTIONS if expected.probe}
    listed, pulses = await asyncio.gather(
        caught(supabase.functions(), supabase.source),
        asyncio.gather(*(caught(wallet.probe(slug, probe.method), wallet.source) for slug, probe in probed.items())),
    )
    found = dict(zip(probed, pulses, strict=True))
    return FunctionsSeen(listed if isinstance(listed, Failure) else tuple(listed), found)


async def _secrets(supabase: Supabase, _: Wallet) -> Any:
    return frozenset(secret.name for secret in await supabase.secrets())


async def _webhooks(supabase: Supabase, wallet: Wallet) -> Any:
    counted = await asyncio.gather(
        caught(supabase.row(Events, _EVENTS, [SYNTHETIC_TYPE, SYNTHETIC_ID]), supabase.source),
        caught(supabase.row(Deliveries, _DELIVERIES, [SYNTHETIC_ID]), supabase.source),
        caught(supabase.row(Suspicions, _SUSPICIONS, [HIGH_RISK_SCORE, wallet.agents(1)]), supabase.source),
    )
    return WebhooksCounted(*counted)


ASK: Mapping[Question, Probe] = {
    Question.WALLET: _wallet,
    Question.PROJECT: _project,
    Question.SERVICES: _services,
    Question.FUNCTIONS: _functions,
    Question.SECRETS: _secrets,
    Question.WEBHOOKS: _webhooks,
}


async def ask(question: Question, supabase: Supabase, wallet: Wallet) -> Any:
    """The answer to *question*, or the Failure that came instead."""
    source = wallet.source if question is Question.WALLET else supabase.source
    return await caught(ASK[question](supabase, wallet), source)


async def caught(question: Awaitable[T], source: Source) -> T | Failure:
    """What *question* returns, or the Failure it raises.

    A fault of our own becomes a Failure too: one broken probe must not take the card away from somebody at 3 a.m.
    """
    try:
        return await question
    except Failure as failure:
        return failure
    except Exception as fault:  # see the docstring; it is logged with its traceback
        log.exception("health.probe.broken", source=source.name)
        return OwnFault(source, type(fault).__name__)
