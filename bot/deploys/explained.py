"""An open incident that explains why calls fail after a deploy: it is not to blame, nor a roll back a cure.

While the database is away every function fails, whatever its code. What was dead before the deploy began is no proof
against it either. Anything else that is open is only named: it may well be what the deploy did.
"""

from datetime import datetime

from bot.context import Context
from bot.detectors.database_outage import OUTAGE
from bot.detectors.wallet_unreachable import UNREACHABLE
from bot.detectors.webhooks_dead import DEAD
from bot.health.answers import Answers, Question
from bot.health.expected import HEALTH, WEBHOOK
from bot.health.judges.database import Seen, supabase_sees
from bot.health.probes import ask
from store.views import OpenIncident

_OF = {DEAD: (WEBHOOK,), UNREACHABLE: (HEALTH, "")}


async def cause(ctx: Context, slug: str, begun: datetime) -> OpenIncident | None:
    """The open incident that explains failures of *slug*, whose deploy began at *begun*; None where none does.

    Without a slug it is about the looks at /health after a deploy of others.
    """
    for one in ctx.store.events.open_incidents():
        before = one.opened_at <= begun
        # An outage that only the wallet sees, after a deploy of the very function that says so, may be that deploy.
        if one.dedup_key == OUTAGE and (before or slug != HEALTH or await _down(ctx)):
            return one
        if before and slug in _OF.get(one.dedup_key, ()):
            return one
    return None


def said(one: OpenIncident, begun: datetime, what: str = "deploy") -> str:
    """Plain: that it is open, and what that means for *what* was done."""
    since = f"since before this {what}" if one.opened_at <= begun else f"opened after this {what} began"
    return (
        f"{_named(one)} is open, {since}. While it is, failures say nothing about the {what}, "
        "and a roll back will not end them."
    )


def others(ctx: Context) -> list[str]:
    """What else is open, in a plain sentence, without a judgement; nothing where nothing is."""
    found = ctx.store.events.open_incidents()
    return [f"Open meanwhile: {', '.join(_named(one) for one in found[:3])}."] if found else []


def _named(one: OpenIncident) -> str:
    return f"{one.subject} “{one.title}” ({one.severity})"


async def _down(ctx: Context) -> bool:
    seen = await ask(Question.SERVICES, ctx.supabase, ctx.wallet)
    return supabase_sees(Answers(services=seen)) is Seen.DOWN
