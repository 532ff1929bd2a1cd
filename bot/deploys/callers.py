"""Who calls a function now: the last hour of its invocations, from the logs; for the webhook, else from its rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.clients.deadline import within
from bot.clients.errors import Failure
from bot.context import Context
from bot.deploys.parts import Part
from bot.health.answers import Deliveries, Question, WebhooksCounted
from bot.health.expected import WEBHOOK
from bot.health.probes import ask
from bot.logbook.clickhouse import attribute, moment, number
from bot.logbook.own import OWN_PROBE

HOUR = timedelta(hours=1)
PATIENCE = 5.0  # seconds: a request for approval waits no longer for what is only shown


@dataclass(frozen=True, slots=True)
class Calls:
    """How many came in the last hour, and how many of them *failed* (500 or more). *rows*: counted in the database."""

    came: int
    failed: int
    rows: bool = False


async def calls(ctx: Context, parts: Sequence[Part]) -> Mapping[str, Calls] | str:
    """By function, those that were live; or in a sentence why it is not known."""
    live = {part.live.id: part.bundle.slug for part in parts if part.live is not None}
    if not live:
        return {}
    now = ctx.clock.now()
    sql = f"""
        select {attribute("function_id")} as id, count() as came,
               countIf(toInt32OrZero({attribute("response.status_code")}) >= 500) as failed
        from logs
        where source = 'function_edge_logs' and timestamp >= {moment(now - HOUR)} and not {OWN_PROBE}
        group by id order by came desc limit 100
    """  # noqa: S608  # constants and a moment of our own
    try:
        rows = await within(ctx.clock, PATIENCE, ctx.supabase.log_rows(sql, now - HOUR, now))
        found = {str(row.get("id")): Calls(int(number(row["came"])), int(number(row["failed"]))) for row in rows}
    except Failure as failure:
        return await _from_rows(ctx, live.values(), failure.what)
    except TimeoutError:
        return await _from_rows(ctx, live.values(), f"The logs did not answer within {PATIENCE:g} s.")
    except (KeyError, ValueError):
        return await _from_rows(ctx, live.values(), "The logs answered with something that is no count.")
    return {slug: found.get(id_, Calls(0, 0)) for id_, slug in live.items()}


async def _from_rows(ctx: Context, slugs: Iterable[str], why: str) -> Mapping[str, Calls] | str:
    """Of the webhook alone the database knows; what it refused before it made a row is not in it."""
    if list(slugs) != [WEBHOOK]:
        return why
    counted = await ask(Question.WEBHOOKS, ctx.supabase, ctx.wallet)
    if isinstance(counted, WebhooksCounted) and isinstance(counted.deliveries, Deliveries):
        return {WEBHOOK: Calls(counted.deliveries.hour, counted.deliveries.hour_failed, rows=True)}
    return why
