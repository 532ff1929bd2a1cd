"""One line for each kind of event: the same words in Slack, in a report and in a search. Pure.

A new kind of event has its line here: a contract test asks for it. What stands in a line is written by a `Pen`, which
makes an outside value harmless where it is shown.
"""

from collections.abc import Callable, Mapping

from bot.health.words import ago
from bot.views import incident_moments as told
from bot.views.blocks import cap
from bot.views.incident_moments import at, wrote
from bot.views.pens import Pen, PlainPen
from store.events import Event
from store.operations import GIVEN_UP

Line = Callable[[Event, Pen], str]
_STEP = {"done": "✓", "failed": "✗", "not-done": "✗", "unknown": "❓"}


def line(event: Event, pen: Pen) -> str:
    """What happened, in one line that begins with a sign."""
    known = LINES.get(event.kind)
    said = known(event, pen) if known else f"• {pen.name(event.kind)} {pen.name(event.subject)}"
    return f"{said} (taken back by two people)" if event.redacted else said


def _did(sign: str, what: str) -> Line:
    """*who* did *what*, and the words they gave with it."""
    return lambda event, pen: f"{sign} {pen.person(event.actor)} {what}{wrote(event, pen) or '.'}"


def _of(sign: str, what: str) -> Line:
    """The same, to the event's subject."""
    return lambda event, pen: f"{sign} {pen.person(event.actor)} {what} {pen.name(event.subject)}{wrote(event, pen)}"


def _called(sign: str, what: str) -> Line:
    """The same, to what has the name."""
    return lambda event, pen: f"{sign} {pen.person(event.actor)} {what} {pen.name(at(event, 'name'))}."


def _asked_for(event: Event, pen: Pen) -> str:
    title = pen.text(at(event, "plan", "title"), 150)
    return f"🖐️ {pen.person(event.actor)} asked for approval: {title}{wrote(event, pen)}"


def _granted(event: Event, pen: Pen) -> str:
    alone = ", alone, behind broken glass" if at(event, "glass") else ""
    return f"👍 {pen.person(event.actor)} approved {_what(event, pen)}{alone}{wrote(event, pen)}"


def _what(event: Event, pen: Pen) -> str:
    """What was decided on: by its title where that is known beside it."""
    title = pen.text(at(event, "title"), 150)
    return f"“{title}”" if title else pen.name(event.subject)


def _began(event: Event, pen: Pen) -> str:
    approval = f" ({pen.name(at(event, 'approval'))})" if at(event, "approval") else ""
    return f"🔧 {pen.person(event.actor)} began: {pen.text(at(event, 'title'), 150)}{approval}"


def _step(event: Event, pen: Pen) -> str:
    detail = pen.text(at(event, "detail"), 300)
    name = pen.text(at(event, "name"), 80) or f"step {pen.text((at(event, 'step') or 0) + 1, 4)}"
    outcome = str(at(event, "outcome"))
    by = "" if event.actor == "bot" else f", as {pen.person(event.actor)} said,"
    return f"{_STEP.get(outcome, '•')} {pen.name(event.subject)}, {name}: {pen.text(outcome, 20)}{by} {detail}".strip(
        " ,"
    )


def _finished(event: Event, pen: Pen) -> str:
    outcome = str(at(event, "outcome"))
    why = pen.text(at(event, "why"), 300)
    if event.actor != "bot":
        why = f"{pen.person(event.actor)} gave it up. {'' if at(event, 'why') == GIVEN_UP else why}"
    return f"{_STEP.get(outcome, '✋')} {pen.name(event.subject)} is {pen.text(outcome, 20)}. {why}".strip()


def _deployed(event: Event, pen: Pen) -> str:
    back = at(event, "command") == "rollback"
    number = pen.text(at(event, "version"), 10)
    version = (f" (live as version {number})" if back else f" version {number}") if number else ""
    proved = "" if at(event, "ok") else ", not proved"
    approved = f", approved by {pen.person(str(at(event, 'approved_by')))}" if at(event, "approved_by") else ""
    verb = "rolled back" if back else "put live"
    sign = "↩️" if back else "🚀"
    return f"{sign} {pen.person(event.actor)} {verb} {pen.name(at(event, 'function'))}{version}{approved}{proved}."


