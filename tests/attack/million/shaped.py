"""What the product holds to a shape before it becomes a fact: such values are as they can be, all others hostile."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import SecretStr

from bot.approvals.policy import RiskClass
from bot.bundle import Bundle, File
from bot.clients.errors import Failure
from bot.clients.errors import Source as Asked
from bot.clients.supabase.secrets import Secret
from bot.deploys.parts import Part
from bot.desks.home import Seen
from bot.desks.shortcuts import Offer, Place
from bot.errors import AikeysError, Refused
from bot.health.judgement import Judgement
from bot.health.trend import BUCKETS, Trend
from bot.incidents.about import Around, Changed
from bot.logbook.sources import SOURCES, Source
from bot.migrations.files import Wanted as Migration
from bot.plan import Plan
from bot.questions import project
from bot.report import Curve, Report
from bot.runbook import reading as runbook
from bot.runbook.asking import Found
from bot.runbook.contacts import Contact, Contacts, Way
from bot.runbook.search import search
from bot.sources import Diff
from bot.vault.receiving import Wanted
from bot.views.blocks import Message, TextFile, context, escape, preformatted, section
from bot.views.logs import Shown
from bot.views.moments import LINES
from bot.views.pens import Pen, SlackPen
from commands import deploys, incident_list, stats
from store.approvals import DECISIONS, PENDING, Approval
from store.errands import Errand
from store.events import Event
from store.incidents import Incident
from store.operations import WORDS, Attempt, Operation
from store.reviews import Review
from store.views import OpenIncident
from tests.attack.million.logs import QUESTION
from tests.attack.million.making import NOON, Maker, Making

NAMES: Mapping[str, Any] = {"Part": Part, "Seen": Seen, "Secret": Secret, "Offer": Offer}
SKIPPED: Mapping[str, str] = {
    "blocks": "what all others are made of, and tried by its own kind",
    "document": "tried by its own kind",
    "help": "made of the commands' own declarations",
    "/aikeys help": "the same",
    "refusals.not_allowed": "facts for refusals.refused",
    "refusals.not_by_button": "the same",
    "refusals.no_roles": "the same",
    "refusals.unknown_button": "the same",
    "refusals.unknown_card": "the same",
    "refusals.typed_secret": "the same",
    "refusals.elsewhere": "its sentence is one of bot.rights.places",
    "declaring.closed": "its words are the bot's own",
    "contacts.plain": "for a terminal, from the settings",
    "health.state": "facts for health.card",
    "review.title": "facts for review.card",
    "rooms.checksum": "of what rooms.topic gives",
    "incident.back": "words for incident.reminder",
    "unsettled": "facts for postmortem.document",
    "logs.show": "tried by its own kind",
    "/aikeys logs": "the same",
    "incident_moments": "parts of moments.line",
    "postmortem": "tried by its own kind",
    "incident_mail": "tried by its own kind",
    "story.sections": "its lines are markup already",
    "rotation.owes": "the same",
    "rotation.todo": "the steps are the bot's own words",
    "reasons.modal": "what the other modals of reasons are made of",
}
# Shown where nothing is markup: a terminal, a topic, the field of a modal; or escaped by who puts it into a message.
PLAIN = frozenset({
    "rooms.topic", "moments.plain", "objections.in_words",
})  # fmt: skip
_COMMANDS = ("deploy", "rollback", "rotate", "migrate", "restore", "rollback migration")
_OUTCOMES = ("done", "not-done", "failed", "unknown")
_WORDS = (
    "title", "what", "why", "function", "said", "detail", "name", "role", "by", "command", "approved_by", "text", "do",
    "kind", "of", "summary", "asked", "into", "state", "approval", "url", "dedup_key", "worse", "for", "key",
)  # fmt: skip


def one_of(*values: Any) -> Maker:
    """Any of them."""
    return lambda making: making.form.choice(values)


def markup(making: Making) -> str:
    """A line that its maker has escaped, as a plan's are."""
    return f"• {escape(making.text())}"


def lines(making: Making) -> list[str]:
    """A few of those."""
    return [markup(making) for _ in range(making.form.choice((0, 1, 5)))]


def _plan(making: Making) -> Plan:
    shown: list[Any] = [markup(making), preformatted(making.text())]
    risk = making.form.choice(list(RiskClass))
    command = making.form.choice(_COMMANDS)
    return Plan(
        command, making.text(), making.text() or "x", "function/health", risk, {}, lines(making), lines(making), shown
    )


