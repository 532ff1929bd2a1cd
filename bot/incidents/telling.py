"""The story of an incident out of the record: what belongs to it, since when, until when, what was changed before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.incidents.evidence import Evidence, evidence
from store.events import Event
from store.incidents import Incident
from store.memory import Memory
from store.story import Moment, Page

BEFORE = timedelta(hours=24)  # a change longer ago than that is no longer the first suspect
PAGE = 40
_LONG = 80  # characters of a sentence that is not repeated
_INTENT, _RESULT = "step.intent", "step.result"
CHANGES = (
    "deploy.finished",
    "rotation.set",
    "rotation.undone",
    "migration.applied",
    "migration.undone",
    "backup.restored",
    "freeze.set",
    "freeze.lifted",
)


@dataclass(frozen=True, slots=True)
class Told:
    """One page of it, for the channel. *now*: when it was read."""

    incident: Incident
    seen: Evidence
    page: Page
    now: datetime


def page(memory: Memory, incident: Incident, now: datetime, number: int = 1, size: int = PAGE) -> Told:
    """The *number*-th page from the end."""
    seen = evidence(incident, memory.incidents.story(incident.subject))
    until = incident.resolved_at or now
    found = memory.story.page(incident, seen.since, until, number=number, size=size)
    return Told(incident, seen, found, now)


def changes_before(memory: Memory, since: datetime) -> list[Event]:
    """What was changed in the day before it, newest first."""
    return memory.story.before(since - BEFORE, since, CHANGES)


def folded(moments: Sequence[Moment]) -> list[Moment]:
    """Without what another row says better.

    A note that another stands instead of; a step's beginning, where its end is there and then has its name; a yes,
    where it was the one that approved; what a roll back took back, beside the roll back. A decision has the title of
    what was asked for, where that is among them.
    """
    corrected = {one.event.data.get("instead_of") for one in moments}
    names = {_step(one.event): one.event.data.get("name") for one in moments if one.event.kind == _INTENT}
    ended = {_step(one.event) for one in moments if one.event.kind == _RESULT}
    granted = {(one.event.subject, one.event.actor) for one in moments if one.event.kind == "approval.granted"}
    titles = {one.event.subject: _title(one.event) for one in moments if one.event.kind == "approval.requested"}
    back = {one.event.data.get("function") for one in moments if one.event.data.get("command") == "rollback"}
    kept = []
    for one in moments:
        event = one.event
        said_better = (event.kind == _INTENT and _step(event) in ended) or (
            event.kind == "approval.voted" and (event.subject, event.actor) in granted
        )
        said_better |= event.kind == "deploy.undone" and event.data.get("function") in back
        if event.id in corrected or said_better:
            continue
        known = {"name": names.get(_step(event)) if event.kind == _RESULT else None, "title": titles.get(event.subject)}
        more = {key: value for key, value in known.items() if value}
        kept.append(replace(one, event=replace(event, data=event.data | more)) if more else one)
    return kept


def done(moments: Sequence[Moment]) -> list[Moment]:
    """Without the steps that went well of what went well as a whole: for who reads it weeks later."""
    whole = {one.event.subject for one in moments if one.event.data.get("outcome") == "done" and _ended(one.event)}
    return [one for one in moments if not (one.event.kind == _RESULT and one.event.subject in whole and _well(one))]


def once(moments: Sequence[Moment]) -> list[Moment]:
    """A long sentence that has stood before (a step's, then its operation's) is not said again."""
    said: list[str] = []
    kept = []
    for one in moments:
        data = dict(one.event.data)
        for name in ("detail", "why", "said"):
            words = str(data.get(name) or "")
            if len(words) <= _LONG:
                continue
            for before in said:
                words = "as above." if words in before else words.replace(before, "as above.")
            if words == data[name]:
                said.append(words)
            data[name] = words
        kept.append(replace(one, event=replace(one.event, data=data)))
    return kept


def _ended(event: Event) -> bool:
    return event.kind == "operation.finished"


def _well(moment: Moment) -> bool:
    return moment.event.data.get("outcome") == "done"


def _title(event: Event) -> str:
    plan = event.data.get("plan")
    return str(plan.get("title", "")) if isinstance(plan, dict) else ""


def _step(event: Event) -> tuple[str, object, object]:
    return event.subject, event.data.get("step"), event.data.get("attempt")
