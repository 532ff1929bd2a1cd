"""All that was checked, a line each: what is well belongs on the card too, so that nobody looks there again. Pure."""

from collections.abc import Iterator

from bot.clients.errors import STATUS_PAGE
from bot.clients.status_page import Said
from bot.clients.supabase import ReadOnly
from bot.diagnosis.causes.database import read_only
from bot.diagnosis.causes.function_facts import recent_deploy
from bot.diagnosis.causes.platform import paused
from bot.diagnosis.database_faults import used
from bot.diagnosis.evidence import Seen
from bot.diagnosis.words import percent
from bot.health.judgement import Detail, Level, Opinion
from bot.health.judges import database, functions, secrets, services, wallet, webhooks
from bot.health.words import ago, count
from bot.questions.saying import told
from bot.report import Line


def checks(seen: Seen) -> tuple[Line, ...]:
    """The lines, in the order of the runbook: the platform, the thing itself, what it needs."""
    return tuple(line for line in _all(seen) if line is not None)


def _all(seen: Seen) -> Iterator[Line | None]:
    answers, asked = seen.answers, seen.called
    yield Line(f"{STATUS_PAGE}:", told(seen.status, _status), _level_of(seen.status))
    if seen.under_way:
        yield Line("I am changing something now:", seen.under_way, Level.DEGRADED)
    platform = services.judge(answers)
    yield from (Line("The project:", one.says, one.level) for one in platform.details if one.name == "project")
    if "services" in asked:
        yield from _folded("Supabase's services:", platform)
    if seen.kind != "database":
        yield from (
            Line(one.name, one.says, one.level) for one in functions.judge(answers).details if one.name == seen.name
        )
        yield _last_deploy(seen)
        if seen.outages:
            lasted = ago(sum(one.length.total_seconds() for one in seen.outages))
            yield Line("Not counted:", f"what failed while the database was down, {lasted} of the last hour")
        yield Line("Its calls in the last hour:", told(seen.calls, lambda _: _outcomes(seen)))
        yield from _folded("Secrets:", secrets.judge(answers))
    if seen.kind == "webhook":
        yield from (_delivery(one, seen) for one in webhooks.judge(answers).details)
    opinion = wallet.judge(answers)
    yield Line("The wallet's /health:", opinion.says, opinion.level)
    views = database.judge(answers).details
    for one in views[:1] if seen.kind == "function" else views:  # Supabase's own view is not asked for a function
        yield Line(f"Database, {one.name}:", one.says, one.level)
    yield Line("Writes to it:", told(seen.read_only, lambda one: _writes(one, seen)))
    if "disk" in asked:
        yield Line("Disk:", told(seen.disk, lambda one: f"{percent(one.share)} full"))
    if "connections" in asked:
        yield Line("Connections:", told(seen.connections, lambda one: "{} of {} taken".format(*used(one))))
    if "locks" in asked:
        waits = told(seen.locks, lambda one: f"{count(len({lock.waits for lock in one}), 'statement')} waiting")
        yield Line("Locks:", waits)
    if "errors" in asked:
        yield Line("Errors in its log, last hour:", told(seen.errors, lambda one: str(sum(row.number for row in one))))
    if "banned" in asked:
        yield Line("Banned addresses:", told(seen.banned, lambda one: str(len(one))))


def _folded(title: str, opinion: Opinion) -> Iterator[Line]:
    """What is thought of several in one line, and those that are not well in one each."""
    yield Line(title, opinion.says, opinion.level)
    yield from (
        Line(one.name, one.says, one.level)
        for one in opinion.details
        if one.level is not Level.OK and one.name != "project"
    )


def _status(said: Said) -> str:
    return said.description or said.indicator


def _delivery(one: Detail, seen: Seen) -> Line:
    """A delivery that fails is a row too: where none can be written it is not counted."""
    if one.name == "deliveries" and read_only(seen) and one.level is Level.OK:
        return Line("Deliveries:", "not countable while nothing can be written", Level.UNKNOWN)
    return Line(f"{one.name.capitalize()}:", one.says, one.level)


def _writes(one: ReadOnly, seen: Seen) -> str:
    """What Supabase says of its own switch; of a database that is down it says nothing about writing."""
    if one.in_force:
        return "none taken, it is read-only"
    if paused(seen):
        return "not known: the project is paused"
    down = database.judge(seen.answers).level is Level.DOWN
    return "not known while it is down; it is not set to read-only" if down else "taken, it is not read-only"


def _level_of(status: object) -> Level:
    if isinstance(status, Said):
        return Level.OK if status.indicator in {"none", "maintenance"} else Level.DEGRADED
    return Level.WAITING if status is None else Level.UNKNOWN


def _last_deploy(seen: Seen) -> Line | None:
    last = recent_deploy(seen) or (seen.deploys[0] if seen.deploys else None)
    if last is None:
        return Line("Deploys through me:", "none")
    version = f"version {last.version}" if last.version is not None else "no version told"
    return Line("Last deploy through me:", version, at=last.at, by=last.by)


def _outcomes(seen: Seen) -> str:
    outcomes = seen.outcomes()
    if not outcomes:
        return "no rows in the log, which is no proof of health"
    return ", ".join(f"{number} × {status}" for status, number in sorted(outcomes.items()))
