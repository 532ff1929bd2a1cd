"""Symptoms of an incident of our own: put on its card when they come, and let go when it is over."""

from collections.abc import Sequence
from datetime import datetime

from bot.incidents.alerting import Alerts
from bot.incidents.evidence import evidence
from bot.incoming import symptoms, words
from store.alerts import Group
from store.database import Store
from store.incidents import GROUPED, Incident


class Following:
    """Every call commits, or joins the transaction that is open."""

    def __init__(self, store: Store, alerts: Alerts) -> None:
        self._store = store
        self._alerts = alerts

    def attached(self, group: Group, now: datetime) -> bool:
        """Whether an outage of ours explains *group*, on whose card it stands from now on."""
        cause = self._cause(group)
        if cause is None:
            return False
        rows = self._store.alerts
        with self._store.transaction():
            before = rows.told_by(cause.subject)
            rows.tell([group.root], cause.subject)
            if len(before) < symptoms.NAMED:
                said, name = words.opening(rows.kinds(group, 1)), words.title(group.root)
                named = said if said.startswith(name.removeprefix("Alert: ")) else f"{name}. {said}"
                data = {
                    "what": f"With it, from elsewhere: {named}",
                    "root": group.root,
                    "since": group.since.isoformat(),
                }
                self._store.incidents.move(cause.subject, GROUPED, "bot", now, data)
                self._alerts.redraw(cause.subject)
        return True

    def follow(self, incident: Incident, groups: Sequence[Group], now: datetime) -> None:
        """What is a symptom of *incident* ends when it ends; what outlives it is told for itself."""
        rows = self._store.alerts
        with self._store.transaction():
            if incident.merged_into:
                rows.tell([one.root for one in groups], incident.merged_into)
                return
            rows.end(symptoms.over(groups, incident))
            rows.begin_anew(symptoms.freed(groups, incident, now))

    def held(self, group: Group) -> tuple[str, datetime] | None:
        """As whose symptom *group* was held back until now (incident 7), and when it arrived; None where it was not.

        What began after that incident was over was never held back.
        """
        for one in self._store.events.newest(GROUPED, 50):
            if one.data.get("root") == group.root and one.data.get("since"):
                cause = self._store.incidents.of(one.subject)
                until = cause.resolved_at
                was = group.fired_at is not None and (until is None or group.fired_at <= until)
                return (f"incident {cause.number}", datetime.fromisoformat(one.data["since"])) if was else None
        return None

    def _cause(self, group: Group) -> Incident | None:
        for one in self._store.events.open_incidents():
            if one.dedup_key in symptoms.CAUSES:
                incident = self._store.incidents.of(one.subject)
                if evidence(incident, self._store.incidents.story(incident.subject)).calm:
                    continue  # a person keeps it open, and it is no longer seen
                if symptoms.explains(incident, group):
                    return incident
        return None
