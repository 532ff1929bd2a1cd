"""`/aikeys deploys [function]`: who put what live, when, from which commit, approved by whom."""

from dataclasses import dataclass

import structlog
from pydantic import Field

from bot.clients.errors import Failure
from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.deploys.record import Deployed, foreign, history, newest, recent
from bot.grammar.refusing import nearest
from bot.views import deploys as page
from bot.views.blocks import Message, code, escape

log = structlog.get_logger(__name__)

MOST = 20  # fit one message with all that can be said of each


@dataclass(frozen=True, slots=True)
class Seen:
    """The record, and what was changed without the bot."""

    function: str | None
    found: list[Deployed]
    strange: list[str]
    live: list[str] | None = None  # asked where *found* is empty: the functions there are; None where not known


class What(Args):
    """Which."""

    function: str | None = Field(None, description="one edge function's history", pattern=r"^[A-Za-z0-9_-]{1,100}$")


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    runbook=["3. Edge Functions Deployment"],
    examples=["deploys", "deploys health"],
)
async def deploys(ctx: Context, args: What) -> Seen:
    """Who put what live, when and from where.

    The newest of all functions, or of one. Also says where one was changed without the bot since its last deploy.
    """
    if args.function is None:
        return Seen(None, newest(ctx.store, MOST), await _strange(ctx, recent(ctx.store)))
    found = history(ctx.store, args.function)[:MOST]
    live = None if found else await _live(ctx)
    return Seen(args.function, found, await _strange(ctx, found), live)


async def _live(ctx: Context) -> list[str] | None:
    try:
        return [one.slug for one in await ctx.supabase.functions()]
    except Failure as failure:
        log.warning("deploys.unlisted", error=str(failure))
        return None


async def _strange(ctx: Context, found: list[Deployed]) -> list[str]:
    last = {one.function: one for one in reversed(found)}
    if not last:
        return []
    try:
        listed = {one.slug: one for one in await ctx.supabase.functions()}
    except Failure as failure:
        log.warning("deploys.unlisted", error=str(failure))
        why = f"{escape(failure.what)}\n→ {escape(failure.do)}"
        return [f"Whether something was changed without me could not be asked. {why}"]
    said = []
    for slug, one in last.items():
        live = listed.get(slug)
        if live is None:
            said.append(f"{code(slug)} was *deleted without me*.")
        elif how := foreign(one, live):
            said.append(f"{code(slug)} was *changed without me*: {how}.")
    return said


@deploys.view
def view(seen: Seen) -> Message:
    """Show the history."""
    if seen.function and seen.live is not None and seen.function not in seen.live:
        return page.unknown(seen.function, nearest(seen.function, seen.live))
    return page.history(seen.found, seen.function, seen.strange, MOST)
