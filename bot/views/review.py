"""Reviews as people see them: the card, the reminder, the lead's copy, the list, the modal. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.reviews.calendar import words
from bot.reviews.kinds import KINDS
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    cap,
    code,
    context,
    date_and_time,
    escape,
    header,
    person,
    preformatted,
    section,
    when,
)
from bot.views.reasons import modal
from store.approvals import Approval
from store.reviews import GLASS, OPEN, Review

_MOST_LINES = 10  # of the evidence on the card; all of them stand in its thread
_MOST_WHO = 10
SIGN = "aikeys:sign"  # the modal's callback_id


def title(review: Review) -> str:
    """What it is about, plain: Admin users, November 2026."""
    if review.kind == GLASS:
        return f"Broken glass: {review.data.get('title') or review.of}"
    kind = KINDS.get(review.kind)
    return f"{kind.title if kind else review.kind}, {words(review.of)}"


def card(review: Review, approval: Approval | None = None, *, tell: Sequence[str] = (), incident: str = "") -> Message:
    """The one message about it. Of a broken glass: *tell* who hears of it at once (Slack ids), *incident* its title."""
    if review.kind == GLASS:
        return _glass(review, approval, tell, incident)
    kind = KINDS.get(review.kind)
    data, name = review.data, title(review)
    lines = review.evidence.splitlines()
    blocks: list[Block] = [header(cap(f"🗂️ Review: {name}", 150))]
    if kind is not None:
        blocks.append(section(f"*{escape(data.get('summary', ''), 600)}*\n{kind.look}"))
    if lines:
        more = f"\n… and {len(lines) - _MOST_LINES} more in the thread" if len(lines) > _MOST_LINES else ""
        blocks.append(section("\n".join(f"• {escape(one, 220)}" for one in lines[:_MOST_LINES]) + more))
    people = data.get("people") or {}
    if people:
        named = [
            f"{escape(role).capitalize()}: {', '.join(map(person, ids)) or 'nobody'}" for role, ids in people.items()
        ]
        blocks.append(section(" · ".join(named)))
    blocks.append(context(*_about(review)))
    blocks += _end(review, button("Look again", "look-again", review.subject))
    return Message(
        text=f"Review: {escape(name)}. {escape(data.get('summary', ''), 600)} {standing(review)}", blocks=blocks
    )


def evidence(review: Review) -> Message | None:
    """All lines of the evidence, for the thread; None where the card holds them."""
    lines = review.evidence.splitlines()
    if len(lines) <= _MOST_LINES:
        return None
    text = cap("\n".join(cap(one, 300) for one in lines), 2900)
    return Message(text=f"All {len(lines)} lines of the evidence.", blocks=[preformatted(text)])


def _glass(review: Review, approval: Approval | None, tell: Sequence[str], incident: str) -> Message:
    who = person(review.not_by)
    what = escape(approval.title if approval else review.of, 150)
    why = escape(review.evidence or "(taken back)", 300)
    under = f"under {code(review.incident)}" + (f" “{escape(incident, 100)}”" if incident else "")
    waits = review.state == OPEN
    cc = " ".join(person(one) for one in tell[:_MOST_WHO] if one != review.not_by) if waits else ""
    blocks: list[Block] = [
        header("🚨 The glass was broken"),
        section(f"{who} acted *alone*, {under}: *{what}*\n“{why}”" + (f"\n{cc}: please look at it." if cc else "")),
        context(f"{review.of} · {review.subject}", *(["Stays open until another person has signed."] if waits else [])),
        *_end(review),
    ]
    return Message(
        text=f"🚨 {who} broke the glass and acted alone, {under}: {what}. “{why}” {standing(review)}", blocks=blocks
    )


def reminder(review: Review, number: int) -> Message:
    """It was skipped and is asked for again; once it is over, only how."""
    if review.state != OPEN:
        return _over(review)
    name = escape(title(review), 200)
    said = f"⏰ *Not reviewed yet*: {name}\nIt fell due {_day(review.due_at)}; reminder {number}. The card is above."
    return Message(text=f"Not reviewed yet: {name}. {standing(review)}", blocks=[section(said), *_end(review)])


def escalation(review: Review, lead: str) -> Message:
    """It was skipped again: the lead is told, there and by direct message; once it is over, only how."""
    if review.state != OPEN:
        return _over(review)
    name = escape(title(review), 200)
    to = f"{person(lead)}, nobody" if lead else "Nobody"
    said = f"📣 *Still not reviewed*: {name}\n{to} has signed it since {_day(review.due_at)}."
    none = [] if lead else [context("No lead is set (AIKEYS_LEAD), so only this channel is told.")]
    return Message(text=f"Still not reviewed: {name}. {standing(review)}", blocks=[section(said), *none, *_end(review)])


def _over(review: Review) -> Message:
    name = escape(title(review), 200)
    return Message(text=f"{name}: {standing(review)}", blocks=[section(f"*{name}*"), *_end(review)])


def standing(review: Review) -> str:
    """How it stands, in a sentence."""
    if review.state == "signed":
        note = f": “{escape(review.note, 300)}”" if review.note else ""
        return f"Reviewed by {person(review.by)}{note}."
    if review.state != OPEN:
        return "Nobody signed it before the next one fell due."
    late = f" The lead was told {date_and_time(review.escalated_at)}." if review.escalated_at else ""
    return f"Waits for a signature since {_day(review.due_at)}.{late}"


def short(review: Review) -> str:
    """For the card of what was approved: the review's state in a few words."""
    return (
        standing(review)
        if review.state == "signed"
        else f"The review waits for another person ({code(review.subject)})."
    )


