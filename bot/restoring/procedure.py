"""A restore as a procedure: made again at the click, begun, followed, recorded; one that fails is a P0."""

from bot.cards import thread_of
from bot.context import Context
from bot.dumps import procedure as dumps
from bot.operations.steps import Procedure
from bot.plan import Plan
from bot.restoring import planning, points, record
from bot.restoring.steps import BACK, FAILED, NAMES, PROVE, WAIT, WELL, steps
from bot.views import restoring as view
from store.approvals import Approval
from store.operations import NewOperation, Operation


def procedures(ctx: Context) -> dict[str, Procedure]:
    """By the name of the command."""

    async def again(approval: Approval) -> Plan:
        plan = Plan.from_json(approval.plan)
        pinned, _ = await planning.pin(ctx, planning.of(approval.plan["pinned"]))
        return Plan(plan.command, plan.line, plan.title, plan.subject, plan.risk_class, pinned)

    restore = Procedure(
        remake=again,
        begin=lambda approval: begin(ctx, approval),
        steps=lambda operation: steps(ctx, operation, lambda one, status: _follow(ctx, one, status)),
        finished=lambda operation: finished(ctx, operation),
    )
    return {"restore": restore, points.COMMAND: points.procedure(ctx), dumps.COMMAND: dumps.procedure(ctx)}


def begin(ctx: Context, approval: Approval) -> NewOperation:
    """What an approved plan sets in motion. It passes a freeze: it is a way back."""
    pinned = approval.plan["pinned"]
    return NewOperation(
        project=ctx.target.ref,
        command="restore",
        title=approval.title,
        steps=NAMES,
        data={key: pinned[key] for key in ("kind", "name", "at")},
        where=approval.where,
        approval=approval.subject,
        passes_freeze=True,
    )


def finished(ctx: Context, operation: Operation) -> None:
    """Record it; where the project was sent back and did not come back whole, everybody is woken."""
    results, now = operation.results, ctx.clock.now()
    proved = results.get(PROVE) or {}
    last = {one.name: one.outcome for one in operation.attempts}
    sent = last.get(BACK) not in (None, "failed", "not-done")
    data = {
        "target": operation.data,
        "outcome": operation.state,
        "seconds": proved.get("seconds"),
        "head": proved.get("head"),
        "lost": proved.get("lost"),
        "operation": operation.subject,
        "approval": operation.approval,
        "why": operation.why,
    }
    ctx.store.events.append(record.SUBJECT, record.RESTORED, operation.started_by, data, now)
    if sent and operation.state != "done" and ctx.alerts is not None:
        title = "Restore failed: the project is down" if FAILED in operation.why else "Restore not proved"
        where = "while waiting" if last.get(WAIT) != "done" else "when compared"
        text = f"{operation.title}, {where}: {operation.why} Contact Supabase support now: /aikeys contacts"
        ctx.alerts.open("P0", title, "bot", text)


def _follow(ctx: Context, operation: Operation, status: str) -> None:
    """One message in the thread, kept current: what Supabase says of the project."""
    if ctx.changes is None:
        return
    message = view.following(status, ctx.clock.now(), well=status == WELL)
    where = thread_of(operation.approval, operation.where)
    ctx.changes.outbox.say(f"{operation.subject}/status", operation.where["channel"], message, **where)
