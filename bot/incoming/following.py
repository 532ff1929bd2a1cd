"""Symptoms of an incident of our own: put on its card when they come, and let go when it is over."""

from collections.abc import Sequence
from datetime import datetime

from bot.incidents.alerting import Alerts
from bot.incidents.evidence import evidence
from bot.incoming import symptoms, words
from bot.incoming.counting import tally
from bot.incoming.grouping import summed
from store.alerts import Group
from store.database import Store
from store.incidents import COUNTED, GROUPED, Incident


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
            by_root = {one.root: one for one in groups}
            over = [by_root[root] for root in symptoms.over(groups, incident)]
            freed = [by_root[root] for root in symptoms.freed(groups, incident, now)]
            if over:
                self._counted(incident, over, now)
                rows.end([one.root for one in over])
            if freed:
                self._outlived(incident, freed, now)
                rows.begin_anew([one.root for one in freed])
            if over or freed:
                self._alerts.redraw(incident.subject)

    def _counted(self, incident: Incident, groups: Sequence[Group], now: datetime, **more: object) -> None:
        """What its card says of *groups* from now on, since they are counted on it no more."""
        data = tally(self._store.alerts, groups) | {"symptoms": True, **more}
        self._store.incidents.move(incident.subject, COUNTED, "bot", now, data)

    def _outlived(self, incident: Incident, groups: Sequence[Group], now: datetime) -> None:
        """Each is told for itself from now on. When it came first is kept, however many they are."""
        held = {one.root: one.since.isoformat() for one in groups if symptoms.was(one, incident)}
        if held:
            named = ", ".join(words.title(root) for root in [*held][: words.FEW])
            more = f" and {len(held) - words.FEW:,} more" if len(held) > words.FEW else ""
            still = "Fires on, and is told for itself" if len(held) == 1 else "Fire on, and are told for themselves"
            data = {"what": f"{still}: {named}{more}", "held": held}
            self._store.incidents.move(incident.subject, GROUPED, "bot", now, data)
            self._alerts.redraw(incident.subject)
        many = summed(groups).count
        own = "incidents of their own" if len(groups) > 1 else "an incident of their own"
        said = f"{many:,} alerts that have {own} now" if many > 1 else "1 alert that has an incident of its own now"
        self._counted(incident, groups, now, what=said, outlived=True)

    def held(self, group: Group) -> tuple[str, datetime] | None:
        """As whose symptom *group* was held back until now (incident 7), and when it arrived; None where it was not.

        What began after that incident was over was never held back.
        """
        for one in self._store.events.newest(GROUPED, 50):
            since = one.data.get("held", {}).get(group.root)
            if since is None and one.data.get("root") == group.root:
                since = one.data.get("since")
            if since:
                cause = self._store.incidents.of(one.subject)
                was = symptoms.was(group, cause)
                return (f"incident {cause.number}", datetime.fromisoformat(since)) if was else None
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
