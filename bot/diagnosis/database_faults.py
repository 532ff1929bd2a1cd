"""What is wrong with the database, from what it and the platform say: each bound is in `thresholds`. Pure."""

from collections.abc import Sequence

from bot.clients.errors import STATUS_PAGE, SqlFailed
from bot.clients.supabase import Disk, ReadOnly, Service
from bot.diagnosis.database import Connections, Lock, Seen, Statement
from bot.diagnosis.thresholds import LOCK_LONG, STATEMENT_SLOW
from bot.diagnosis.words import percent, quoted
from bot.health.judgement import Level
from bot.health.words import ago, count, milliseconds
from bot.report import Wrong


def found(seen: Seen) -> list[Wrong]:
    """What is wrong with what is known."""
    wrong: list[Wrong] = []
    if isinstance(seen.services, list):
        wrong += _down(seen.services)
    if isinstance(seen.read_only, ReadOnly):
        wrong += _only_read(seen.read_only)
    if isinstance(seen.disk, Disk):
        wrong += full(seen.disk, seen.limits.disk_high)
    if isinstance(seen.connections, list):
        wrong += many(seen.connections, seen.limits.connections_high)
    if isinstance(seen.locks, list):
        wrong += _blocked(seen.locks)
    if isinstance(seen.slow, list):
        wrong += _too_slow(seen.slow)
    return wrong


def no_extension(answer: object) -> bool:
    """True where pg_stat_statements is not installed: that is no fault of the database's."""
    return isinstance(answer, SqlFailed) and answer.state in {"42P01", "3F000"} and "pg_stat_statements" in answer.what


def used(connections: Sequence[Connections]) -> tuple[int, int]:
    """How many connections there are, and how many there may be."""
    return sum(one.number for one in connections), max((one.most for one in connections), default=0)


def waited(lock: Lock) -> str:
    """For how long, in words."""
    return "not known how long" if lock.seconds is None else f"for {ago(lock.seconds)}"


def _down(services: Sequence[Service]) -> list[Wrong]:
    names = {"db": "The database", "pooler": "The pooler"}
    return [
        Wrong(
            Level.DOWN if one.name == "db" else Level.DEGRADED,
            f"{names[one.name]} is unhealthy, says Supabase{f': {quoted([one.error], 160)[0]}' if one.error else '.'}",
            f"Open {STATUS_PAGE} and the dashboard.",
        )
        for one in services
        if one.status == "UNHEALTHY" and one.name in names
    ]


def _only_read(mode: ReadOnly) -> list[Wrong]:
    if not mode.in_force:
        return []
    what = "The database is read-only: the disk is nearly full, and every write fails, each payment's too."
    do = "Enlarge the disk in the dashboard (Settings, Compute and Disk); Supabase lifts read-only mode by itself then."
    return [Wrong(Level.DOWN, what, do)]


def full(disk: Disk, high: float) -> list[Wrong]:
    """The disk is filling; *high* is a share of it."""
    if disk.share < high:
        return []
    what = f"The disk is {percent(disk.share)} full: at 95 % Supabase makes the database read-only."
    return [Wrong(Level.DEGRADED, what, "Enlarge it in the dashboard, or delete what nobody needs.")]


def many(connections: Sequence[Connections], high: float) -> list[Wrong]:
    """Connections are running out; *high* is a share of the limit."""
    number, most = used(connections)
    if not most or number / most < high:
        return []
    biggest = connections[0]
    what = f"{number} of {most} connections are taken: {biggest.number} by {biggest.who}."
    idle = sum(one.idle_in_transaction for one in connections)
    if idle:
        what += f" {count(idle, 'connection')} sit idle within a transaction."
    do = "Who holds them is below. Let functions connect through the pooler; end what hangs in the SQL editor."
    return [Wrong(Level.DOWN if number >= most else Level.DEGRADED, what, do)]


def _blocked(locks: Sequence[Lock]) -> list[Wrong]:
    long = [lock for lock in locks if (lock.seconds or 0) >= LOCK_LONG]
    if not long:
        return []
    first = long[0]
    what = f"{count(len({one.waits for one in long}), 'statement')} waiting for a lock, the longest {waited(first)}."
    do = (
        f"Process {first.blocks} ({first.blocks_who}, {first.blocks_state}) holds it. If nobody needs what it does, "
        f"run select pg_terminate_backend({first.blocks}) in the dashboard's SQL editor: that undoes its transaction."
    )
    return [Wrong(Level.DEGRADED, what, do)]


def _too_slow(statements: Sequence[Statement]) -> list[Wrong]:
    slow = [one for one in statements if one.mean_ms >= STATEMENT_SLOW]
    if not slow:
        return []
    what = f"{count(len(slow), 'statement')} slower than {milliseconds(STATEMENT_SLOW)} on average."
    return [
        Wrong(
            Level.DEGRADED,
            what,
            "Look at their plans (explain) in the SQL editor; /aikeys perf has the advisor's findings.",
        )
    ]
