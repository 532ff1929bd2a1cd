"""One line for each kind of event: the same words in Slack, in a report and in a search. Pure.

A new kind of event has its line here: a contract test asks for it. What stands in a line is written by a `Pen`, which
makes an outside value harmless where it is shown.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.health.words import ago
from bot.incidents.about import DONE
from bot.views.blocks import cap
from bot.views.pens import Pen, PlainPen
from store.events import Event

LONGEST = 1200  # characters of what a person wrote
Line = Callable[[Event, Pen], str]
_SEVERE = {"P0": "⛔", "P1": "⚠️"}
_STEP = {"done": "✓", "failed": "✗", "not-done": "✗", "unknown": "❓"}


def line(event: Event, pen: Pen) -> str:
    """What happened, in one line that begins with a sign."""
    known = LINES.get(event.kind)
    said = known(event, pen) if known else f"• {pen.name(event.kind)} {pen.name(event.subject)}"
    return f"{said} (taken back by two people)" if event.redacted else said


def _at(event: Event, *path: str) -> Any:
    found: Any = event.data
    for one in path:
        found = found.get(one) if isinstance(found, dict) else None
    return "" if found is None else found


def _wrote(event: Event, pen: Pen) -> str:
    return f": {pen.text(event.text, LONGEST)}" if event.text else ""


def _did(sign: str, what: str) -> Line:
    """*who* did *what*, and the words they gave with it."""
    return lambda event, pen: f"{sign} {pen.person(event.actor)} {what}{_wrote(event, pen) or '.'}"


def _of(sign: str, what: str) -> Line:
    """The same, to the event's subject."""
    return lambda event, pen: f"{sign} {pen.person(event.actor)} {what} {pen.name(event.subject)}{_wrote(event, pen)}"


def _called(sign: str, what: str) -> Line:
    """The same, to what has the name."""
    return lambda event, pen: f"{sign} {pen.person(event.actor)} {what} {pen.name(_at(event, 'name'))}."


def _opened(event: Event, pen: Pen) -> str:
    sign, title = _SEVERE.get(str(_at(event, "severity")), "•"), pen.text(_at(event, "title"), 150)
    what = pen.text(_at(event, "what"), 400) or pen.text(event.text or "", LONGEST)
    by = "" if event.actor == "bot" else f" by {pen.person(event.actor)}"
    return f"{sign} {pen.text(_at(event, 'severity'), 4)} {title} was opened{by}. {what}".strip()


def _resolved(event: Event, pen: Pen) -> str:
    if event.actor != "bot":
        return f"✅ {pen.person(event.actor)} resolved it{_wrote(event, pen) or '.'}"
    over = f"Over by itself: not seen for {ago(float(_at(event, 'calm') or 0))}, in five looks or more."
    return f"✅ {pen.text(_at(event, 'said'), 500) or over}"


def _reopened(event: Event, pen: Pen) -> str:
    if event.actor == "bot":
        return f"⛔ It has come back. {pen.text(_at(event, 'what'), 500)}".strip()
    return f"⛔ {pen.person(event.actor)} opened it again{_wrote(event, pen) or '.'}"


def _severity(event: Event, pen: Pen) -> str:
    to = str(_at(event, "severity"))
    return f"{_SEVERE.get(to, '•')} {pen.person(event.actor)} made it a {pen.text(to, 4)}{_wrote(event, pen) or '.'}"


def _noted(event: Event, pen: Pen) -> str:
    instead = f" (instead of row {pen.text(_at(event, 'instead_of'), 12)})" if _at(event, "instead_of") else ""
    return f"📝 {pen.person(event.actor)}{instead}{_wrote(event, pen)}"


def _assigned(event: Event, pen: Pen) -> str:
    to, role = str(_at(event, "to")), pen.text(_at(event, "role"), 20)
    by = "" if to == event.actor else f" (says {pen.person(event.actor)})"
    return f"🧭 {pen.person(to)} is {role} now{by}."


def _pinned(event: Event, pen: Pen) -> str:
    by = pen.person(str(_at(event, "by")))
    whom = "" if _at(event, "by") == event.actor else f" (pinned by {pen.person(event.actor)})"
    return f"📌 {by}{whom}{_wrote(event, pen) or ': a message that I could not read'}"


