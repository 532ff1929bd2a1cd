"""`/aikeys incident`: what is wrong now, who has it, what was wrong lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.incidents.swings import Swing
from bot.incidents.tracks import swing
from bot.views.blocks import Message
from bot.views.incidents import listed
from store.incidents import Incident
from store.quiet import Silence


@dataclass(frozen=True, slots=True)
class Found:
    """The open ones first. By subject: *silent*, the silence that holds; *swings*, how it comes and goes."""

    incidents: Sequence[Incident]
    silent: Mapping[str, Silence] = field(hash=False)
    swings: Mapping[str, Swing] = field(hash=False)


class What(Args):
    """Nothing."""


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    runbook=["Escalation Procedures", "1. Critical Issues (P0)", "2. Warning Issues (P1)"],
    examples=["incident"],
    quotes=True,
)
async def incident(ctx: Context, args: What) -> Found:
    """What is wrong now, who has it, and what was lately.

    I look every quarter of a minute and open them myself: a P0 in the incident channel, a P1 in the ops channel, one
    message each, kept current. A P0 is repeated until somebody acknowledges it; a P1 that is not resolved within two
    hours goes to the technical lead.
    """
    del args
    found, now = ctx.store.incidents.recent(12), ctx.clock.now()
    standing = {one.detector: one for one in ctx.store.quiet.silences()}
    silent = {
        one.subject: silence
        for one in found
        if one.open and (silence := standing.get(one.dedup_key)) is not None and silence.holds(one.severity, now)
    }
    tracks = ctx.alerts.looks.tracks if ctx.alerts is not None else {}
    swings = {one.subject: how for one in found if one.open and (how := swing(tracks.get(one.dedup_key))) is not None}
    return Found(found, silent, swings)


@incident.view
def view(found: Found) -> Message:
    """Show them."""
    return listed(found.incidents, found.silent, found.swings)