def lines(open_: Sequence[Review], recent: Sequence[Review], coming: Sequence[tuple[str, datetime]]) -> Message:
    """`/aikeys reviews`. *coming*: what falls due next, and when."""
    blocks: list[Block] = [header("Reviews")]
    for one in open_[:10]:
        sign = "🚨" if one.kind == GLASS else "🗂️"
        what = f"\n“{escape(one.evidence, 200)}” · {person(one.not_by)} acted alone" if one.kind == GLASS else ""
        said = f"{sign} *{escape(title(one), 150)}* ({code(one.subject)})\n{standing(one)}{what}"
        blocks.append(section(said, accessory=button("Reviewed", "reviewed", one.subject)))
    if not open_:
        blocks.append(section("🟢 Nothing waits for a review."))
    if len(open_) > 10:
        blocks.append(context(f"and {len(open_) - 10} more"))
    if recent:
        signs = {"signed": "✅", "missed": "➖"}
        over = [f"{signs.get(one.state, '')} {escape(title(one), 150)}. {standing(one)}" for one in recent[:8]]
        blocks.append(section("\n".join(over)))
    if coming:
        next_ = " · ".join(f"{escape(name)} {_day(at)}" for name, at in coming)
        blocks.append(context(f"Next: {next_}"))
    wait = {0: "none waits", 1: "1 waits"}.get(len(open_), f"{len(open_)} wait")
    return Message(text=f"Reviews: {wait} for a signature.", blocks=blocks)


def signing(review: Review) -> dict[str, object]:
    """The modal that asks for a note; submitting it signs."""
    glass = review.kind == GLASS
    about = f"“{escape(review.evidence, 300)}”\n" if glass and review.evidence else ""
    asks = "Was it right to act alone?" if glass else KINDS[review.kind].look if review.kind in KINDS else ""
    hint = "Right to do so: nobody else was awake" if glass else "Looked at all of it; took admin away from two"
    said = f"*{escape(title(review), 200)}*\n{about}{asks}"
    label = "What did you look at, what did you find?"
    return modal(SIGN, review.subject, "Sign the review", "Sign", said, label, hint, long=True)


def _about(review: Review) -> list[str]:
    said = [f"{code(review.subject)} · looked at {date_and_time(review.looked_at)}"]
    passed = review.data.get("passed") or []
    if passed:
        said.append(f"Not asked for while I was away: {', '.join(escape(words(str(one)), 40) for one in passed[:6])}")
    if review.data.get("missed"):
        said.append(f"The last one ({escape(words(str(review.data['missed'])), 40)}) was *never signed*")
    return said


def _end(review: Review, *more: Block) -> list[Block]:
    """The buttons while it is open; afterwards how it ended."""
    if review.state == OPEN:
        return [actions(button("Reviewed", "reviewed", review.subject, style="primary"), *more)]
    sign = "✅" if review.state == "signed" else "➖"
    return [section(f"{sign} {standing(review)}")]


def _day(moment: datetime) -> str:
    return when(moment.timestamp(), f"{moment:%d %b}", "{date_short_pretty}")