def _data(making: Making) -> dict[str, Any]:
    """What an event holds besides people's own text, by the names that the bot gives it: words of the outside."""
    found: dict[str, Any] = {name: making.text() for name in _WORDS}
    found |= {name: making.number() for name in ("version", "step", "event", "calm", "seconds", "told", "late", "back")}
    found |= {name: making.form.random() < 0.5 for name in ("ok", "useful", "keep", "wanted", "glass", "again", "kept")}
    found |= {"until": NOON.isoformat(), "since": NOON.isoformat(), "severity": making.form.choice(("P0", "P1"))}
    found |= {"plan": _plan(making).to_json(), "target": {"name": making.text()}, "to": {"U0ANA": [making.text()]}}
    found |= {"outcome": making.form.choice(_OUTCOMES), "asked_by": making.text(), "agreed_by": "U0BEN", "groups": []}
    return found | {"channel": "C0OPS", "people": {making.text(): ["U0ANA", making.text()]}, "parts": [], "about": {}}


def _where(making: Making) -> dict[str, Any]:
    target = {"ref": "emolyyvmvvfjyxbguhyn", "name": making.text()}
    return {"channel": "C0OPS", "target": target, "roles_age": making.text()}


def _bundle(making: Making) -> Bundle:
    """Its name and its paths were checked (bot.bundle.objection), its contents are anybody's."""
    path = "supabase/functions/health/index.ts"
    return Bundle("health", (File.of(path, making.text().encode(errors="replace")),), path, "", True)


def _message(making: Making) -> Message:
    return Message(escape(making.text()), [section(markup(making) or "x"), context(markup(making))])


def _asked(making: Making) -> list[dict[str, Any]]:
    one = {"what": making.text(), "outcome": making.text(), "detail": making.text(), "seconds": 0.4}
    return [one] * making.form.choice((1, 3, 14))


def _part(making: Making) -> Part:
    return Part(_bundle(making), None, "0123456789abcdef" * 2 + "01234567")


def _contact(making: Making) -> Contact:
    ways: Any = making.form.choice(((), _RING, _MAIL))
    return Contact(making.text(), making.text(), ways, making.text())


