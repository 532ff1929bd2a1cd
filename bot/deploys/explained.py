"""An outage that explains why calls fail after a deploy: it is not to blame, nor a roll back a cure.

While the database is away every function fails, whatever its code; so it did for the minutes of an outage that is over.
What was dead before the deploy began is no proof against it either. Anything else that is open is only named: it may
well be what the deploy did.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.context import Context
from bot.deploys.outages import Spell, last_good, spells, within
from bot.detectors.database_outage import OUTAGE
from bot.detectors.project_away import AWAY
from bot.detectors.wallet_unreachable import UNREACHABLE
from bot.detectors.webhooks_dead import DEAD
from bot.health.answers import Answers, Question
from bot.health.expected import HEALTH, WEBHOOK
from bot.health.judges.database import Seen, supabase_sees
from bot.health.memory import DATABASE, WALLET
from bot.health.probes import ask
from store.samples import Sample
from store.views import OpenIncident

OUTAGES = (AWAY, OUTAGE)  # under which every function fails
_OF = {DEAD: (WEBHOOK,), UNREACHABLE: (HEALTH, "")}
_BEFORE = timedelta(hours=1)  # looks at a time before the deploy: an outage may have begun then


async def cause(ctx: Context, slug: str, begun: datetime, looks: Sequence[Sample]) -> Spell | None:
    """The open incident that explains failures of *slug*, whose deploy began at *begun*; None where none does.

    *looks*: `looks_of` it. Without a slug it is about the looks at /health after a deploy of others.
    """
    for one in (each for key in (*OUTAGES, *_OF) for each in _spells(ctx, key, begun, looks)):
        before = one.since <= begun
        if one.until is not None:
            continue
        if one.dedup_key in _OF:
            if before and slug in _OF[one.dedup_key]:
                return one
        # An outage that only the wallet sees, after a deploy of the very function that says so, may be that deploy.
        elif before or slug != HEALTH or one.dedup_key == AWAY or await _down(ctx):
            return one
    return None


async def outages(ctx: Context, slug: str, begun: datetime, ended: datetime, looks: Sequence[Sample]) -> list[Spell]:
    """Those that reach into what came after a deploy from *begun* to *ended*, oldest first; also what is over by now.

    *slug* is health where that was deployed too: then not those that may be its own, where it never worked since.
    """
    found = [one for key in OUTAGES for one in _spells(ctx, key, begun, looks)]
    if slug == HEALTH:
        found = [
            one
            for one in found
            if one.since <= begun
            or one.dedup_key == AWAY
            or last_good(looks, ended, one.since) is not None
            or (one.until is None and await _down(ctx))
        ]
    return sorted(found, key=lambda one: one.since)


def goes_on(ctx: Context) -> bool:
    """Whether an outage does under which nothing can be compared."""
    return any(one.dedup_key in OUTAGES for one in ctx.store.events.open_incidents())


def begins(ctx: Context) -> bool:
    """Whether an outage is seen that has not been told yet."""
    seen = ctx.alerts.seen_now if ctx.alerts is not None else ()
    return not goes_on(ctx) and any(one in seen for one in OUTAGES)


def said(one: Spell, begun: datetime, what: str = "deploy") -> str:
    """Plain: that it is open, or was, and what that means for *what* was done."""
    if one.until is not None:
        return f"{_named(one)} was open meanwhile, and has ended. Failures until then say nothing about the {what}."
    since = f"since before this {what}" if one.since <= begun else f"opened after this {what} began"
    return (
        f"{_named(one)} is open, {since}. While it is, failures say nothing about the {what}, "
        "and a roll back will not end them."
    )


def others(ctx: Context) -> list[str]:
    """What else is open, in a plain sentence, without a judgement; nothing where nothing is."""
    found = ctx.store.events.open_incidents()
    return [f"Open meanwhile: {', '.join(_named(one) for one in found[:3])}."] if found else []


def _named(one: OpenIncident | Spell) -> str:
    return f"{one.subject} “{one.title}” ({one.severity})"


def looks_of(ctx: Context, begun: datetime) -> list[Sample]:
    """The wallet's looks since an hour before *begun*, oldest first."""
    samples = ctx.store.samples
    found = [one for part in ("", DATABASE) for one in samples.since(WALLET, begun - _BEFORE, part)]
    return sorted(found, key=lambda one: one.at)


def _spells(ctx: Context, key: str, begun: datetime, looks: Sequence[Sample]) -> list[Spell]:
    incident = ctx.store.incidents.latest(key)
    if incident is None or (incident.resolved_at is not None and incident.resolved_at <= begun):
        return []
    seen = () if key == DEAD else looks  # bad looks at /health are not where dead webhooks began
    return within(spells(incident, ctx.store.incidents.story(incident.subject), seen), begun)


async def _down(ctx: Context) -> bool:
    seen = await ask(Question.SERVICES, ctx.supabase, ctx.wallet)
    return supabase_sees(Answers(services=seen)) is Seen.DOWN
