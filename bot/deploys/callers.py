"""Who calls a function now: the last hour of its invocations, from the logs; for the webhook, else from its rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.clients.deadline import within
from bot.clients.errors import Failure
from bot.context import Context
from bot.deploys.parts import Part
from bot.health.answers import Deliveries, Question, WebhooksCounted
from bot.health.expected import WEBHOOK
from bot.health.probes import ask
from bot.questions.functions import HOUR, figures

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
    try:
        found = await within(ctx.clock, PATIENCE, figures(ctx.supabase, now - HOUR, now))
    except Failure as failure:
        return await _from_rows(ctx, live.values(), failure.what)
    except TimeoutError:
        return await _from_rows(ctx, live.values(), f"The logs did not answer within {PATIENCE:g} s.")
    return {
        slug: Calls(found[id_].calls, found[id_].failed) if id_ in found else Calls(0, 0) for id_, slug in live.items()
    }


async def _from_rows(ctx: Context, slugs: Iterable[str], why: str) -> Mapping[str, Calls] | str:
    """Of the webhook alone the database knows; what it refused before it made a row is not in it."""
    if list(slugs) != [WEBHOOK]:
        return why
    counted = await ask(Question.WEBHOOKS, ctx.supabase, ctx.wallet)
    if isinstance(counted, WebhooksCounted) and isinstance(counted.deliveries, Deliveries):
        return {WEBHOOK: Calls(counted.deliveries.hour, counted.deliveries.hour_failed, rows=True)}
    return why