_RING = ((Way.SLACK, "U0ANA", ""), (Way.PHONE, "+34 600 000 000", ""))
_LINK = "https://aikeys.slack.com/archives/C0OPS/p1764158400000100"
_MAIL = ((Way.MAIL, "support@supabase.io", ""), (Way.WEB, "https://supabase.com/dashboard/support/new", "form"))
FILLED = frozenset({(Judgement, "opinions")})  # never empty
SHAPED: Mapping[tuple[Any, str], Callable[[Making], Any]] = {
    (Refused, ""): lambda making: Refused(making.text(), making.text(), making.text()),
    (AikeysError, ""): lambda making: AikeysError(making.text()),
    (Failure, ""): lambda making: Failure(Asked("The wallet", "x.supabase.co"), making.text(), making.text()),
    (Pen, ""): lambda _: SlackPen(),
    (SecretStr, ""): lambda making: SecretStr(making.text()),
    (Source, ""): one_of(*SOURCES.values()),
    (runbook.Page, ""): one_of(*runbook.pages()),
    (Bundle, ""): _bundle,
    (Message, ""): _message,
    (Plan, ""): _plan,
    (Incident, "subject"): one_of("incident/7"),
    (Incident, "severity"): one_of("P0", "P1"),
    (OpenIncident, "subject"): one_of("incident/7"),
    (OpenIncident, "severity"): one_of("P0", "P1"),
    (Around, "mentions"): one_of("", "<@U0ANA>"),
    (Around, "seconds"): one_of("", "<@U0ANA>"),
    (Around, "room"): one_of("", "C0WAR"),
    (Around, "home"): one_of("", "https://aikeys.slack.com/archives/C0OPS/p1"),
    (Approval, "subject"): one_of("approval/7"),
    (Approval, "state"): one_of(PENDING, *DECISIONS),
    (Approval, "plan"): lambda making: _plan(making).to_json(),
    (Approval, "where"): _where,
    (Approval, "command"): one_of(*_COMMANDS),
    (Operation, "subject"): one_of("operation/7"),
    (Operation, "state"): one_of(*WORDS),
    (Operation, "command"): one_of(*_COMMANDS),
    (Operation, "data"): _data,
    (Operation, "where"): _where,
    (Operation, "steps"): one_of(("Save what is live", "Deploy", "Prove")),
    (Attempt, "step"): one_of(0, 1, 2),
    (Attempt, "outcome"): one_of(*_OUTCOMES, None),
    (Event, "kind"): one_of(*LINES, "from.tomorrow"),
    (Event, "data"): _data,
    (Event, "subject"): one_of("incident/7", "approval/7", "function/health", "operation/7"),
    (Errand, "data"): _data,
    (Review, "subject"): one_of("review/7"),
    (Review, "data"): _data,
    (Review, "of"): one_of("2026-11", "approval/7"),
    ("how.shown", "asked"): _asked,
    ("approval.elsewhere", "channel"): one_of("C0OPS"),
    ("diffs.file", "title"): one_of("Deploy health"),
    ("rotation.more", "owed"): lines,
    (deploys.Seen, "function"): one_of(None, "health"),
    (deploys.Seen, "strange"): lines,
    (project.Seen, "permissions"): one_of(None, {}),
    ("reasons.denial", "subject"): one_of("approval/7"),
    (Report, "also"): lambda making: ((making.text() or "x", making.text() or "x"),),
    (Curve, "unit"): one_of("ms"),
    (Trend, "name"): lambda making: f"wallet {making.form.getrandbits(24)}",
    (TextFile, "title"): one_of("Incident 7: report"),
    (Wanted, "generate"): one_of((), ("CIRCLE_WEBHOOK_SECRET",)),
    (Approval, "digest"): one_of("0123456789abcdef" * 4),
    (Incident, "merged_into"): one_of("", "incident/3"),
    (Changed, "what"): one_of("was deployed", "was restored"),
    (Contact, ""): _contact,
    (Trend, "points"): lambda making: tuple(making.form.choice((None, 4.5, 120.0)) for _ in range(BUCKETS)),
    (Place, "channel"): one_of("", "C0OPS"),
    (Place, "thread"): one_of("", "1764158400.000100"),
    (Offer, "asks"): lambda making: tuple(making.text() or "health" for _ in range(8)),
    (Offer, "found"): lambda _: tuple((one, ()) for one in runbook.pages()[:3]),
    (Seen, "links"): one_of({}, {"incident/7": _LINK, "approval/7": _LINK}),
    (Seen, "asks"): lambda making: tuple(making.text() or "health" for _ in range(8)),
    (TextFile, "name"): one_of("incident-7.md"),
    (Wanted, "names"): one_of(("CIRCLE_API_KEY", "CIRCLE_WEBHOOK_SECRET")),
    (Wanted, "approval"): one_of("approval/7"),
    (Migration, "body"): one_of(b"drop table x"),
    (Migration, "shown"): lambda making: making.text().encode(errors="replace").decode(),
    (Contacts, "approvers"): one_of((), ("U0ANA", "U0BEN")),
    (Contacts, "operators"): one_of((), ("U0ANA",) * 12),
    (Contacts, "contacts"): lambda making: tuple(_contact(making) for _ in range(3)),
    (Found, "hits"): one_of((), tuple(search(runbook.pages(), "payments fail")[:3])),
    (Found, "does"): one_of(()),
    (Shown, "question"): one_of(QUESTION),
    (Shown, "page"): one_of(None),
    (Migration, "version"): one_of("20261126120000"),
    ("approval.headline", "owed"): lines,
    ("approval.lines", "links"): one_of({}, {"approval/7": _LINK}),
    ("consequences.file", "suffix"): one_of("", "back"),
    ("deploys.history", "strange"): lines,
    ("diffs.file", "parts"): lambda making: [_part(making)],
    ("diffs.file", "found"): lambda making: [Diff(making.text(), 1, 2, 3)],
    ("entry.handed_out", "made"): lambda making: {"CIRCLE_API_KEY": making.text()},
    ("incidents.moved", "said"): markup,
    ("incidents.moved", "more"): markup,
    ("incidents.moved", "has"): markup,
    ("operation.progress", "more"): one_of([]),
    ("own.returned", "unknown"): one_of((), ("functions", "secrets")),
    ("refusals.after_restart", "line"): one_of("/aikeys freeze", "/aikeys incident open"),
    ("refusals.after_restart", "ago"): one_of("3 min"),
    ("stats.shown", "month"): one_of("November 2026"),
    ("story.listed", "month"): one_of("November 2026"),
    (stats.Found, "name"): one_of("November 2026"),
    (incident_list.Found, "name"): one_of("November 2026"),
    ("incident.reminder", "mentions"): one_of("", "<@U0ANA>"),
    ("incident.step", "seconds"): one_of("", "<@U0ANA>"),
    ("incident.pointer", "channel"): one_of("C0WAR"),
    ("declaring.pin", "message"): lambda making: {
        "channel": "C0OPS", "ts": "1.1", "user": making.text(), "text": making.text()
    },
}  # fmt: skip
