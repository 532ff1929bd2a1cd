"""An approval's headline in the channel and its card in the thread, in every state. Pure."""

from collections.abc import Mapping, Sequence

from bot.approvals import policy
from bot.deploys.hindering import hindered, outlived
from bot.deploys.undone import Undone
from bot.plan import Plan
from bot.views import operation as operations
from bot.views import review as reviews
from bot.views import rotation as rotations
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    cap,
    code,
    context,
    divider,
    escape,
    header,
    person,
    section,
    time_of_day,
    to_card,
    visible,
)
from store.approvals import PENDING, Approval
from store.incidents import Incident
from store.operations import Operation
from store.reviews import Review
from store.views import OpenIncident

_SIGN = {
    PENDING: "⏳",
    "granted": "👍",
    "denied": "🚫",
    "withdrawn": "↩️",
    "expired": "⌛",
    "superseded": "⏭️",
}
_RISK = {
    "reversible": "can be taken back",
    "credential": "the old value is gone afterwards",
    "schema": "data may be in the way",
    "data-loss": "DATA IS LOST",
}


def headline(
    approval: Approval,
    operation: Operation | None = None,
    review: Review | None = None,
    undone: Sequence[Undone] = (),
    owed: Sequence[str] = (),
) -> Message:
    """The one message in the channel: what, by whom, and how it stands.

    *review*: of the glass broken for it; *undone*: what of it was rolled back; *owed*: what people still have to do.
    """
    if operation is not None and approval.state == "granted":
        sign, state = operations.state(operation, undone)
        state += rotations.owes(owed)
    else:
        sign, state = _SIGN[approval.state], standing(approval)
    title = escape(approval.title, 150)
    asked = f"asked by {person(approval.requested_by)}"
    if approval.state == "granted":
        asked += f", approved by {_approvers(approval)}" + (" *alone*" if approval.glass or approval.alone else "")
    if review is not None:
        state += f"\n🚨 Acted alone, under {escape(approval.glass)}. {reviews.short(review)}"
    return Message(
        text=f"{sign} {title}: {state}",
        blocks=[section(f"{sign} *{title}* · {asked}\n{state}"), context(_project(approval), "Details in the thread")],
    )


def card(
    approval: Approval,
    *,
    glass: OpenIncident | None = None,
    review: Review | None = None,
    open_now: Sequence[OpenIncident] = (),
    ended: Sequence[Incident] = (),
) -> Message:
    """The card in the thread: all that a second person needs to say yes or no.

    *glass*: the incident under which one operator may act alone now, or None; *review*: of the glass broken for it.
    *open_now*: the open incidents; *ended*: those that ended lately.
    """
    plan = Plan.from_json(approval.plan)
    blocks = [header(cap(plan.title, 150)), *_body(plan), *_facts(approval), divider()]
    if approval.state == PENDING:
        if why := hindered(open_now, plan.command, plan.subject):
            blocks.append(section(f"⚠️ *{why}*"))
        blocks += [_over(one) for one in outlived(ended, plan.command, approval.requested_at)][:3]
        blocks += _buttons(approval, None if approval.alone else glass)
    else:
        blocks.append(section(f"{_SIGN[approval.state]} {standing(approval, review)}"))
    return Message(
        text=f"{escape(plan.title)}: {standing(approval)} Asked by {person(approval.requested_by)}.", blocks=blocks
    )


def _over(one: Incident) -> Block:
    """What it was asked for under is over."""
    what = f"incident {one.number} ({escape(one.severity)} {escape(one.title, 100)})"
    ended = time_of_day(one.resolved_at) if one.resolved_at else ""
    return section(f"⚠️ *Asked for during {what}, which ended {ended}: is it needed still?*")


