"""After a regression: the roll back, planned and asked for by the bot itself, so that one click of an approver does it.

It is asked for in the thread of the deploy, and only where it is still the answer: nobody has deployed since, nothing
is under way, nobody has asked for something else meanwhile.
"""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.approvals.requests import BOT
from bot.cards import thread_of
from bot.changes import Changes
from bot.command import Role
from bot.context import Context
from bot.deploys.record import history
from bot.deploys.rolling import rollback
from bot.errors import AikeysError
from store.approvals import Approval
from store.operations import Operation

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WayBack:
    """*words* for the verdict's message. *ask* asks for it, in the transaction that records the verdict; else None."""

    words: str
    ask: Callable[[], None] | None = None


async def ready(ctx: Context, changes: Changes, operation: Operation, slug: str, why: str) -> WayBack:
    """Make the plan to undo *operation* for *slug*, which it made worse. Raises nothing."""
    hindrance = _hindrance(ctx, operation, slug)
    if hindrance:
        return WayBack(hindrance)
    try:
        made = await rollback(ctx, slug, "")
    except AikeysError as error:
        return WayBack(f"The way back of {slug} could not be made ready: {error}")
    hindrance = _hindrance(ctx, operation, slug)  # making the plan takes a while
    if hindrance:
        return WayBack(hindrance)
    approvers = await ctx.roles.holding(Role.APPROVER) if ctx.roles is not None else frozenset()
    channel, thread = operation.where["channel"], thread_of(operation.approval, operation.where)
    where = {
        "channel": channel,
        **thread,
        "approvers": sorted(approvers),
        "target": {"ref": ctx.target.ref, "name": ctx.target.name},
    }

    def attach(approval: Approval) -> None:
        for file in made.files:
            changes.outbox.attach(f"{approval.subject}/card", channel, file, **thread)

    def ask() -> None:
        if _hindrance(ctx, operation, slug):
            return
        for body in made.bodies:
            ctx.store.bodies.keep(body, ctx.clock.now())
        changes.requests.ask(made.plan, BOT, where=where, reason=why[:300], also=attach)

    of = "" if len(operation.data["parts"]) == 1 else f" of {slug}"
    return WayBack(f"The way back{of} is ready: it waits in this thread for an approver's click.", ask)


def overtaken(changes: Changes, operation: Operation) -> None:
    """Take back what the bot asked for about the functions that *operation* has touched. Joins the transaction."""
    for part in operation.data["parts"]:
        changes.requests.overtaken(f"function/{part['function']}", f"{operation.title} came first")


def _hindrance(ctx: Context, operation: Operation, slug: str) -> str:
    """Why it is not the answer any more, in a sentence; empty where it is."""
    by_hand = "press Roll back" if len(operation.data["parts"]) == 1 else f"/aikeys rollback {slug}"
    waiting = ctx.store.approvals.pending_for(f"function/{slug}")
    if waiting is not None:
        return f"Asked for already: {waiting.title} ({waiting.subject})."
    holder = ctx.store.operations.holder(ctx.target.ref)
    if holder is not None:
        return f"{holder.title} {holder.words}, so I ask for no roll back of {slug} now: {by_hand} once it has ended."
    newest = history(ctx.store, slug)[:1]
    if not newest or newest[0].operation != operation.subject:
        return f"{slug} was changed since, so I ask for no roll back myself. If it is still right: {by_hand}."
    return ""
