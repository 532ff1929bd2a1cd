"""A rotation as a procedure: made again at the click, begun, carried out, recorded, and what it held forgotten."""

from typing import Any

from bot.operations.steps import Procedure
from bot.plan import Plan
from bot.rotations import failing, names, planning, record, steps
from bot.rotations.kit import Kit
from bot.rotations.names import COMPARE, PROVE, SET
from store.approvals import Approval
from store.operations import NewOperation, Operation


def procedure(kit: Kit) -> Procedure:
    """For the command `rotate`."""

    async def again(approval: Approval) -> Plan:
        kept = approval.plan["pinned"]
        what = [str(name) for name in kept["names"]]
        flags = {"new": bool(kept["new"]), "generate": bool(kept["generate"]), "undo": bool(kept["undo"])}
        plan = Plan.from_json(approval.plan)
        fresh = await planning.pin(kit, what, **flags)
        return Plan(plan.command, plan.line, plan.title, plan.subject, plan.risk_class, fresh)

    return Procedure(
        remake=again,
        begin=lambda approval: begin(kit, approval),
        steps=lambda operation: steps.steps(kit, operation),
        finished=lambda operation: finished(kit, operation),
    )


def begin(kit: Kit, approval: Approval) -> NewOperation:
    """What an approved plan sets in motion."""
    pinned: dict[str, Any] = approval.plan["pinned"]
    return NewOperation(
        project=kit.ctx.target.ref,
        command=approval.command,
        title=approval.title,
        steps=names.steps(pinned["names"], back=bool(pinned["undo"])),
        data=pinned,
        where=approval.where,
        approval=approval.subject,
    )


def finished(kit: Kit, operation: Operation) -> None:
    """Forget what was held; record what has become of each secret that was set."""
    kit.hands.forget(operation.subject)
    kit.vault.forget(operation.approval)
    results, now = operation.results, kit.ctx.clock.now()
    if SET not in results:
        return
    begins = (results.get(COMPARE) or {}).get("begins") or {}
    ok = int(PROVE in results)
    kept = {
        name: {"begins": begins.get(name) or _set_to(kit, operation, name), "ok": ok}
        for name in operation.data["names"]
    }
    record.note(kit.ctx.store, operation, record.FINISHED, now, kept)
    if operation.data["undo"]:
        record.note(kit.ctx.store, operation, record.UNDONE, now)
    if ok:
        failing.proved(kit, operation)


def _set_to(kit: Kit, operation: Operation, name: str) -> str:
    """What we set, where the comparison found another's: the watch must not take that one for ours."""
    last = kit.ctx.store.events.latest(record.SET, f"secret/{name}")
    return str(last.data["begins"]) if last is not None and last.data["operation"] == operation.subject else ""