def planned(plan: Plan, project: str, *, filed: bool = False, hinders: str = "") -> Message:
    """`--plan`: what would be asked for. Nothing was. *filed*: the whole diff comes as a file, to the asker alone.

    *hinders*: what an open incident has against it, plain.
    """
    against = [section(f"⚠️ *{escape(hinders, 400)}*")] if hinders else []
    where = " The file with the whole diff is in our direct message." if filed else ""
    note = context(f"Project {code(project)} · only a plan: nothing was asked for, nothing will happen.{where}")
    return Message(
        text=f"Plan: {escape(plan.title)}. Nothing was asked for.",
        blocks=[header(plan.title), *_body(plan), *against, note],
    )


def asked(approval: Approval) -> Message:
    """What the one who asked is told, alone, where the card is not where they asked."""
    who = f"{approval.needed} approvals" if approval.needed > 1 else "an approver"
    said = f"Asked: {escape(approval.title)}. It waits for {who}; the card is in the thread of its message"
    return Message(text=f"{said} in {_channel(approval.where['channel'])}: {approval.where.get('moved', '')}.")


def elsewhere(approval: Approval, channel: str) -> Message:
    """What the one who asked is told where Slack has turned the card away, and it stands elsewhere."""
    there = _channel(approval.where["channel"])
    return Message(
        text=f"I may not post in {there}, so the card of *{escape(approval.title)}* is in {_channel(channel)}. "
        "`/invite @aikeys` there, and the next one comes where you ask."
    )


def _channel(id_: str) -> str:
    return f"<#{id_}>" if id_.isalnum() and id_.isascii() else code(id_)


def _approvers(approval: Approval) -> str:
    """All who said yes, in order; under a broken glass the one who did."""
    return " and ".join(
        person(user) for user in dict.fromkeys([*(vote.user for vote in approval.votes), approval.decided_by])
    )


def standing(approval: Approval, review: Review | None = None) -> str:
    """How it stands, in a sentence; with *review*, in two."""
    by = person(approval.decided_by)
    why = f": “{escape(approval.decision, 300)}”" if approval.decision else ""
    match approval.state:
        case "pending":
            votes = ", ".join(person(vote.user) for vote in approval.votes)
            given = f" ({len(approval.votes)} of {approval.needed}: {votes})" if votes else ""
            need = f"{approval.needed} approvals" if approval.needed > 1 else "approval"
            return f"Waits for {need}{given} until {_time(approval)}."
        case "granted":
            alone = " *alone*" if approval.alone else ""
            alone = f" *alone, under {escape(approval.glass)}*" if approval.glass else alone
            return f"Approved by {_approvers(approval)}{alone}{why}." + (
                f" {reviews.short(review)}" if review is not None else ""
            )
        case "denied":
            return f"Denied by {by}{why}."
        case "withdrawn":
            return f"Withdrawn by {by}{why}."
        case "expired":
            return f"Expired: nobody approved it until {_time(approval)}. Ask again: {code(f'/aikeys {approval.line}')}"
        case _:
            return f"Superseded by a newer request of {by}."


def lines(
    pending: Sequence[Approval],
    recent: Sequence[Approval],
    glass: OpenIncident | None = None,
    broken: Mapping[str, Review] | None = None,
    links: Mapping[str, str] | None = None,
) -> Message:
    """`/aikeys approvals`. *glass* as in `card`; *broken*: the reviews of glass, *links* to cards, by approval."""
    found, cards = broken or {}, links or {}
    waiting = [_line(one, bold=True) + to_card(cards.get(one.subject, "")) for one in pending]
    over = [_line(one, bold=False, review=found.get(one.subject)) for one in recent if one.state != PENDING]
    blocks: list[Block] = [header("Approvals"), section("\n".join(waiting[:8]) or "Nothing waits for approval.")]
    if glass is not None and waiting:
        blocks.append(context(_may_be_broken(glass)))
    if over:
        blocks.append(section("\n".join(over[:8])))
    count = f"{len(waiting)} wait" if len(waiting) != 1 else "1 waits"
    return Message(text=f"Approvals: {count} for a second person.", blocks=blocks)


def _line(one: Approval, *, bold: bool, review: Review | None = None) -> str:
    title = f"*{escape(one.title)}*" if bold else escape(one.title)
    asked = f"asked by {person(one.requested_by)}"
    return f"{_SIGN[one.state]} {title} ({code(one.subject)}), {asked}. {standing(one, review)}"