def _errand(event: Event, pen: Pen) -> str:
    name, why = str(_at(event, "name")), pen.text(_at(event, "why"), 200)
    what = DONE.get(name) or pen.name(name)
    by = f" by {pen.person(event.actor)}" if event.actor != "bot" else ""
    return f"✅ {what}: {why or 'done'}{by}" if _at(event, "state") == "done" else f"☐ {what}: not by me, {why}"


def _asked_for(event: Event, pen: Pen) -> str:
    title = pen.text(_at(event, "plan", "title"), 150)
    return f"🖐️ {pen.person(event.actor)} asked for approval: {title}{_wrote(event, pen)}"


def _granted(event: Event, pen: Pen) -> str:
    alone = ", alone, behind broken glass" if _at(event, "glass") else ""
    return f"👍 {pen.person(event.actor)} approved {pen.name(event.subject)}{alone}{_wrote(event, pen)}"


def _began(event: Event, pen: Pen) -> str:
    approval = f" ({pen.name(_at(event, 'approval'))})" if _at(event, "approval") else ""
    return f"🔧 {pen.person(event.actor)} began: {pen.text(_at(event, 'title'), 150)}{approval}"


def _step(event: Event, pen: Pen) -> str:
    detail = pen.text(_at(event, "detail"), 300)
    name = pen.text(_at(event, "name"), 80) or f"step {pen.text((_at(event, 'step') or 0) + 1, 4)}"
    outcome = str(_at(event, "outcome"))
    return f"{_STEP.get(outcome, '•')} {pen.name(event.subject)}, {name}: {pen.text(outcome, 20)} {detail}".strip()


def _finished(event: Event, pen: Pen) -> str:
    outcome = str(_at(event, "outcome"))
    why = pen.text(_at(event, "why"), 300)
    return f"{_STEP.get(outcome, '✋')} {pen.name(event.subject)} is {pen.text(outcome, 20)}. {why}".strip()


def _deployed(event: Event, pen: Pen) -> str:
    version = f" version {pen.text(_at(event, 'version'), 10)}" if _at(event, "version") != "" else ""
    back = _at(event, "command") == "rollback"
    proved = "" if _at(event, "ok") else ", not proved"
    approved = f", approved by {pen.person(str(_at(event, 'approved_by')))}" if _at(event, "approved_by") else ""
    verb = "rolled back" if back else "put live"
    sign = "↩️" if back else "🚀"
    return f"{sign} {pen.person(event.actor)} {verb} {pen.name(_at(event, 'function'))}{version}{approved}{proved}."


def _watched(event: Event, pen: Pen) -> str:
    return f"🔎 {pen.name(event.subject)}, three minutes on: {pen.text(_at(event, 'said'), 400)}"


def _undone(event: Event, pen: Pen) -> str:
    function, by = pen.name(_at(event, "function")), pen.person(event.actor)
    return f"↩️ {function} of {pen.name(event.subject)} was taken back by {by}."


def _restored(event: Event, pen: Pen) -> str:
    to = pen.text(_at(event, "target", "name") or _at(event, "target", "at"), 40)
    if _at(event, "outcome") != "done":
        return f"⏪ The database was to go back to {to}: {pen.text(_at(event, 'outcome'), 20)}, {_why(event, pen)}"
    return f"⏪ {pen.person(event.actor)} brought the database back to {to}; it was away {_seconds(event)}."


def _why(event: Event, pen: Pen) -> str:
    return pen.text(_at(event, "why"), 300) or "nobody knows why."


def _seconds(event: Event) -> str:
    seconds = _at(event, "seconds")
    return ago(float(seconds)) if isinstance(seconds, int | float) else "for a time that is not known"


def _asked(event: Event, pen: Pen) -> str:
    return f"🔍 {pen.person(event.actor)} asked {pen.name(event.text or _at(event, 'command'))}"


def _silenced(event: Event, pen: Pen) -> str:
    until = pen.text(str(_at(event, "until"))[:16].replace("T", " "), 20)
    asks = "asks to silence this" if _at(event, "severity") == "P0" else "silenced this"
    return f"🔇 {pen.person(event.actor)} {asks} until {until} UTC{_wrote(event, pen) or '.'}"


def _rotated(event: Event, pen: Pen) -> str:
    return f"🔑 The rotation of {pen.name(event.subject)} ended: {'proved' if _at(event, 'ok') else 'not proven'}."


