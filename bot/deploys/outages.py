"""The stretches of an outage, read from its incident's story and the looks at /health. Pure.

One incident may hold several: what comes back within half an hour reopens it (bot.incidents.deciding).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.events import Event
from store.incidents import MERGED, OPENED, REOPENED, RESOLVED, Incident
from store.samples import Sample


@dataclass(frozen=True, slots=True)
class Spell:
    """From its first bad look to its first good one (*until*; None: it goes on)."""

    subject: str
    severity: str
    title: str
    dedup_key: str
    since: datetime
    until: datetime | None = None


def spells(incident: Incident, story: Iterable[Event], looks: Sequence[Sample]) -> list[Spell]:
    """All of *incident*, oldest first. *looks*: the wallet's, oldest first: some were bad before it was told."""
    found: list[tuple[datetime, datetime | None]] = []
    for one in story:
        if one.kind in (OPENED, REOPENED):
            said = one.data.get("since")
            since = datetime.fromisoformat(said) if said else one.at
            found.append((first_bad(looks, since), None))
        elif one.kind in (RESOLVED, MERGED) and found:
            found[-1] = found[-1][0], one.at - timedelta(seconds=float(one.data.get("calm") or 0))
    named = incident.subject, incident.severity, incident.title, incident.dedup_key
    return [Spell(*named, since, until) for since, until in found]


def first_bad(looks: Sequence[Sample], told: datetime) -> datetime:
    """The first of the bad looks in a row that led to what was *told*; that moment itself where none did."""
    bad = {one.at for one in looks if one.state == "failed"}
    first = told
    for at in sorted({one.at for one in looks if one.at <= told}, reverse=True):
        if at not in bad:
            break
        first = at
    return first


def within(found: Iterable[Spell], begun: datetime) -> list[Spell]:
    """Those that reach into what came after *begun*."""
    return [one for one in found if one.until is None or one.until > begun]


def last_good(looks: Iterable[Sample], since: datetime, until: datetime) -> datetime | None:
    """The last look between the two that found the wallet at its database; None where none did."""
    return max((one.at for one in looks if since <= one.at < until and one.part and one.state == "ok"), default=None)