def _body(plan: Plan) -> list[Block]:
    blocks = [section(one) for one in plan.changes[:12]]
    if plan.dangers:
        blocks.append(section("\n".join(f"⚠️ {one}" for one in plan.dangers)))
    for one in plan.shown:
        blocks.append(one if isinstance(one, dict) else context(one))  # noqa: PERF401  # two kinds of evidence
    return blocks


def _facts(approval: Approval) -> list[Block]:
    risk = _RISK.get(str(approval.plan["risk_class"]), str(approval.plan["risk_class"]))
    need = "alone: a team of one" if approval.alone else f"needs {approval.needed} of the approvers"
    if policy.to_type(str(approval.plan["risk_class"]), approval.where.get("target") or {}):
        need += ", who type the project's name"
    if approval.requested_by == "bot":
        need += ", also whoever asked for the deploy"
    reason = [f"Reason: “{escape(approval.reason, 300)}”"] if approval.reason else []
    return [
        *_ages(approval),
        context(
            f"Asked by {person(approval.requested_by)}",
            _project(approval),
            f"Risk: {escape(risk)}",
            need,
            f"expires {_time(approval)}",
            f"{approval.subject} · plan {approval.digest[:10]}",
            *reason,
        ),
    ]


def _ages(approval: Approval) -> list[Block]:
    """Whose role rests on what Slack said a while ago, because it could not be asked; nothing where it could."""
    ages = {approval.requested_by: str(approval.where.get("roles_age") or "")}
    ages |= {vote.user: vote.roles_age for vote in approval.votes if vote.roles_age}
    if approval.roles_age:
        ages[approval.decided_by] = approval.roles_age
    old = [f"of {person(user)} {escape(age, 20)} before" for user, age in ages.items() if age]
    if not old:
        return []
    return [
        context(f"⚠️ Slack could not be asked who may do what. What it said last counts for a day: {', '.join(old)}.")
    ]


def _buttons(approval: Approval, glass: OpenIncident | None) -> list[Block]:
    title = cap(approval.title, 200)
    approve = button("Approve", "approve", approval.subject, style="primary")
    if not policy.to_type(str(approval.plan["risk_class"]), approval.where.get("target") or {}):  # else a modal asks
        approve["confirm"] = _confirm(
            "Approve and do it now?", f"{title}. It begins at once; what is shown is checked again.", "Approve"
        )
    deny = button("Deny", "deny", approval.subject, style="danger") | {
        "confirm": _confirm("Deny it?", f"{title} will not be done. You are asked for the reason.", "Deny", "danger")
    }
    # What the bot asked for nobody can withdraw; an approver denies it.
    withdraw = [] if approval.requested_by == "bot" else [button("Withdraw", "withdraw", approval.subject)]
    if glass is None:
        return [actions(approve, deny, *withdraw)]
    alone = button("Break glass", "glass", approval.subject, style="danger")
    return [context(_may_be_broken(glass)), actions(approve, deny, *withdraw, alone)]


def _may_be_broken(glass: OpenIncident) -> str:
    what = f"{escape(glass.severity)} “{escape(glass.title, 100)}” ({code(glass.subject)}) is open"
    return f"🚨 {what}: an operator who cannot wait may *break the glass* and approve alone, with a reason."


def _confirm(title: str, text: str, confirm: str, style: str = "primary") -> dict[str, object]:
    return {
        "title": {"type": "plain_text", "text": title},
        "text": {"type": "plain_text", "text": cap(visible(text), 300)},
        "confirm": {"type": "plain_text", "text": confirm},
        "deny": {"type": "plain_text", "text": "Not yet"},
        "style": style,
    }


def _project(approval: Approval) -> str:
    target = approval.where.get("target") or {}
    return f"Project {code(target.get('ref', ''))} {escape(target.get('name', ''), 80)}".strip()


def _time(approval: Approval) -> str:
    return time_of_day(approval.expires_at)