LINES: Mapping[str, Line] = {
    "incident.opened": _opened,
    "incident.seen": lambda event, pen: f"• {pen.text(_at(event, 'what'), 500)}",
    "incident.grouped": lambda event, pen: f"• {pen.text(_at(event, 'what'), 500)}",
    "incident.counted": lambda event, pen: f"🧮 {pen.text(_at(event, 'what'), 300)}",
    "incident.noted": _noted,
    "incident.acknowledged": lambda event, pen: f"👀 {pen.person(event.actor)} acknowledged it.",
    "incident.resolved": _resolved,
    "incident.reopened": _reopened,
    "incident.escalated": lambda event, pen: f"⏰ Escalated to the technical lead{_lead(event, pen)}.",
    "incident.assigned": _assigned,
    "incident.severity": _severity,
    "incident.merged": lambda event, pen: (
        f"🔀 {pen.person(event.actor)} merged {pen.name(event.subject)} into {pen.name(_at(event, 'into'))}"
        f"{_wrote(event, pen) or '.'}"
    ),
    "incident.pinned": _pinned,
    "incident.flapping": lambda _event, _pen: "〰️ It comes and goes: nothing more is said until it has been steady.",
    "silence.asked": _silenced,
    "silence.agreed": _did("🔇", "agreed: it is silent now"),
    "silence.ended": lambda event, pen: (
        "🔔 The silence is over." if event.actor == "bot" else f"🔔 {pen.person(event.actor)} ended the silence."
    ),
    "watch.baseline": lambda event, pen: (
        f"📐 {pen.name(event.subject)} is right as it is: what differs later is an alarm."
    ),
    "incident.kept": lambda event, pen: (
        f"📎 {pen.person(event.actor)} keeps it open, also when I no longer see it."
        if _at(event, "keep")
        else f"📎 {pen.person(event.actor)} lets it end by itself again."
    ),
    "incident.calm": lambda event, _pen: (
        f"🌤 I have not seen it for {ago(float(_at(event, 'calm') or 0))}. It is kept open: Resolve ends it."
    ),
    "incident.did": _errand,
    "incident.unreached": lambda _event, _pen: "📭 Slack could not be reached for a minute: the lead was told by mail.",
    "incident.reached": lambda _event, _pen: "📬 Slack is back.",
    "incident.rated": lambda event, pen: (
        f"🗳️ {pen.person(event.actor)} says that telling it was {'useful' if _at(event, 'useful') else 'noise'}."
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
        f"❓ {pen.name(event.subject)} needs a human: {pen.text(_at(event, 'why'), 400)}"
    ),
    "operation.resumed": _of("▶️", "let go on"),
    "operation.finished": _finished,
    "operation.cancel": _of("✋", "stops"),
    "step.intent": lambda event, pen: f"… {pen.name(event.subject)}: {pen.text(_at(event, 'name'), 80)}",
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
    "rotation.entered": lambda event, pen: f"▶️ {pen.name(event.subject)}: {pen.text(_at(event, 'outcome'), 20)}.",
    "rotation.probed": lambda event, pen: f"🧪 {pen.name(event.subject)} sends an event of the bot's own.",
    "rotation.checked": _of("☑️", "has done a step by hand of"),
    "rotation.redeploy": lambda event, pen: (
        f"♻️ {pen.person(event.actor)} wants the function {'' if _at(event, 'wanted') else 'not '}deployed again."
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
        f"🩹 {pen.person(event.actor)} asks to take back the words of row {pen.text(_at(event, 'event'), 12)}."
    ),
    "text.redacted": lambda event, pen: (
        f"🩹 {pen.person(str(_at(event, 'asked_by')))} and {pen.person(str(_at(event, 'agreed_by')))} "
        f"took back the words of row {pen.text(_at(event, 'event'), 12)}."
    ),
    "audit.started": lambda _event, _pen: "⛓️ The timeline was begun.",
    "audit.anchored": lambda _event, _pen: "⚓ The head of the timeline was posted.",
    "audit.missed": lambda _event, _pen: "⛓️ A posted head of the timeline is not in it.",
    "question.asked": _asked,
    "memory.writable": lambda _event, _pen: "💾 The bot could write again: it had taken nothing meanwhile.",
    "bot.returned": lambda _event, _pen: "🌙 The bot was back after an absence.",
}


def _lead(event: Event, pen: Pen) -> str:
    to = str(_at(event, "to"))
    return f" {pen.person(to)}" if to else ""


def plain(event: Event, names: Mapping[str, str]) -> str:
    """The line as plain text."""
    return cap(line(event, PlainPen(names)), 2000)
