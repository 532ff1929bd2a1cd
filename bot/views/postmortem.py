"""The report of an incident: from the record alone, as a document. What is not known is said. Pure."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.drawing.charting import Chart
from bot.health.words import count
from bot.incidents.postmortem import Report
from bot.incidents.telling import done, folded, once
from bot.views.document import Bullets, Document, Heading, Paragraph, Part, Picture, Table
from bot.views.moments import plain
from bot.views.stats import long
from bot.views.unsettled import calls, unsettled
from store.events import Event
from store.incidents import ASKED, ELSEWHERE, NOTED, PINNED, SEEN

_KEPT = timedelta(days=1)
_FOLLOW = re.compile(r"^\s*(follow[- ]?up|todo|action)s?\b\s*:?\s*(.+)", re.IGNORECASE | re.DOTALL)
_CAUSE = re.compile(r"^\s*(?:root )?cause\s*:\s*(.+)", re.IGNORECASE | re.DOTALL)
_ACTIONS = tuple(
    f"{one}."
    for one in (
        "approval",
        "backup",
        "deploy",
        "freeze",
        "glass",
        "migration",
        "operation",
        "rotation",
        "silence",
        "webhook",
    )
)


def document(report: Report, chart: Chart | None, file: str) -> Document:
    """*file*: what the picture of the *chart* is called beside the Markdown."""
    one = report.incident
    parts: list[Part] = [
        Heading("Summary"),
        *_summary(report),
        Heading("Impact"),
        *_impact(report),
        *_picture(chart, file),
        Heading("Timeline"),
        *_timeline(report),
        Heading("Actions and approvals"),
        *_actions(report),
        Heading("Contributing changes"),
        *_changes(report),
        Heading("What was looked at"),
        *_asked(report),
        Heading("Open questions"),
        Bullets(_open(report, chart)),
        Heading("Follow-ups"),
        *_follow_ups(report),
        Heading("Where this comes from"),
        Paragraph(_made(report)),
    ]
    return Document(f"{one.severity} {one.title} (incident {one.number})", parts)


def _made(report: Report) -> str:
    head = f" Its last row then: {report.head.id}, mac {report.head.mac[:16]}…" if report.head else ""
    at = _both(report, report.now)
    by = f"by AIKeys {report.version} from its record"
    return f"Project {report.project}. Made {by} at {at}; nothing added by hand.{head}"


def _summary(report: Report) -> list[Part]:
    one, seen = report.incident, report.seen
    who = _name(report)
    elsewhere = one.dedup_key.startswith(ELSEWHERE)
    by = "the bot saw it by itself" if one.opened_by == "bot" else f"{who(one.opened_by)} opened it"
    by = "an alert from elsewhere reported it" if elsewhere else by
    said = [f"{one.severity} “{one.title}” began {_both(report, seen.since)}; {by}."]
    if seen.what or seen.note:
        said.append(seen.what or seen.note)
    if seen.counted and (others := [one for one in seen.counted.texts if one != seen.what]):
        more = f"; and {seen.counted.more:,} more" if seen.counted.more else ""
        said.append(f"Reported with it: {'; '.join(others)}{more}.")
    said.append(_ended(report))
    rows = [
        ("Cause", "; ".join(_causes(report)) or "nobody has written it down"),
        *([("Likely cause, as the bot saw it", report.guess)] if report.guess else []),
        ("Told", _told(report)) if elsewhere else ("Detected", _detected(report)),
        ("Acknowledged", _acked(report)),
        ("Resolved", f"{long(report.lasted)} after it began" if not one.open else f"open for {long(report.lasted)}"),
        ("Commander", who(one.commander) if one.commander else "nobody was named"),
        ("Scribe", who(one.scribe) if one.scribe else "nobody was named"),
        ("Came back", f"{count(seen.back, 'time')}" if seen.back else "never"),
        ("Worth telling", {True: "yes", False: "no: noise", None: "nobody has said"}[one.useful]),
    ]
    if report.merged:
        rows.append(
            ("Merged into it", "; ".join(f"{each.number} {each.severity} {each.title}" for each in report.merged))
        )
    if seen.symptoms:
        rows.append(("Explained by it", "; ".join(seen.symptoms)))
    return [Paragraph(" ".join(said)), Table(("What", "Figure"), rows)]


def _detected(report: Report) -> str:
    return _took(report.detected, "after the first look that failed", "a person saw it; since when is not known")


def _told(report: Report) -> str:
    """Of an alert from elsewhere: who saw it is not known, only when its word arrived."""
    why = f": until then it was held back as a symptom of {report.seen.held}" if report.seen.held else ""
    return _took(report.detected, f"after the alert arrived{why}", "not known")


def _ended(report: Report) -> str:
    one = report.incident
    if one.merged_into:
        return f"It went on as part of incident {one.merged_into.rpartition('/')[2]}."
    if report.resolved is None or one.resolved_at is None:
        return "It is not over."
    how = "by itself" if report.resolved.actor == "bot" else f"by {_name(report)(report.resolved.actor)}"
    why = f": {report.resolved.text}" if report.resolved.text else ""
    return f"It was over {_both(report, one.resolved_at)}, after {long(report.lasted)}, {how}{why}."


def _acked(report: Report) -> str:
    if report.acknowledged is None:
        return "nobody did"
    told = "had come back" if report.came_back else "was told"
    return f"{long(report.acknowledged)} after it {told}, by {_name(report)(report.acked_by)}"


def _impact(report: Report) -> list[Part]:
    impact = report.impact
    pause = f", with {long(report.paused)} in between for which it counted as over" if report.paused else ""
    lines = [f"It lasted {long(report.lasted)}{pause}."]
    if impact.looks:
        minutes = f", in {count(impact.minutes, 'minute')}" if impact.failed else ""
        kept = " (of its last day: looks are kept no longer)" if report.lasted > _KEPT else ""
        lines.append(f"Of {impact.looks} looks at the wallet's health {impact.failed or 'none'} failed{minutes}{kept}.")
    else:
        lines.append("How many looks at the wallet failed is not known: none of that time is kept.")
    if impact.webhooks is None:
        lines.append("How many webhooks failed is not known: they could not be counted all the time, or no longer.")
    else:
        least, most = impact.webhooks
        sure = f"{most}" if least == most else f"at least {least}, at most {most}"
        if most is None:
            sure = f"at least {least} (while the database was away no failure could be written down)"
        elif least == 0 and most:
            sure = f"at most {most}"
        lines.append(
            "Failed webhooks: not counted: while the database was away no failure could be written down."
            if most is None and not least
            else f"Failed webhooks: {sure}, as the wallet's own tables count them, hour by hour; "
            "a call that crashed before the function wrote a row is not in them."
        )
    lines += [f"In the gateway's log, {one}" for one in calls(report)]
    lines.append("What customers lost is not in the record: compare the wallet's transactions of that time.")
    return [Bullets(lines)]


def _picture(chart: Chart | None, file: str) -> list[Part]:
    if chart is None:
        return [Paragraph("No chart: no look of that time is kept.")]
    return [Paragraph(f"No chart. {chart.why} {chart.alt}")] if chart.why else [Picture(chart.alt, chart.svg, file)]


def _timeline(report: Report) -> list[Part]:
    zone = str(report.zone)
    elsewhere = zone != "UTC"
    rows = [
        (_stamp(one.at), *([_local(report, one.at)] if elsewhere else []), plain(one.event, report.names))
        for one in once(done(folded(report.moments)))
        if one.event.kind != ASKED
    ]
    if report.seen.held:
        arrived = f"The alert arrived. It was held back as a symptom of {report.seen.held}."
        at = report.seen.since
        rows.insert(0, (_stamp(at), *([_local(report, at)] if elsewhere else []), arrived))
    parts: list[Part] = [Table(("UTC", *([zone] if elsewhere else []), "What happened"), rows, listing=True)]
    if report.cut:
        parts.insert(0, Paragraph(f"The newest {len(report.moments)} rows; there are earlier ones."))
    return parts


def _actions(report: Report) -> list[Part]:
    acts = [one for one in done(folded(report.moments)) if one.event.kind.startswith(_ACTIONS)]
    if not acts:
        return [Paragraph("Nothing was changed through the bot while it lasted.")]
    return [Bullets([f"{one.at:%H:%M:%S} UTC {plain(one.event, report.names)}" for one in once(acts)])]


def _changes(report: Report) -> list[Part]:
    parts: list[Part] = []
    if report.before:
        ago = [f"{long(report.seen.since - one.at)} before: {plain(one, report.names)}" for one in report.before]
        parts.append(Bullets(ago))
    else:
        parts.append(Paragraph("In the day before it began nothing was changed through the bot."))
    return [
        *parts,
        Paragraph("What was changed elsewhere, by hand or by Supabase, the record knows only where it was seen."),
    ]


def _asked(report: Report) -> list[Part]:
    asked = [one for one in report.moments if one.event.kind == ASKED]
    if not asked:
        return [Paragraph("Nobody asked the bot anything that it had to ask outside for.")]
    return [Bullets([f"{one.at:%H:%M:%S} UTC {plain(one.event, report.names)}" for one in asked[:60]])]


def _open(report: Report, chart: Chart | None) -> list[str]:
    one, written = report.incident, _written(report)
    said = [
        f"{_writer(report, event)} asked: {event.text}"
        for event in written
        if (event.text or "").rstrip().endswith("?")
    ]
    if one.open:
        said.append("It is not over.")
    if not _causes(report):
        said.append("Why it happened: a note that begins with “cause:” says it, also afterwards.")
    if report.acked_at is None:
        said.append("Why did nobody acknowledge it?")
    said += unsettled(report)
    if any(event.event.kind == "operation.stuck" for event in report.moments):
        said.append("An operation needed a human: what became of its step stands in the timeline.")
    if report.impact.webhooks is None:
        said.append("How many webhooks failed?")
    if chart is None or chart.why:
        said.append("What did latency look like? There is no chart.")
    if any(event.redacted for event in report.story):
        said.append("Some words were taken back by two people: what they said is not known any more.")
    if one.useful is None and not one.open:
        said.append("Was it worth being told? Nobody has said.")
    return said or ["None that the record knows of."]


def _follow_ups(report: Report) -> list[Part]:
    found = [
        f"{match[2].strip()} (noted by {_writer(report, one)})"
        for one in _written(report)
        if (match := _FOLLOW.match(one.text or ""))
    ]
    if not found:
        return [Paragraph("None was written down. A note that begins with “follow-up:” stands here.")]
    return [Bullets(found)]


def _causes(report: Report) -> list[str]:
    """What people wrote as the cause; else what they wrote when they called it over."""
    found = [
        f"{match[1].strip()} (said by {_writer(report, one)})"
        for one in _written(report)
        if (match := _CAUSE.match(one.text or ""))
    ]
    if found or report.resolved is None or not report.resolved.text:
        return found
    return [f"{report.resolved.text} (said by {_name(report)(report.resolved.actor)} when it was resolved)"]


def _writer(report: Report, event: Event) -> str:
    """Who wrote it: of a pinned message not who pinned it."""
    return _name(report)(str(event.data.get("by") or event.actor))


def _written(report: Report) -> list[Event]:
    corrected = {one.data.get("instead_of") for one in report.story}
    return [one for one in report.story if one.kind in (NOTED, PINNED, SEEN) and one.text and one.id not in corrected]


def _name(report: Report) -> Callable[[str], str]:
    return lambda user: "the bot" if user == "bot" else report.names.get(user, user)


def _took(took: timedelta | None, after: str, unknown: str) -> str:
    return unknown if took is None else f"{long(took)} {after}"


def _both(report: Report, at: datetime) -> str:
    local = at.astimezone(report.zone)
    here = f" ({local:%H:%M} {report.zone})" if str(report.zone) != "UTC" else ""
    return f"{at:%d %b %Y %H:%M:%S} UTC{here}"


def _local(report: Report, at: datetime) -> str:
    """The time of day, and the day where it is another there."""
    there = at.astimezone(report.zone)
    return f"{there:%H:%M:%S}" if there.date() == at.date() else f"{there:%d %b %H:%M:%S}"


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"
