"""All that the record knows of one incident, gathered for its report. What it does not know stays empty and is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from bot.incidents.about import CAUSE, DID, SUPPORT, may_be_theirs
from bot.incidents.evidence import Evidence, evidence
from bot.incidents.impact import Curve, Impact, from_json, measured
from bot.incidents.telling import changes_before
from bot.version import version
from store.events import Event, Head
from store.incidents import ACKNOWLEDGED, ELSEWHERE, GROUPED, REOPENED, RESOLVED, Incident
from store.memory import Memory
from store.story import Moment

MOST = 3000  # rows of the timeline
_STRETCHES = 2  # without an answer, named one by one
_MARKED = 8  # lines over the chart: more cannot be read


@dataclass(frozen=True, slots=True)
class Report:
    """*story*: this incident's events and those of what was *merged* into it; *moments* all that happened meanwhile.

    *guess*: the likely cause that was found when it began, plain; empty where none was.

    *unreviewed*: what was done alone and nobody else has signed; *unhelped*: a P0 of which Supabase's support was not
    told; *firing*: what came with it from elsewhere and is open still.

    *acked_at*: when somebody had it first; *resolved*: the event of its end. *names* by id. *head*: of the chain when
    it was exported.
    """

    project: str
    incident: Incident
    seen: Evidence
    story: Sequence[Event]
    merged: Sequence[Incident]
    moments: Sequence[Moment]
    cut: bool
    before: Sequence[Event]
    impact: Impact
    acked_at: datetime | None
    acked_by: str
    resolved: Event | None
    until: datetime
    now: datetime
    zone: ZoneInfo
    head: Head | None
    guess: str = ""
    unreviewed: Sequence[str] = ()
    unhelped: bool = False
    firing: Sequence[str] = ()
    version: str = ""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def detected(self) -> timedelta | None:
        """From the first look that failed until it was told; None where a person opened it."""
        return self.incident.opened_at - self.seen.since if self.incident.opened_by == "bot" else None

    @property
    def acknowledged(self) -> timedelta | None:
        """From when it was told, or told again, until somebody had it."""
        return self.acked_at - (self.came_back or self.incident.opened_at) if self.acked_at else None

    @property
    def came_back(self) -> datetime | None:
        """When it was opened again, the last time before somebody had it; None where that was no time."""
        found = [one.at for one in self._own(REOPENED) if self.acked_at and one.at <= self.acked_at]
        return found[-1] if found else None

    @property
    def paused(self) -> timedelta:
        """For how long it counted as over, in between."""
        ends = self._own(RESOLVED)
        pauses = (
            one.at - max((end.at for end in ends if end.id < one.id), default=one.at) for one in self._own(REOPENED)
        )
        return sum(pauses, timedelta())

    def _own(self, kind: str) -> list[Event]:
        return [one for one in self.story if one.kind == kind and one.subject == self.incident.subject]

    @property
    def lasted(self) -> timedelta:
        """From the first look that failed, or the opening, until its end or now."""
        return self.until - self.seen.since


def report(memory: Memory, subject: str, now: datetime, zone: ZoneInfo, project: str) -> Report:
    """Gather it. Raises KeyError where there is no such incident."""
    incident = memory.incidents.of(subject)
    own = memory.incidents.story(subject)
    seen = evidence(incident, own)
    until = incident.resolved_at or now
    merged = [memory.incidents.of(one) for one in memory.story.merged(subject)]
    story = [*own, *(event for one in merged for event in memory.incidents.story(one.subject))]
    found = memory.story.page(incident, seen.since, until, size=MOST)
    acks = [one for one in own if one.kind == ACKNOWLEDGED]
    ends = [one for one in own if one.kind == RESOLVED and incident.resolved_at is not None]
    kept = from_json(ends[-1].data.get("impact")) if ends else None
    return Report(
        project=project,
        incident=incident,
        seen=seen,
        story=story,
        merged=merged,
        moments=found.moments,
        cut=found.more,
        before=changes_before(memory, seen.since),
        impact=kept or measured(memory, seen.since, until),
        acked_at=acks[0].at if acks else None,
        acked_by=acks[0].actor if acks else "",
        resolved=ends[-1] if ends else None,
        until=until,
        now=now,
        zone=zone,
        head=memory.events.head(),
        guess=_guess(own),
        unreviewed=_unreviewed(memory, found.moments),
        unhelped=incident.severity == "P0" and may_be_theirs(incident) and not _helped(own),
        firing=_firing(memory, own),
        version=version(),
        names=memory.people.names(),
    )


def _unreviewed(memory: Memory, moments: Sequence[Moment]) -> list[str]:
    due = [one.event for one in moments if one.event.kind == "review.due" and one.event.data.get("kind") == "glass"]
    ends = {one.subject: {event.kind for event in memory.events.of(one.subject)} for one in due}
    return [str(one.data.get("of")) for one in due if "review.signed" not in ends[one.subject]]


def _helped(story: Sequence[Event]) -> bool:
    return any(one.kind == DID and one.data.get("name") == SUPPORT and one.data["state"] == "done" for one in story)


def _firing(memory: Memory, story: Sequence[Event]) -> list[str]:
    grouped = [one.data for one in story if one.kind == GROUPED]
    roots = dict.fromkeys(root for one in grouped for root in (one.get("root"), *one.get("held", ())) if root)
    found = [memory.incidents.latest(f"{ELSEWHERE}{root}") for root in roots]
    return [f"{one.title} (incident {one.number})" for one in found if one is not None and one.open]


def _guess(story: Sequence[Event]) -> str:
    found = [one for one in story if one.kind == DID and one.data.get("name") == CAUSE and one.data["state"] == "done"]
    return str(found[-1].data.get("why", "")) if found else ""


def drawn(report: Report) -> dict[str, Any] | None:
    """The facts of its chart (bot.drawing.charts); None where there is nothing to draw."""
    impact = report.impact
    curves = [one for one in impact.curves if _moves(one)]
    if impact.begins is None or not curves:
        return None
    marks = [{"at": report.incident.opened_at.isoformat(), "label": "told"}]
    if report.acked_at:
        marks.append({"at": report.acked_at.isoformat(), "label": "acknowledged"})
    for moment in (*(Moment(one.at, one) for one in report.before), *report.moments):
        data = moment.event.data
        if moment.event.kind == "deploy.finished" and moment.at >= impact.begins:
            verb = "rollback" if data.get("command") == "rollback" else "deploy"
            marks.append({"at": moment.at.isoformat(), "label": f"{verb} {str(data.get('function', ''))[:24]}"})
    return {
        "begins": impact.begins.isoformat(),
        "since": report.seen.since.isoformat(),
        "until": report.until.isoformat(),
        "curves": [{"name": one.name, "unit": one.unit, "points": list(one.points)} for one in curves],
        "marks": marks[:_MARKED],
    }


def _moves(curve: Curve) -> bool:
    """Whether there is anything to see of it: along the axis a curve is an empty frame. A lost answer is drawn too."""
    return any(value is None or value >= 1 for _, value in curve.points)


def described(report: Report) -> str:
    """What the chart shows, in words, for who does not see it."""
    said = []
    for curve in report.impact.curves:
        if not _moves(curve):
            said.append(f"{curve.name}: {'under 1 ms, all along' if curve.unit else _none(report.impact)}")
            continue
        values = [value for _, value in curve.points if value is not None]
        unit = f" {curve.unit}" if curve.unit else ""
        said.append(f"{curve.name}: {min(values):g} to {max(values):g}{unit}{_without(report, curve)}")
    return "; ".join(said) + "."


def _without(report: Report, curve: Curve) -> str:
    """When it had no answer, stretch by stretch: what lies between them had one.

    No count of looks: a curve has fewer points than there were, and the report counts those.
    """
    lost = [[at for at, _ in some] for gone, some in groupby(curve.points, lambda one: one[1] is None) if gone]
    clocks = [(_clock(report, some[0]), _clock(report, some[-1])) for some in lost[:_STRETCHES]]
    when = " and ".join(f"at {first}" if first == last else f"between {first} and {last}" for first, last in clocks)
    more = f", and {len(lost) - _STRETCHES} more" if len(lost) > _STRETCHES else ""
    return f", without an answer {when} UTC{more}" if lost else ""


def _none(impact: Impact) -> str:
    """Of failures that were counted; the report says no more either."""
    if impact.webhooks is None:
        return "none that was counted"
    return "none, all along" if impact.webhooks[1] is not None else "not counted while the database was away"


def _clock(report: Report, at: int) -> str:
    begins = report.impact.begins
    return f"{begins + timedelta(seconds=at):%H:%M:%S}" if begins is not None else f"{at} s"
