"""A deploy and a roll back as procedures: made again at the click, begun, carried out, recorded."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.context import Context
from bot.deploys import parts, planning, rolling, undone, watching, way_back
from bot.deploys.record import FINISHED
from bot.deploys.steps import CALL, COMPARE, SAVE, SEND, named, names, steps
from bot.operations.steps import Procedure
from bot.plan import Plan
from store.approvals import Approval
from store.operations import NewOperation, Operation


def procedures(ctx: Context) -> dict[str, Procedure]:
    """By the name of the command."""

    async def deploy_again(approval: Approval) -> Plan:
        pinned = approval.plan["pinned"]
        fresh, _, _ = await planning.pin(ctx, pinned["function"], pinned["ref"])
        return _with(approval, fresh)

    async def rollback_again(approval: Approval) -> Plan:
        return _with(approval, await rolling.again(ctx, approval.plan["pinned"]))

    return {"deploy": _procedure(ctx, deploy_again), "rollback": _procedure(ctx, rollback_again)}


def _with(approval: Approval, pinned: dict[str, Any]) -> Plan:
    plan = Plan.from_json(approval.plan)
    return Plan(plan.command, plan.line, plan.title, plan.subject, plan.risk_class, pinned)


def _procedure(ctx: Context, again: Callable[[Approval], Awaitable[Plan]]) -> Procedure:
    return Procedure(
        remake=again,
        begin=lambda approval: begin(ctx, approval),
        steps=lambda operation: steps(ctx, operation),
        finished=lambda operation: finished(ctx, operation),
    )


def begin(ctx: Context, approval: Approval) -> NewOperation:
    """What an approved plan sets in motion."""
    found = parts.of(approval.plan["pinned"])
    return NewOperation(
        project=ctx.target.ref,
        command=approval.command,
        title=approval.title,
        steps=names([part["function"] for part in found]),
        data={"parts": found},
        where=approval.where,
        approval=approval.subject,
        passes_freeze=approval.command == "rollback",
    )


def finished(ctx: Context, operation: Operation) -> None:
    """Record each function that was reached. What certainly did not happen is no deploy."""
    approval = ctx.store.approvals.get(operation.approval)
    if operation.state == "done" and ctx.changes is not None:
        watching.begin(ctx.changes, operation, ctx.clock.now())
        way_back.overtaken(ctx.changes, operation)
    found = operation.data["parts"]
    slugs = [part["function"] for part in found]
    for part in found:
        slug = part["function"]
        sent = [one for one in operation.attempts if one.name == named(slug, SEND, slugs)]
        if not sent or sent[-1].outcome in ("not-done", "failed"):
            continue
        results = operation.results
        saved = results.get(named(slug, SAVE, slugs)) or {}
        seen = results.get(named(slug, COMPARE, slugs)) or results.get(named(slug, SEND, slugs)) or {}
        if operation.command == "rollback" and seen.get("version") is not None:
            _take_back(ctx, operation, part, seen["version"])
        data = {
            "function": slug,
            "version": seen.get("version"),
            "commit": part["commit"] or None,
            "ok": int(named(slug, CALL, slugs) in results),
            "command": operation.command,
            "verify_jwt": part["verify_jwt"],
            "ezbr_sha256": seen.get("ezbr_sha256"),
            "body": part["sent"],
            "before": {"version": saved.get("version"), "body": saved.get("body") or ""},
            "approval": operation.approval,
            "approved_by": approval.decided_by if approval else "",
            "glass": approval.glass if approval else "",
            "operation": operation.subject,
            "why": operation.why,
        }
        made = ctx.store.events.append(f"function/{slug}", FINISHED, operation.started_by, data, ctx.clock.now())
        if ctx.alerts is not None:
            ctx.alerts.meanwhile(made)


def _take_back(ctx: Context, operation: Operation, part: parts.Pinned, version: int) -> None:
    subjects = undone.write(ctx.store, operation, part["function"], part["sent"], version, ctx.clock.now())
    for one in map(ctx.store.operations.get, subjects):
        if one is not None and ctx.changes is not None:
            ctx.changes.engine.redraw(one)
