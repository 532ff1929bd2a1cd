"""An approval's headline in the channel and its card in the thread, in every state. Pure."""

from collections.abc import Sequence

from bot.plan import Plan
from bot.views import operation as operations
from bot.views.blocks import Block, Message, actions, button, cap, code, context, divider, escape, header, section, when
from bot.views.deploys import person
from store.approvals import PENDING, Approval
from store.operations import Operation

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


def headline(approval: Approval, operation: Operation | None = None) -> Message:
    """The one message in the channel: what, by whom, and how it stands."""
    if operation is not None and approval.state == "granted":
        sign, state = operations.state(operation)
    else:
        sign, state = _SIGN[approval.state], standing(approval)
    title = escape(approval.title, 150)
    asked = f"asked by {person(approval.requested_by)}"
    if approval.state == "granted":
        asked += f", approved by {person(approval.decided_by)}" + (
            " *alone*" if approval.glass or approval.alone else ""
        )
    return Message(
        text=f"{sign} {title}: {state}",
        blocks=[section(f"{sign} *{title}* · {asked}\n{state}"), context(_project(approval), "Details in the thread")],
    )


def card(approval: Approval) -> Message:
    """The card in the thread: all that a second person needs to say yes or no."""
    plan = Plan.from_json(approval.plan)
    blocks = [header(cap(plan.title, 150)), *_body(plan), *_facts(approval), divider()]
    if approval.state == PENDING:
        blocks.append(_buttons(approval))
    else:
        blocks.append(section(f"{_SIGN[approval.state]} {standing(approval)}"))
    return Message(
        text=f"{escape(plan.title)}: {standing(approval)} Asked by {person(approval.requested_by)}.", blocks=blocks
    )


def planned(plan: Plan, project: str) -> Message:
    """`--plan`: what would be asked for. Nothing was."""
    note = context(f"Project {code(project)} · only a plan: nothing was asked for, nothing will happen.")
    return Message(
        text=f"Plan: {escape(plan.title)}. Nothing was asked for.", blocks=[header(plan.title), *_body(plan), note]
    )


def asked(approval: Approval) -> Message:
    """What the one who asked is told, alone."""
    who = f"{approval.needed} approvals" if approval.needed > 1 else "an approver"
    return Message(
        text=f"Asked: {escape(approval.title)}. It waits for {who}; the card is in the thread of its message."
    )


def standing(approval: Approval) -> str:
    """How it stands, in a sentence."""
    by = person(approval.decided_by)
    why = f": “{escape(approval.decision, 300)}”" if approval.decision else ""
    match approval.state:
        case "pending":
            votes = ", ".join(person(vote.user) for vote in approval.votes)
            given = f" ({len(approval.votes)} of {approval.needed}: {votes})" if votes else ""
            need = f"{approval.needed} approvals" if approval.needed > 1 else "approval"
            return f"Waits for {need}{given} until {_time(approval)}."
        case "granted":
            alone = " *alone, under " + escape(approval.glass) + "*" if approval.glass else ""
            return f"Approved by {by}{alone}{why}."
        case "denied":
            return f"Denied by {by}{why}."
        case "withdrawn":
            return f"Withdrawn by {by}."
        case "expired":
            return f"Expired: nobody approved it until {_time(approval)}. Ask again: {code(f'/aikeys {approval.line}')}"
        case _:
            return f"Superseded by a newer request of {by}."


def lines(pending: Sequence[Approval], recent: Sequence[Approval]) -> Message:
    """`/aikeys approvals`."""
    waiting = [_line(one, bold=True) for one in pending]
    over = [_line(one, bold=False) for one in recent if one.state != PENDING]
    blocks: list[Block] = [header("Approvals"), section("\n".join(waiting[:8]) or "Nothing waits for approval.")]
    if over:
        blocks.append(section("\n".join(over[:8])))
    count = f"{len(waiting)} wait" if len(waiting) != 1 else "1 waits"
    return Message(text=f"Approvals: {count} for a second person.", blocks=blocks)


def _line(one: Approval, *, bold: bool) -> str:
    title = f"*{escape(one.title)}*" if bold else escape(one.title)
    asked = f"asked by {person(one.requested_by)}"
    return f"{_SIGN[one.state]} {title} ({code(one.subject)}), {asked}. {standing(one)}"


def denial(subject: str, title: str) -> dict[str, object]:
    """The modal that asks for the reason of a denial; submitting it denies."""
    return {
        "type": "modal",
        "callback_id": "aikeys:deny",
        "private_metadata": subject,
        "title": {"type": "plain_text", "text": "Deny"},
        "submit": {"type": "plain_text", "text": "Deny"},
        "close": {"type": "plain_text", "text": "Back"},
        "blocks": [
            section(f"*{escape(title, 150)}* will not be done. Everybody sees the reason."),
            {
                "type": "input",
                "block_id": "reason",
                "label": {"type": "plain_text", "text": "Why not?"},
                "element": {
                    "type": "plain_text_input",
                    "action_id": "reason",
                    "max_length": 300,
                    "placeholder": {"type": "plain_text", "text": "Wait for the incident to be over"},
                },
            },
        ],
    }


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
    reason = [f"Reason: “{escape(approval.reason, 300)}”"] if approval.reason else []
    return [
        context(
            f"Asked by {person(approval.requested_by)}",
            _project(approval),
            f"Risk: {escape(risk)}",
            need,
            f"expires {_time(approval)}",
            f"{approval.subject} · plan {approval.digest[:10]}",
            *reason,
        )
    ]


def _buttons(approval: Approval) -> Block:
    title = cap(approval.title, 200)
    approve = button("Approve", "approve", approval.subject, style="primary") | {
        "confirm": _confirm(
            "Approve and do it now?", f"{title}. It begins at once; what is shown is checked again.", "Approve"
        )
    }
    deny = button("Deny", "deny", approval.subject, style="danger") | {
        "confirm": _confirm("Deny it?", f"{title} will not be done. You are asked for the reason.", "Deny", "danger")
    }
    return actions(approve, deny, button("Withdraw", "withdraw", approval.subject))


def _confirm(title: str, text: str, confirm: str, style: str = "primary") -> dict[str, object]:
    return {
        "title": {"type": "plain_text", "text": title},
        "text": {"type": "plain_text", "text": cap(text, 300)},
        "confirm": {"type": "plain_text", "text": confirm},
        "deny": {"type": "plain_text", "text": "Not yet"},
        "style": style,
    }


def _project(approval: Approval) -> str:
    target = approval.where.get("target") or {}
    return f"Project {code(target.get('ref', ''))} {escape(target.get('name', ''), 80)}".strip()


def _time(approval: Approval) -> str:
    return when(approval.expires_at.timestamp(), f"{approval.expires_at:%H:%M} UTC", "{time}")
