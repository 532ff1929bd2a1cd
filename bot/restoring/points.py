"""A restore point of now: asked for once, waited for, noted. It needs no second person: it only adds."""

from datetime import datetime
from typing import Any

from bot.clients.bodies import may_have_happened
from bot.clients.errors import Failure
from bot.clients.supabase import away
from bot.context import Context
from bot.errors import Refused
from bot.operations.steps import Answer, Done, NotDone, Procedure, Retry, Run, Step, StepFailed, Unknown
from bot.plan import Plan
from bot.restoring import record
from store.approvals import Approval
from store.errors import TooLate
from store.operations import NewOperation, Operation

COMMAND = "point"
MAKE, WAIT = "Ask for a restore point", "Wait until it is there"
LOOK, LONGEST = 5.0, 1800.0  # seconds


def named(at: datetime) -> str:
    """The name of one for which none was given: 18 characters, UTC; Supabase takes 20 (2026-11).

    To the second: a second one of the same minute would find the first, and nobody could say which is whose.
    """
    return f"aikeys-{at:%m%d-%H%M%S}"


def begin(ctx: Context, name: str) -> Operation:
    """Set it in motion. Raises Refused where one is under way, or nothing can be changed now."""
    if ctx.changes is None:
        raise Refused("Nothing was asked for.", "I am still starting.", "Ask again in a minute.")
    return start(ctx, COMMAND, f"Restore point {name}", (MAKE, WAIT), {"name": name})


def start(ctx: Context, command: str, title: str, steps: tuple[str, ...], data: dict[str, Any]) -> Operation:
    """Begin an operation that only adds: nobody must approve it, and it holds up no deploy; a freeze lets it pass."""
    assert ctx.changes is not None  # noqa: S101  # whoever calls has looked
    caller = ctx.caller
    where = {"channel": caller.channel, "thread": caller.thread}
    lane = f"{ctx.target.ref}/{command}"  # one of its kind at a time, beside whatever else runs
    new = NewOperation(lane, command, title, steps, data, where, passes_freeze=True)
    try:
        operation = ctx.store.operations.start(new, caller.user, ctx.clock.now())
    except TooLate:
        holder = ctx.store.operations.holder(lane)
        said = f"“{holder.title}” {holder.words}." if holder is not None else "Another one is under way."
        raise Refused("It was not begun.", said, "Wait for it: /aikeys operations") from None
    ctx.changes.engine.redraw(operation)
    ctx.changes.engine.start(operation)
    return operation


def procedure(ctx: Context) -> Procedure:
    """How it is carried out."""
    return Procedure(
        remake=never,
        begin=nothing,
        steps=lambda operation: steps(ctx, operation),
    )


def steps(ctx: Context, operation: Operation) -> list[Step]:
    """Ask once; whether it is there can be asked by its name."""
    name: str = operation.data["name"]

    async def make(_: Run) -> dict[str, Any]:
        try:
            point = await ctx.supabase.make_restore_point(name)
        except Failure as failure:
            if may_have_happened(failure):
                raise
            raise StepFailed(str(failure)) from failure
        return {"said": point.status.lower()}

    async def there(_: Run) -> Answer:
        try:
            point = await ctx.supabase.restore_point(name)
        except Failure as failure:
            if away(failure):
                return NotDone(f"Supabase gives no restore point {name}.")
            raise
        at = point.at
        if at is not None and at < operation.started_at.replace(microsecond=0):
            return Unknown(f"There is a restore point {name}, of {at:%d %B %H:%M} UTC: older than this request.")
        return Done({"said": point.status.lower()}, f"The restore point {name} is {point.status.lower()}.")

    async def wait(run: Run) -> dict[str, Any]:
        while True:
            point = await ctx.supabase.restore_point(name)
            if point.status == "AVAILABLE":
                record.point_made(ctx.store, operation, name, run.clock.now())
                back = f"{record.BACK} /aikeys restore {name}"
                return {"at": point.completed_on, "said": "available", "outcome": back}
            if point.status != "PENDING":
                raise StepFailed(f"The restore point {name} is {point.status}.")
            await run.clock.sleep(LOOK)

    return [
        Step(MAKE, make, there, retry=Retry.IF_NOT_DONE, timeout=90, settle=2),
        Step(WAIT, wait, retry=Retry.HARMLESS, timeout=LONGEST),
    ]


async def never(_: Approval) -> Plan:
    """In the place of a plan made again."""
    raise AssertionError("it is never approved")


def nothing(_: Approval) -> NewOperation:
    """In the place of what an approval begins."""
    raise AssertionError("it is never approved")
