"""What an incident's card says of it, line by line. Pure."""

from datetime import datetime

from bot.health.words import ago
from bot.incidents.about import ROOM, Around, Changed
from bot.incidents.evidence import Evidence
from bot.incidents.swings import STAYS, STEADY, Swing
from bot.views.blocks import code, date_and_time, escape, person, time_of_day, when
from store.events import Event
from store.incidents import ELSEWHERE, Incident

UNREACHED = "I cannot tell them: neither AIKEYS_LEAD nor AIKEYS_SMTP_URL is set. Tell them yourself: /aikeys contacts."


def facts(incident: Incident, seen: Evidence, around: Around) -> list[str]:
    """One line each: since when, who has it, silence, count, roles, its end, the lead, its channel."""
    since = date_and_time(seen.since)
    me = "reported from elsewhere" if incident.dedup_key.startswith(ELSEWHERE) else "seen by me"
    by = me if incident.opened_by == "bot" else f"opened by {person(incident.opened_by)}"
    lines = [f"*Since* {since}, {by}" + (_back(seen.back))]
    if seen.swing is not None and incident.open and (seen.swing.since is not None or not seen.kept_by):
        lines.append(swinging(seen.swing, incident.severity, silent=seen.silent))
    if seen.held:
        told = date_and_time(incident.opened_at)
        lines.append(f"*Held back* until {told} as a symptom of {escape(seen.held, 40)}")
    if incident.acked_by and incident.acked_at:
        at = time_of_day(incident.acked_at)
        lines.append(f"*Acknowledged* by {person(incident.acked_by)} {at}")
    elif incident.open:
        lines.append("*Nobody has it yet*: Acknowledge says that you do.")
    if seen.silence is not None and incident.open:
        why = escape(seen.silence.text or "", 200)
        if seen.silent:
            lines.append(f"*Silent* {silent_until(seen.silence, seen.agreed_by)}: {why}")
        else:
            whom = f" ({around.seconds})" if around.seconds else ""
            until, by = date_and_time(_until(seen.silence)), person(seen.silence.actor)
            lines.append(f"*Silence asked for* by {by} until {until}: {why}")
            lines.append(f"It waits for a second person{whom}: see the thread.")
    if seen.counted:
        last = when(seen.counted.last_at.timestamp(), f"{seen.counted.last_at:%H:%M:%S} UTC", "{time_secs}")
        counted = "*From elsewhere, explained by it*" if seen.counted.symptoms else "*Counted*"
        counted = "*From elsewhere*" if seen.counted.outlived else counted
        lines.append(f"{counted} {escape(seen.counted.said)}, the last at {last}")
    roles = {"Commander": incident.commander, "Scribe": incident.scribe}
    if any(roles.values()):
        lines.append(" · ".join(f"*{role}* {person(who)}" for role, who in roles.items() if who))
    return [*lines, *_ended(incident, seen, around), *_lead(seen, around), *_room(incident, around)]


def silent_until(silence: Event, agreed_by: str) -> str:
    """Until when *silence* holds, and by whom."""
    agreed = f", agreed by {person(agreed_by)}" if agreed_by else ""
    return f"until {date_and_time(_until(silence))}, by {person(silence.actor)}{agreed}"


def _until(silence: Event) -> datetime:
    return datetime.fromisoformat(str(silence.data["until"]))


def swinging(swing: Swing, severity: str, *, silent: bool = False) -> str:
    """That it comes and goes, what is said meanwhile, and how it is just now; or that it is mending."""
    at = when(swing.at.timestamp(), f"{swing.at:%H:%M:%S} UTC", "{time_secs}")
    if swing.since is None:
        return f"🌤️ *Not seen any more* since {at}; over by itself once that has lasted."
    now = f"*{'Bad' if swing.bad else 'Good'} just now*, since {at}."
    or_bad = f", or bad for {STAYS.seconds // 60} min" if severity == "P0" and not silent else ""
    steady = f"nothing more is said until it has been steady for {STEADY.seconds // 60} min{or_bad}"
    return f"〰️ *Comes and goes* since {time_of_day(swing.since)}; {steady}. {now}"


def _ended(incident: Incident, seen: Evidence, around: Around) -> list[str]:
    lines = []
    if incident.merged_into:
        number = incident.merged_into.rpartition("/")[2]
        lines.append(f"*Merged* by {person(incident.resolved_by)} into {number}: `/aikeys incident show {number}`")
    elif incident.resolved_at:
        at = time_of_day(incident.resolved_at)
        how = "by itself" if incident.resolved_by == "bot" else f"by {person(incident.resolved_by)}"
        lasted = ago((incident.resolved_at - seen.since).total_seconds())
        lines.append(f"*Resolved* {how} {at}, after {lasted}")
        if around.ended_by is not None:
            lines.append(f"*Before it ended* {change(around.ended_by)} {time_of_day(around.ended_by.at)}")
    if incident.open and seen.kept_by:
        calm = f": not seen for {ago(seen.calm)}" if seen.calm else ""
        lines.append(f"*Kept open* by {person(seen.kept_by)}{calm}. Resolve ends it.")
    return lines


def _lead(seen: Evidence, around: Around) -> list[str]:
    if seen.escalated_at is not None and seen.unreached:
        return [f"*Is for the technical lead* since {time_of_day(seen.escalated_at)}. {UNREACHED}"]
    if seen.escalated_at is not None:
        return [f"*Escalated* to the technical lead {time_of_day(seen.escalated_at)}"]
    if around.escalates is not None:
        return [f"*Goes to the technical lead* {time_of_day(around.escalates)}, unless it is resolved by then"]
    return []


def _room(incident: Incident, around: Around) -> list[str]:
    """Its own channel, and how far the runbook's actions are."""
    if not around.owed:
        return []
    lines = [f"*Channel* <#{around.room}>"] if around.room and not around.home else []
    errand = around.errand(ROOM)
    if errand is not None and errand.state == "lost":
        lines.append(f"*No channel of its own*: {escape(errand.why, 150)}")
    if incident.open:
        where = f"the card’s thread in <#{around.home}>" if around.home else "the thread"
        lines.append(f"*Runbook* {around.tally} actions done: see {where}")
    return lines


def _back(times: int) -> str:
    return "" if not times else ", back once more" if times == 1 else f", back {times} times since"


def before(seen: Evidence, around: Around) -> list[str]:
    """What was changed shortly before it: the first thing that anybody asks."""
    return [f"*{ago((seen.since - one.at).total_seconds())} before it* {change(one)}" for one in around.changed]


def change(one: Changed) -> str:
    """What was changed, by whom, and who approved it."""
    version = f" version {one.version}" if one.version is not None else ""
    approved = f", approved by {person(one.approved_by)}" if one.approved_by else ""
    return f"{code(one.name)}{version} {one.what} by {person(one.by)}{approved}"
