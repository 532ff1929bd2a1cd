"""The database: gone, full, out of connections, locked, slow, or out of reach."""

from bot.clients.errors import STATUS_PAGE, DatabaseAway, SqlFailed
from bot.clients.supabase import Disk, ReadOnly
from bot.clients.wallet import Health
from bot.diagnosis.cause import Cause, Step
from bot.diagnosis.causes.function_facts import complaints, failed
from bot.diagnosis.causes.platform import SUPPORT
from bot.diagnosis.database_faults import used
from bot.diagnosis.evidence import Seen
from bot.diagnosis.thresholds import LOCK_LONG
from bot.diagnosis.words import CODES, percent
from bot.health.judgement import Level
from bot.health.judges import database, writes
from bot.health.judges.database import Seen as Sees
from bot.health.words import ago, count, milliseconds

LOOK = Step("See who holds connections and locks, and how full the disk is.", ("The database now", "db"))
LOGS = Step("Read what it wrote to its log.", ("Its errors", "logs db --level error --since 1h"))
_TOO_MANY = "53300"  # too_many_connections (PostgreSQL docs, appendix A)
_SEES = {Sees.UP: "up", Sees.STARTING: "starting", Sees.DOWN: "down"}


def outage(seen: Seen) -> Cause | None:
    """Neither vantage point may be trusted alone: both are shown."""
    opinion = database.judge(seen.answers)
    if opinion.level is not Level.DOWN or opinion.topic != "Database":
        return None
    finding = opinion.findings[0]
    return Cause(
        95,
        Level.DOWN,
        "The database is down.",
        (finding.what, *_views(seen), *_silent(seen)),
        (Step(f"Look at https://{STATUS_PAGE} and at the dashboard: is it theirs?"), LOOK, LOGS, SUPPORT),
    )


def read_only(seen: Seen) -> Cause | None:
    """A full disk: reads go well, and every write fails, so health looks better than it is."""
    if not isinstance(seen.read_only, ReadOnly) or not seen.read_only.in_force:
        return None
    evidence = ["Supabase has switched read-only mode on."]
    if isinstance(seen.disk, Disk):
        evidence.append(f"The disk is {percent(seen.disk.share)} full.")
    evidence += [*failed(seen), *complaints(seen)]
    return Cause(96, Level.DOWN, writes.WHAT, tuple(evidence), (Step(writes.DO), LOOK))


def nearly_full(seen: Seen) -> Cause | None:
    """Before it is read-only."""
    if not isinstance(seen.disk, Disk) or seen.disk.share < seen.limits.disk_high or read_only(seen) is not None:
        return None
    what = f"The disk is {percent(seen.disk.share)} full: at 95 % Supabase makes the database read-only."
    return Cause(45, Level.DEGRADED, what, (), (Step("Enlarge the disk in the dashboard."), LOOK))


def connections(seen: Seen) -> Cause | None:
    """Too many: who asks next is refused."""
    refused = [one for one in seen.failures() if isinstance(one, SqlFailed) and one.state == _TOO_MANY]
    number, most = used(seen.connections) if isinstance(seen.connections, list) else (0, 0)
    if not refused and (not most or number / most < seen.limits.connections_high):
        return None
    gone = bool(refused) or number >= most
    evidence = [failure.what for failure in refused[:1]]
    if isinstance(seen.connections, list):
        evidence.append(f"{number} of {most} are taken.")
        evidence += [f"{one.number} by {one.who}, {one.active} active." for one in seen.connections[:3]]
    what = "Connections are used up." if gone else "Connections are nearly used up."
    pool = Step("Let functions connect through the pooler (transaction mode), and close what they open.")
    return Cause(97 if gone else 70, Level.DOWN if gone else Level.DEGRADED, what, tuple(evidence), (LOOK, pool))


def locked(seen: Seen) -> Cause | None:
    """Somebody holds what others need."""
    long = [one for one in seen.locks if (one.seconds or 0) >= LOCK_LONG] if isinstance(seen.locks, list) else []
    if not long:
        return None
    first = long[0]
    evidence = tuple(
        f"Process {one.waits} ({one.waits_who}) waits for {one.blocks} ({one.blocks_who}, {one.blocks_state}) "
        f"for {ago(one.seconds or 0)}."
        for one in long[:4]
    )
    end = Step(
        f"If nobody needs what process {first.blocks} does: select pg_terminate_backend({first.blocks}) in the "
        "dashboard's SQL editor undoes its transaction."
    )
    return Cause(75, Level.DEGRADED, "Statements wait for a lock that somebody holds.", evidence, (LOOK, end))


def slow(seen: Seen) -> Cause | None:
    """It answers, and too late."""
    report = seen.wallet.report if isinstance(seen.wallet, Health) else None
    latency = report.database.latency_ms if report and report.database else None
    if latency is None or latency <= seen.limits.database_slow:
        return None
    well = milliseconds(seen.limits.database_slow)
    evidence = (f"The wallet's own query took {milliseconds(latency)}; up to {well} is well.",)
    compare = Step("Compare with last week: what got slower, and since when?", ("Against last week", "perf"))
    return Cause(60, Level.DEGRADED, "The database is slow.", evidence, (LOOK, compare))


def banned(seen: Seen) -> Cause | None:
    """Up for Supabase and gone for the wallet: something lies between."""
    if not isinstance(seen.banned, list) or not seen.banned or database.wallet_sees(seen.answers) is not Sees.DOWN:
        return None
    evidence = (f"{count(len(seen.banned), 'address is', 'addresses are')} kept out after many wrong passwords.",)
    lift = Step("If one of ours is among them, take it out in the dashboard (Settings, Database, Network bans).")
    return Cause(65, Level.DEGRADED, "An address of ours may be banned from the database.", evidence, (lift,))


def errors(seen: Seen) -> Cause | None:
    """It runs, and refuses statements."""
    found = seen.errors if isinstance(seen.errors, list) else []
    number = sum(one.number for one in found)
    if number < _MANY:
        return None
    evidence = tuple(
        f"{one.number} × {CODES.get(one.state) or one.state or 'no code'} in the last hour." for one in found[:4]
    )
    return Cause(40, Level.DEGRADED, f"The database refuses statements: {number} errors in an hour.", evidence, (LOGS,))


_MANY = 60  # one a minute: a few unique violations an hour are how idempotency works


def _silent(seen: Seen) -> tuple[str, ...]:
    """In the words of the failures, so that they are not told a second time as gaps."""
    away = (one.what for one in seen.failures() if isinstance(one, DatabaseAway))
    return tuple(dict.fromkeys(away))[:1]


def _views(seen: Seen) -> tuple[str, ...]:
    wallet = _SEES.get(database.wallet_sees(seen.answers), "could not say")
    supabase = _SEES.get(database.supabase_sees(seen.answers), "could not say")
    return (f"As the wallet sees it: {wallet}. As Supabase sees it: {supabase}.",)


FROM_OUTSIDE = (outage, read_only, slow)  # what can be told without asking the database itself
RULES = (*FROM_OUTSIDE, nearly_full, connections, locked, banned, errors)
