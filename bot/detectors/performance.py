"""P1: Performance degradation: slow, or nearly full, and for long enough that it is no cold start."""

from datetime import timedelta

from bot.clients.errors import Failure
from bot.clients.wallet import Health
from bot.detectors import BY_WALLET, Blind, Calm, Detector, Firing, Muted, Sight, World, fired, unseen
from bot.detectors.database_outage import OUTAGE
from bot.detectors.wallet_unreachable import UNREACHABLE
from bot.diagnosis.database_faults import full, many
from bot.health.answers import Answers, FunctionsSeen, Question
from bot.health.judges import database, wallet
from bot.health.words import listing, milliseconds, plain
from bot.incidents.wider import Wider
from bot.report import Wrong

DATABASE = "database"  # its latency, among what is usual
_SLOW = "database_slow"
_LONG = 120.0  # seconds: a first call after a quiet time, a vacuum, a backup are shorter
_OVER = timedelta(minutes=10)
_READ_ONLY = "database_read_only"


def slow_database(answers: Answers, world: World) -> Sight:
    """A query takes longer than the owners' 500 ms; or, of ten minutes, than three times what is usual at this hour."""
    if not isinstance(answers.wallet, Health) or answers.wallet.report.database is None:
        return Blind("The wallet did not say how fast its database is.")
    if slow := fired([one for one in database.judge(answers).findings if one.title == "database slow"]):
        return slow
    limits, usual, lately = answers.limits, world.usual.get(DATABASE), world.lately.get(DATABASE)
    if usual is None or lately is None or lately <= max(limits.database_floor, limits.database_usual * usual):
        return Calm()
    return Firing(
        f"For ten minutes a query took {milliseconds(lately)}; the usual of this hour is {milliseconds(usual)}.",
        "Look for slow queries, locks and connections against the limit.",
        title="database slower than usual",
    )


def slow_wallet(answers: Answers, _: World) -> Sight:
    """/health takes longer than the owners' two seconds."""
    if answers.wallet is None or isinstance(answers.wallet, Failure):
        return Blind("The wallet's /health could not be asked.")
    return fired([one for one in wallet.judge(answers).findings if one.title == "wallet slow"]) or Calm()


def slow_function(answers: Answers, world: World) -> Sight:
    """A function's p95 of an hour is beyond the owners' two seconds, and twice what it was in the day before."""
    calls, seen, limits = world.wider.calls, answers.functions, answers.limits
    if calls is None or isinstance(calls, Failure):
        return unseen(calls, "Calls of functions could not be timed.")
    if not isinstance(seen, FunctionsSeen) or isinstance(seen.listed, Failure):
        return Blind("The functions could not be listed.")
    if world.changing:
        return Muted()
    slow: dict[str, str] = {}
    for one in seen.listed:
        called, usual = calls.get(one.id), world.usual.get(f"calls/{one.slug}")
        if called is None or usual is None or called.hour < limits.function_fewest:
            continue
        if called.p95 > max(limits.function_floor, limits.function_slow * usual):
            slow[one.slug] = f"{plain(one.slug)} {milliseconds(called.p95)}, usually {milliseconds(usual)}"
    if not slow:
        return Calm()
    return Firing(
        f"At the 95th percentile of an hour: {listing(list(slow.values()))}.",
        "Look at its last deploy, and at the database: /aikeys perf",
        title=listing([plain(slug) for slug in slow]),
        subjects=frozenset(slow),
    )


def connections(answers: Answers, world: World) -> Sight:
    """Nearly all connections are taken."""
    room = world.wider.room
    if room is None or isinstance(room.connections, Failure):
        return unseen(room and room.connections, "Connections could not be counted.")
    return _worst(many(room.connections, answers.limits.connections_high), "connections")


def disk(answers: Answers, world: World) -> Sight:
    """The disk is nearly full."""
    room = world.wider.room
    if room is None or isinstance(room.disk, Failure):
        return unseen(room and room.disk, "The disk could not be measured.")
    return _worst(full(room.disk, answers.limits.disk_high), "disk")


def _worst(wrong: list[Wrong], title: str) -> Sight:
    worst = max(wrong, key=lambda one: one.level, default=None)
    return Calm() if worst is None else Firing(worst.what, worst.do, title=title)


DETECTORS = (
    Detector(
        _SLOW, "P1", "Database slow", "Warning Issues (P1)", slow_database, confirm=4, span=_LONG, calm=_OVER,
        inhibited_by=frozenset({OUTAGE, UNREACHABLE}), needs=BY_WALLET,
        by=("database_slow", "database_usual", "database_floor"),
    ),
    Detector(
        "wallet_slow", "P1", "Wallet slow", "Warning Issues (P1)", slow_wallet, confirm=4, span=_LONG, calm=_OVER,
        inhibited_by=frozenset({OUTAGE, UNREACHABLE, _SLOW}), needs=BY_WALLET, by=("response_slow",),
    ),
    Detector(
        "function_slow", "P1", "Functions slow", "Function Performance", slow_function, confirm=4, span=_LONG,
        calm=_OVER, inhibited_by=frozenset({OUTAGE, UNREACHABLE, _SLOW}),
        needs=frozenset({Question.FUNCTIONS, Wider.CALLS}), by=("function_slow", "function_floor", "function_fewest"),
    ),
    Detector(
        "connections_high", "P1", "Connections running out", "Database Connection Issues", connections, confirm=3,
        span=60, calm=_OVER, inhibited_by=frozenset({OUTAGE}), needs=frozenset({Wider.ROOM}), by=("connections_high",),
    ),
    Detector(
        "disk_filling", "P1", "Disk filling", "Database Performance", disk, confirm=2, span=60, calm=_OVER,
        inhibited_by=frozenset({OUTAGE, _READ_ONLY}), needs=frozenset({Wider.ROOM}), by=("disk_high",),
    ),
)  # fmt: skip