def _watched(event: Event, pen: Pen) -> str:
    when = "compared again after the outage" if at(event, "again") else "three minutes on"
    return f"🔎 {pen.name(event.subject)}, {when}: {pen.text(at(event, 'said'), 400)}"


def _undone(event: Event, pen: Pen) -> str:
    function, by = pen.name(at(event, "function")), pen.person(event.actor)
    return f"↩️ {function} of {pen.name(event.subject)} was taken back by {by}."


def _restored(event: Event, pen: Pen) -> str:
    to = pen.text(at(event, "target", "name") or at(event, "target", "at"), 40)
    if at(event, "outcome") != "done":
        return f"⏪ The database was to go back to {to}: {pen.text(at(event, 'outcome'), 20)}, {_why(event, pen)}"
    return f"⏪ {pen.person(event.actor)} brought the database back to {to}; it was away {_seconds(event)}."


def _why(event: Event, pen: Pen) -> str:
    return pen.text(at(event, "why"), 300) or "nobody knows why."


def _seconds(event: Event) -> str:
    seconds = at(event, "seconds")
    return ago(float(seconds)) if isinstance(seconds, int | float) else "for a time that is not known"


def _asked(event: Event, pen: Pen) -> str:
    return f"🔍 {pen.person(event.actor)} asked {pen.name(event.text or at(event, 'command'))}"


def _rotated(event: Event, pen: Pen) -> str:
    return f"🔑 The rotation of {pen.name(event.subject)} ended: {'proved' if at(event, 'ok') else 'not proven'}."


