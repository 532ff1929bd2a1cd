"""How the incidents of a month went: by cause, how quickly, whom they woke, whether it was worth it. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median

from bot.incidents.evidence import evidence
from bot.incidents.paging import pages
from store.events import Event
from store.incidents import ACKNOWLEDGED, BY_HAND, ELSEWHERE, PAGED, REOPENED, RESOLVED, Incident

OPENED_BY_HAND = "opened by a person"


@dataclass(frozen=True, slots=True)
class Times:
    """Of *count* incidents for which it is known."""

    count: int
    median: timedelta
    worst: timedelta
    worst_of: int  # the incident's number


@dataclass(frozen=True, slots=True)
class Cause:
    """*key*: the detector, or OPENED_BY_HAND. *useful*, *noise*: of those that somebody rated."""

    key: str
    title: str
    count: int
    p0: int
    back: int
    useful: int
    noise: int


@dataclass(frozen=True, slots=True)
class Person:
    """*pages*: how often they were called by name, *ways* by what; *acknowledged*, *resolved*: what they did."""

    user: str
    pages: int = 0
    acknowledged: int = 0
    resolved: int = 0
    ways: Mapping[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Counted:
    """A month. *loud*: messages that called everybody in the incident channel."""

    count: int = 0
    p0: int = 0
    still_open: int = 0
    loud: int = 0
    detect: Times | None = None
    acknowledge: Times | None = None
    resolve: Times | None = None
    causes: Sequence[Cause] = field(default=())
    people: Sequence[Person] = field(default=())


def counted(incidents: Sequence[Incident], stories: Mapping[str, Sequence[Event]]) -> Counted:
    """Count *incidents* by their *stories* (by subject). What was merged is counted with the other."""
    whole = [one for one in incidents if not one.merged_into]
    seen = {one.subject: evidence(one, stories[one.subject]) for one in whole}
    detect = [(one.opened_at - seen[one.subject].since, one.number) for one in whole if _saw(one)]
    acks = [
        (first.at - one.opened_at, one.number)
        for one in whole
        if (first := next((event for event in stories[one.subject] if event.kind == ACKNOWLEDGED), None))
    ]
    ends = [(one.resolved_at - seen[one.subject].since, one.number) for one in whole if one.resolved_at]
    events = [event for one in incidents for event in stories[one.subject]]
    return Counted(
        count=len(whole),
        p0=sum(one.severity == "P0" for one in whole),
        still_open=sum(one.open for one in whole),
        loud=sum(_loud(stories[one.subject]) for one in incidents),
        detect=_times(detect),
        acknowledge=_times(acks),
        resolve=_times(ends),
        causes=_causes(whole, stories),
        people=_people(events),
    )


def _saw(one: Incident) -> bool:
    """By looking. Of what another reports only its arrival is known, and a symptom is held back on purpose."""
    return one.opened_by == "bot" and not one.dedup_key.startswith(ELSEWHERE)


def _loud(story: Sequence[Event]) -> int:
    """How often everybody was really called: by a message that had the mention in it."""
    return sum(event.kind == PAGED and bool(event.data.get("here")) for event in story)


def _times(found: Sequence[tuple[timedelta, int]]) -> Times | None:
    if not found:
        return None
    worst, number = max(found)
    return Times(len(found), timedelta(seconds=median(took.total_seconds() for took, _ in found)), worst, number)


def _causes(incidents: Iterable[Incident], stories: Mapping[str, Sequence[Event]]) -> list[Cause]:
    groups: dict[str, list[Incident]] = {}
    for one in incidents:
        groups.setdefault(OPENED_BY_HAND if one.dedup_key.startswith(BY_HAND) else one.dedup_key, []).append(one)
    found = [
        Cause(
            key=key,
            title="" if key == OPENED_BY_HAND else group[-1].title,
            count=len(group),
            p0=sum(one.severity == "P0" for one in group),
            back=sum(event.kind == REOPENED for one in group for event in stories[one.subject]),
            useful=sum(one.useful is True for one in group),
            noise=sum(one.useful is False for one in group),
        )
        for key, group in groups.items()
    ]
    return sorted(found, key=lambda one: (-one.count, one.key))


def _people(events: Sequence[Event]) -> list[Person]:
    """Who was called by name and how often: by a mention, a message and a mail at once is once."""
    called = [page for one in events for page in pages(one)]
    times = Counter(page.who for page in called)
    acks = Counter(one.actor for one in events if one.kind == ACKNOWLEDGED and not one.data.get("kept"))
    ends = Counter(one.actor for one in events if one.kind == RESOLVED and one.actor != "bot")
    ways = {who: Counter(way for page in called if page.who == who for way in page.ways) for who in times}
    everybody = {*times, *acks, *ends}
    found = [Person(user, times[user], acks[user], ends[user], ways.get(user, {})) for user in everybody]
    return sorted(found, key=lambda one: (-one.pages, -one.acknowledged, one.user))
