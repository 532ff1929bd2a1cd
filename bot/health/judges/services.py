"""Supabase's own services and the state of the project."""

from bot.clients.errors import STATUS_PAGE, Failure
from bot.clients.supabase import SERVICES, Project, Service
from bot.health.answers import Answers
from bot.health.judgement import Detail, Finding, Level, Opinion, Topic, opinion, waiting
from bot.health.words import listing, plain

# What that means for people.
_SERVES = {
    "auth": "nobody can sign in",
    "pooler": "functions may get no database connection",
    "realtime": "live updates stop",
    "rest": "the app cannot read or write data",
    "storage": "files cannot be read",
}
_AWAY = {"INACTIVE", "PAUSING", "REMOVED", "GOING_DOWN", "INIT_FAILED", "RESTORING", "RESTORE_FAILED", "PAUSE_FAILED"}
_MOVING = {"COMING_UP", "UPGRADING", "RESTARTING", "RESIZING", "PROMOTING", "ACTIVE_UNHEALTHY"}


def judge(answers: Answers) -> Opinion:
    """Judge each service but the database, which has its own judge, and the project."""
    project = _project(answers.project)
    match answers.services:
        case None:
            return opinion(Topic.SERVICES, project[0].title, *project) if project else waiting(Topic.SERVICES)
        case Failure():
            return opinion(Topic.SERVICES, "not known", *project, at_least=Level.UNKNOWN)
        case services:
            return _services({service.name: service for service in services}, project, answers.project)


def _services(seen: dict[str, Service], project: list[Finding], whole: Project | Failure | None) -> Opinion:
    details = [_detail(name, seen.get(name)) for name in SERVICES]
    if isinstance(whole, Project):
        details.insert(0, Detail(Level.OK if not project else project[0].level, "project", _plain(whole.status)))
    well = [name for name in SERVICES if name in seen and seen[name].status == "ACTIVE_HEALTHY"]
    says = f"{len(well)} of {len(SERVICES)} healthy"
    odd = [name for name in SERVICES if name not in well]
    if odd and well:
        says += f"; not {listing(odd)}"
    return opinion(Topic.SERVICES, says, *project, *_findings(seen), details=tuple(details))


def _detail(name: str, service: Service | None) -> Detail:
    match service.status if service else None:
        case "ACTIVE_HEALTHY":
            return Detail(Level.OK, name, "healthy")
        case "COMING_UP":
            return Detail(Level.DEGRADED, name, "starting")
        case "UNHEALTHY":
            error = f" ({service.error[:80]})" if service and service.error else ""
            return Detail(Level.DEGRADED, name, f"unhealthy{error}")
        case None:
            return Detail(Level.UNKNOWN, name, "not in the answer")
        case status:
            return Detail(Level.UNKNOWN, name, f"in a state unknown to the bot: {status[:40]}")


def _findings(seen: dict[str, Service]) -> list[Finding]:
    """One finding for all that are bad in the same way. The database has its own judge."""
    details = [_detail(name, seen.get(name)) for name in SERVICES]
    bad = [detail for detail in details if detail.level is Level.DEGRADED and detail.name != "db"]
    strange = [detail for detail in details if detail.level is Level.UNKNOWN]
    findings = []
    if bad:
        names = listing([detail.name for detail in bad])
        starting = all(detail.says == "starting" for detail in bad)
        word = "starting" if starting else "unhealthy"
        what = " ".join(f"Supabase's service {detail.name} is {detail.says}: {_SERVES[detail.name]}." for detail in bad)
        do = "Ask again in a minute." if starting else f"Open {STATUS_PAGE} and the dashboard."
        title = f"service{'s' if len(bad) > 1 else ''} {names} {word}"
        findings.append(Finding(Topic.SERVICES, Level.DEGRADED, title, what, do))
    if strange:
        names = listing([detail.name for detail in strange])
        what = " ".join(f"Supabase's service {detail.name} is {detail.says}." for detail in strange)
        findings.append(
            Finding(Topic.SERVICES, Level.UNKNOWN, f"service {names} not known", what, "Look at the dashboard.")
        )
    return findings


def _project(project: Project | Failure | None) -> list[Finding]:
    if not isinstance(project, Project) or project.status == "ACTIVE_HEALTHY":
        return []
    state = _plain(project.status)
    what = f"Supabase calls the project {state}."
    if project.status in _AWAY:
        do = "Open its dashboard: it can be restored there." if project.status == "INACTIVE" else "Open its dashboard."
        return [Finding(Topic.SERVICES, Level.DOWN, f"Project {state}", what, do)]
    if project.status in _MOVING:
        do = "Wait until it is done and ask again." if project.status != "ACTIVE_UNHEALTHY" else f"Open {STATUS_PAGE}."
        return [Finding(Topic.SERVICES, Level.DEGRADED, f"project {state}", what, do)]
    return [Finding(Topic.SERVICES, Level.UNKNOWN, f"project {state}", what, "Open its dashboard.")]


def _plain(status: str) -> str:
    known = {"ACTIVE_HEALTHY": "active", "ACTIVE_UNHEALTHY": "unhealthy", "INACTIVE": "paused", "COMING_UP": "starting"}
    return known.get(status, plain(status).replace("_", " ").lower())