LINES: Mapping[str, Line] = {
    "incident.opened": told.opened,
    "incident.seen": lambda event, pen: f"• {pen.text(at(event, 'what'), 500)}",
    "incident.grouped": lambda event, pen: f"• {pen.text(at(event, 'what'), 500)}",
    "incident.counted": lambda event, pen: f"🧮 {pen.text(at(event, 'what'), 300)}",
    "incident.noted": told.noted,
    "incident.acknowledged": lambda event, pen: (
        f"👀 {pen.person(event.actor)} {'has it still' if at(event, 'kept') else 'acknowledged it'}."
    ),
    "incident.resolved": told.resolved,
    "incident.reopened": told.reopened,
    "incident.escalated": told.escalated,
    "incident.paged": told.paged,
    "incident.assigned": told.assigned,
    "incident.severity": told.severity,
    "incident.merged": lambda event, pen: (
        f"🔀 {pen.person(event.actor)} merged {pen.name(event.subject)} into {pen.name(at(event, 'into'))}"
        f"{wrote(event, pen) or '.'}"
    ),
    "incident.pinned": told.pinned,
    "incident.flapping": told.flapping,
    "silence.asked": told.silenced,
    "silence.agreed": _did("🔇", "agreed: it is silent now"),
    "silence.ended": told.heard_again,
    "watch.baseline": lambda event, pen: (
        f"📐 {pen.name(event.subject)} is right as it is: what differs later is an alarm."
    ),
    "incident.kept": lambda event, pen: (
        f"📎 {pen.person(event.actor)} keeps it open, also when I no longer see it."
        if at(event, "keep")
        else f"📎 {pen.person(event.actor)} lets it end by itself again."
    ),
    "incident.calm": lambda event, _pen: (
        f"🌤 I have not seen it for {ago(float(at(event, 'calm') or 0))}. It is kept open: Resolve ends it."
    ),
    "incident.did": told.errand,
    "incident.unreached": lambda _event, _pen: "📭 Slack could not be reached for a minute: the lead was told by mail.",
    "incident.reached": lambda _event, _pen: "📬 Slack is back.",
    "incident.rated": lambda event, pen: (
        f"🗳️ {pen.person(event.actor)} says that telling it was {'useful' if at(event, 'useful') else 'noise'}."
    ),
    "glass.broken": _did("🔨", "broke the glass and acts alone for ten minutes"),
    "approval.requested": _asked_for,
    "approval.voted": _of("👍", "said yes to"),
    "approval.granted": _granted,
    "approval.denied": _of("👎", "denied"),
    "approval.withdrawn": _of("✋", "withdrew"),
    "approval.expired": lambda event, pen: f"⌛ {pen.name(event.subject)} expired.",
    "approval.superseded": lambda event, pen: f"⏭️ {pen.name(event.subject)} was asked for anew.",
    "approval.reviewed": _of("🗂️", "reviewed"),
    "operation.started": _began,
    "operation.stuck": lambda event, pen: (
        f"❓ {pen.name(event.subject)} needs a human: {pen.text(at(event, 'why'), 400)}"
    ),
    "operation.resumed": _of("▶️", "let go on"),
    "operation.finished": _finished,
    "operation.cancel": _of("✋", "stops"),
    "step.intent": lambda event, pen: f"… {pen.name(event.subject)}: {pen.text(at(event, 'name'), 80)}",
    "step.result": _step,
    "deploy.finished": _deployed,
    "deploy.watched": _watched,
    "deploy.undone": _undone,
    "function.attributed": _of("🤝", "called right what is live of"),
    "webhook.tested": _of("🧪", "tested"),
    "rotation.started": _of("🔑", "begins to set"),
    "rotation.set": _of("🔑", "set"),
    "rotation.proved": lambda event, pen: f"🔑 {pen.name(event.subject)} is proved: the new value is the one in use.",
    "rotation.not_proven": lambda event, pen: f"❗ {pen.name(event.subject)} is NOT PROVEN.",
    "rotation.undone": _of("↩️", "brought back the value from before of"),
    "rotation.finished": _rotated,
    "rotation.waits": lambda event, pen: f"⏸️ {pen.name(event.subject)} waits for a person.",
    "rotation.entered": lambda event, pen: f"▶️ {pen.name(event.subject)}: {pen.text(at(event, 'outcome'), 20)}.",
    "rotation.probed": lambda event, pen: f"🧪 {pen.name(event.subject)} sends an event of the bot's own.",
    "rotation.checked": _of("☑️", "has done a step by hand of"),
    "rotation.redeploy": lambda event, pen: (
        f"♻️ {pen.person(event.actor)} wants the function {'' if at(event, 'wanted') else 'not '}deployed again."
    ),
    "rotation.confirmed": _of("✉️", "entered a mailed code for"),
    "backup.point": _called("💾", "made the restore point"),
    "backup.dumped": _called("💾", "made, restored and counted the dump"),
    "backup.restored": _restored,
    "migration.applied": _of("🧱", "applied"),
    "migration.undone": _of("↩️", "took back"),
    "freeze.set": _did("🧊", "froze all changes"),
    "freeze.lifted": _did("🔥", "lifted the freeze"),
    "review.due": lambda event, pen: f"🗂️ {pen.name(event.subject)} fell due.",
    "review.looked": _of("🗂️", "looked again at"),
    "review.signed": _of("🗂️", "signed"),
    "review.reminded": lambda event, pen: f"⏰ {pen.name(event.subject)} was asked for again.",
    "review.escalated": lambda event, pen: f"📣 {pen.name(event.subject)} went to the lead.",
    "review.missed": lambda event, pen: f"➖ {pen.name(event.subject)} was never signed.",
    "text.to-redact": lambda event, pen: (
        f"🩹 {pen.person(event.actor)} asks to take back the words of row {pen.text(at(event, 'event'), 12)}."
    ),
    "text.redacted": lambda event, pen: (
        f"🩹 {pen.person(str(at(event, 'asked_by')))} and {pen.person(str(at(event, 'agreed_by')))} "
        f"took back the words of row {pen.text(at(event, 'event'), 12)}."
    ),
    "audit.started": lambda _event, _pen: "⛓️ The timeline was begun.",
    "audit.anchored": lambda _event, _pen: "⚓ The head of the timeline was posted.",
    "audit.missed": lambda _event, _pen: "⛓️ A posted head of the timeline is not in it.",
    "question.asked": _asked,
    "memory.writable": lambda _event, _pen: "💾 The bot could write again: it had taken nothing meanwhile.",
    "bot.returned": lambda _event, _pen: "🌙 The bot was back after an absence.",
}


def plain(event: Event, names: Mapping[str, str]) -> str:
    """The line as plain text."""
    return cap(line(event, PlainPen(names)), 2000)
