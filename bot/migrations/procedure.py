"""A migration and its way back as procedures: made again at the click, begun, carried out, recorded, watched."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.context import Context
from bot.deploys import watching
from bot.migrations import planning, undoing
from bot.migrations.files import Wanted, shown, wanted
from bot.migrations.steps import apply_name, back_name, names, note_name, steps
from bot.migrations.way_back import PITR, POINT
from bot.operations.steps import Procedure
from bot.plan import Plan
from bot.restoring import points
from bot.restoring.record import APPLIED, TAKEN_BACK
from bot.sources.migrations import MigrationFile
from store.approvals import Approval
from store.operations import NewOperation, Operation


def procedures(ctx: Context) -> dict[str, Procedure]:
    """By the name of the command."""

    async def again(approval: Approval) -> Plan:
        pinned = await planning.again(ctx, approval.plan["pinned"])
        return replace(Plan.from_json(approval.plan), pinned=pinned)

    async def undo_again(approval: Approval) -> Plan:
        pinned = await undoing.again(ctx, approval.plan["pinned"])
        return replace(Plan.from_json(approval.plan), pinned=pinned)

    return {"migrate": _procedure(ctx, again), undoing.COMMAND: _procedure(ctx, undo_again)}


def _procedure(ctx: Context, again: Callable[[Approval], Awaitable[Plan]]) -> Procedure:
    return Procedure(
        remake=again,
        begin=lambda approval: begin(ctx, approval),
        steps=lambda operation: steps(ctx, operation),
        finished=lambda operation: finished(ctx, operation),
    )


def begin(ctx: Context, approval: Approval) -> NewOperation:
    """What an approved plan sets in motion."""
    pinned = approval.plan["pinned"]
    read = [(one, _read(ctx, one)) for _, one in sorted(pinned["files"].items())]
    files = [one | {"after": body.after()} for one, body in read]
    newest, down = files[-1]["version"], approval.command == undoing.COMMAND
    data: dict[str, Any] = {
        "files": files,
        "after": shown([body for _, body in read]),  # what one file makes a later one may take away again
        "head": pinned["head"],
        "history": pinned["history"],
        "restore": pinned["restore"],
        "commit": pinned["commit"],
        "name": points.named(ctx.clock.now()),
        "watched": list(planning.WATCHED),
        "down": down,
    }
    data["way_back"] = "" if down else way_back(data, written=newest in pinned.get("downs", ()), at=ctx.clock.now())
    return NewOperation(
        project=ctx.target.ref,
        command=approval.command,
        title=approval.title,
        steps=names(data),
        data=data,
        where=approval.where,
        approval=approval.subject,
        passes_freeze=down,
    )


def way_back(data: dict[str, Any], *, written: bool, at: datetime) -> str:
    """What is named three minutes later where it is worse. *at*: its begin. *written*: the newest has a way back."""
    if written:
        return f"If the migration does it: /aikeys {undoing.COMMAND} {data['files'][-1]['version']}"
    # With its zone, to be pasted as it is: without one it would be read in that of whoever pastes it.
    second = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    there = {POINT: f"/aikeys restore {data['name']}", PITR: f"/aikeys restore {second}"}
    back = there.get(data["restore"])
    restore = f", or {back} (it loses all that was written since)" if back else ""
    return f"If the migration does it: nobody has written its way back. Mend it with another migration{restore}."


def _read(ctx: Context, one: dict[str, Any]) -> Wanted:
    body = ctx.store.bodies.get(one["sha256"]) or b""
    return wanted(MigrationFile(one["version"], one["name"], one["path"]), body)


def finished(ctx: Context, operation: Operation) -> None:
    """Record each file that is applied; where all are, look in three minutes whether it has become worse."""
    done = {one.name for one in operation.attempts if one.outcome == "done"}
    down = bool(operation.data.get("down"))
    for one in operation.data["files"]:
        step = back_name if down else note_name if one["alone"] else apply_name
        if step(one["version"]) in done:
            data = {"name": one["name"], "commit": operation.data["commit"], "operation": operation.subject}
            kind = TAKEN_BACK if down else APPLIED
            ctx.store.events.append(f"migration/{one['version']}", kind, operation.started_by, data, ctx.clock.now())
    if operation.state == "done" and ctx.changes is not None:
        watching.begin(ctx.changes, operation, ctx.clock.now())
