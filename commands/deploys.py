"""`/aikeys deploys [function]`: who put what live, when, from which commit, approved by whom."""

from dataclasses import dataclass

import structlog
from pydantic import Field

from bot.clients.errors import Failure
from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.deploys.record import Deployed, foreign, history, recent
from bot.views import deploys as page
from bot.views.blocks import Message, code, escape

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """The record, and what was changed without the bot."""

    function: str | None
    found: list[Deployed]
    strange: list[str]


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

    Also says where a function was changed without the bot since its last deploy.
    """
    found = history(ctx.store, args.function)[:20] if args.function else recent(ctx.store)
    return Seen(args.function, found, await _strange(ctx, found))


async def _strange(ctx: Context, found: list[Deployed]) -> list[str]:
    newest = {one.function: one for one in reversed(found)}
    if not newest:
        return []
    try:
        listed = {one.slug: one for one in await ctx.supabase.functions()}
    except Failure as failure:
        log.warning("deploys.unlisted", error=str(failure))
        why = f"{escape(failure.what)}\n→ {escape(failure.do)}"
        return [f"Whether something was changed without me could not be asked. {why}"]
    said = []
    for slug, one in newest.items():
        live = listed.get(slug)
        if live is None:
            said.append(f"{code(slug)} was *deleted without me*.")
        elif how := foreign(one, live):
            said.append(f"{code(slug)} was *changed without me*: {how}.")
    return said


@deploys.view
def view(seen: Seen) -> Message:
    """Show the history."""
    return page.history(seen.found, seen.function, seen.strange)
