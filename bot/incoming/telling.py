"""What has come in becomes incidents: judged when a P0 comes, and once a second; counted on their cards."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.detectors import Firing
from bot.incidents.alerting import Alerts
from bot.incidents.deciding import Opened, Reopened, Resolved
from bot.incidents.evidence import Counted, accepted, evidence
from bot.incidents.tracks import REOPEN
from bot.incoming import words
from bot.incoming.counting import in_words, kinds, tally
from bot.incoming.following import Following
from bot.incoming.grouping import MANY, Step, summed, told, untold
from store.alerts import Arrived, Group, Kind
from store.database import Store
from store.errors import TooLate
from store.incidents import COUNTED, ELSEWHERE, GROUPED, SEVERITY, Incident

log = structlog.get_logger(__name__)

TOGETHER = f"{ELSEWHERE}(many)"
REDRAW = 5.0  # seconds between two edits of a card for its count: Slack takes one a second in a channel, for all


class Telling:
    """Keeps the incidents of incoming alerts. *hosts*: those whose https addresses become links."""

    def __init__(self, store: Store, clock: Clock, alerts: Alerts, hosts: Sequence[str] = ()) -> None:
        rows = store.alerts
        self._store = store
        self._clock = clock
        self._alerts = alerts
        self._hosts = frozenset(one.casefold() for one in hosts)
        self._following = Following(store, alerts)
        self._soon = False
        self._p0: frozenset[str] = frozenset()  # roots that a P0 tells of
        self._drawn: dict[str, tuple[str, float]] = {}
        alerts.saying.counts = self._counts
        alerts.critical = lambda incident: {_short(one) for one in self._critical(rows.told_by(incident.subject))}

    def come(self, batch: Sequence[Arrived]) -> None:
        """*batch* has just been committed: a P0 in it waits for no round."""
        if not self._soon and any(one.firing and one.severity == "P0" and one.root not in self._p0 for one in batch):
            self._soon = True
            asyncio.get_running_loop().call_soon(self._at_once)

    def _at_once(self) -> None:
        self._soon = False
        try:
            self.judge()
        except Exception:
            log.exception("alerts.unjudged")  # the round tries again within a second

    async def round(self) -> None:
        """Judge all that is live; bring cards up to date, and the timeline now and then."""
        self.judge()
        for subject, groups in self._by_incident().items():
            self._keep_current(subject, groups)

    def judge(self) -> None:
        """Open, move and end what is due."""
        now = self._clock.now()
        for subject, groups in self._by_incident().items():
            incident = self._store.incidents.of(subject)
            if incident.dedup_key.startswith(ELSEWHERE):
                self._move(incident, groups, now)
            else:
                self._following.follow(incident, groups, now)
        for group in self._store.alerts.live():
            if not group.incident:
                self._begin(group, now)
        by = self._by_incident()
        self._p0 = frozenset(
            one.root for subject, groups in by.items() if self._is_p0(subject) for one in groups if one.critical
        )

    def _by_incident(self) -> dict[str, list[Group]]:
        found: dict[str, list[Group]] = {}
        for one in self._store.alerts.live():
            if one.incident:
                found.setdefault(one.incident, []).append(one)
        return found

    def _is_p0(self, subject: str) -> bool:
        incident = self._store.incidents.of(subject)
        return incident.open and incident.severity == "P0"

    def _begin(self, group: Group, now: datetime) -> None:
        rows, incidents = self._store.alerts, self._store.incidents
        step = untold(group, now)
        if step is Step.DROP:
            rows.end([group.root])
        severity = summed([group]).severity
        if step is not Step.OPEN or self._silent(ELSEWHERE + group.root, severity, now):
            return  # what is silenced is told when the silence is over, where it still fires then
        with self._store.transaction():
            if self._following.attached(group, now):
                return
            joined = self._together(group)
            if joined is not None:
                rows.tell([group.root], joined.subject)
                data = {"what": f"{group.root} joined: {words.opening(rows.kinds(group, 1))}"}
                incidents.move(joined.subject, GROUPED, "bot", now, data)
                return
            last = incidents.latest(ELSEWHERE + group.root)
            if last is not None and last.open:
                rows.tell([group.root], last.subject)
                return
            if last is not None and last.severity == severity and self._lately(last, now):
                self._alerts.heed(Reopened(last.subject, self._firing([group])), {})
                rows.tell([group.root], last.subject)
            else:
                self._open(ELSEWHERE + group.root, words.title(group.root), [group])

    def _silent(self, key: str, severity: str, now: datetime) -> bool:
        """Whether a person has silenced it; a worse one breaks the silence."""
        silence = self._store.quiet.of(key)
        return silence is not None and silence.holds(severity, now)

    def _together(self, group: Group) -> Incident | None:
        """The incident of many causes, where so many are open that one more message would help nobody."""
        open_now = [one for one in self._store.events.open_incidents() if one.dedup_key.startswith(ELSEWHERE)]
        if len(open_now) < MANY:
            return None
        last = self._store.incidents.latest(TOGETHER)
        if last is None or not last.open:
            return self._open(TOGETHER, "Alerts of many causes at once", [group])
        return last

    def _open(self, key: str, title: str, groups: list[Group]) -> Incident:
        found, firing = summed(groups), self._firing(groups)
        since = found.since
        if len(groups) == 1 and (held := self._following.held(groups[0])) is not None:
            firing, since = replace(firing, about={**firing.about, "held": held[0]}), held[1]
        incident = self._alerts.heed(Opened(key, found.severity, title, firing, since), {})
        self._store.alerts.tell([one.root for one in groups], incident.subject)
        # The card again: only now is it known whose alerts are counted on it.
        self._alerts.redraw(incident.subject)
        return incident

    def _move(self, incident: Incident, groups: list[Group], now: datetime) -> None:
        rows, roots, found = self._store.alerts, [one.root for one in groups], summed(groups)
        back = evidence(incident, self._store.incidents.story(incident.subject)).back if not found.firing else 0
        step = told(found, incident, back, now)
        try:
            with self._store.transaction():
                if step is Step.END:
                    rows.end(roots)
                elif step is Step.RESOLVE:
                    self._count(incident.subject, groups, now)
                    over = f"Over: {in_words(self._store.alerts, groups)}."
                    self._alerts.heed(Resolved(incident.subject, now - (found.calm_at or now), over), {})
                    rows.end(roots)
                elif step is Step.WORSE:
                    known = accepted(self._store.incidents.story(incident.subject))
                    kinds = [one for one in self._critical(groups) if _short(one) not in known]
                    if not kinds:
                        return  # what a person called less bad is theirs
                    why = f"A critical alert joined it. {words.opening(kinds)}"
                    self._alerts.move(incident.subject, SEVERITY, "bot", why, {"severity": "P0"})
                elif step is Step.AGAIN and self._silent(incident.dedup_key, found.severity, now):
                    return  # told when the silence is over, where it still fires then
                elif step is Step.AGAIN and self._lately(incident, now):
                    self._alerts.heed(Reopened(incident.subject, self._firing(groups)), {})
                elif step is Step.AGAIN:
                    rows.begin_anew(roots)
        except TooLate:
            log.info("alerts.overtaken", incident=incident.subject)

    def _critical(self, groups: Sequence[Group]) -> list[Kind]:
        """What of *groups* fires and is critical."""
        found = (one for group in groups for one in self._store.alerts.kinds(group))
        return [one for one in found if one.firing and one.severity == "P0"]

    def _lately(self, incident: Incident, now: datetime) -> bool:
        return incident.resolved_at is not None and now - incident.resolved_at < REOPEN

    def _firing(self, groups: Sequence[Group]) -> Firing:
        return words.firing([self._store.alerts.kinds(one, 1) for one in groups], self._hosts)

    # How many.

    def _counts(self, incident: Incident) -> Counted | None:
        """What its card says of its alerts, or of those that came with it as symptoms."""
        groups = self._store.alerts.told_by(incident.subject)
        theirs = not incident.dedup_key.startswith(ELSEWHERE)
        if not groups:
            return None
        texts, more = ((), 0) if theirs else self._texts(groups)
        what = in_words(self._store.alerts, groups)
        return Counted(what, summed(groups).last_at, symptoms=theirs, texts=texts, more=more)

    def _texts(self, groups: Sequence[Group]) -> tuple[tuple[str, ...], int]:
        """Of the first few kinds that fire, or of the first few where all are over; and how many more there are."""
        rows, firing = self._store.alerts, summed(groups).firing
        first = [one for group in groups[: words.FEW] for one in rows.kinds(group, words.FEW)]
        named = [one for one in first if one.firing or not firing][: words.FEW]
        return tuple(words.opening([one]) for one in named), (firing or kinds(self._store.alerts, groups)) - len(named)

    def _keep_current(self, subject: str, groups: list[Group]) -> None:
        now = self._clock.now()
        incident = self._store.incidents.of(subject)
        if not incident.open:
            return
        said, at = in_words(self._store.alerts, groups), self._clock.monotonic()
        before, drawn = self._drawn.get(subject, ("", at - REDRAW))
        if said != before and at - drawn >= REDRAW:
            self._drawn[subject] = (said, at)
            self._alerts.redraw(subject)
        last = self._store.events.latest(COUNTED, subject)
        known = last.data if last is not None else {}
        changed = known.get("count") != summed(groups).count
        if changed and words.due(now - incident.opened_at, last.at - incident.opened_at if last else None):
            self._count(subject, groups, now)

    def _count(self, subject: str, groups: Sequence[Group], now: datetime) -> None:
        theirs = not self._store.incidents.of(subject).dedup_key.startswith(ELSEWHERE)
        texts, more = ((), 0) if theirs else self._texts(groups)
        data = tally(self._store.alerts, groups) | {"symptoms": theirs, "texts": list(texts), "more": more}
        self._store.incidents.move(subject, COUNTED, "bot", now, data)


def _short(kind: Kind) -> str:
    """What tells a kind from another: a thousand of them stand in one event."""
    return hashlib.sha256(kind.fingerprint.encode()).hexdigest()[:12]
