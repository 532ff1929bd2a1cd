"""The card of the database: connections, slow statements, locks, room, errors. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.diagnosis.database import Errors, Seen
from bot.diagnosis.database_faults import found, no_extension, used, waited
from bot.diagnosis.thresholds import LOCK_LONG, STATEMENT_SLOW
from bot.diagnosis.words import CODES, headline, percent, quoted, size, statement
from bot.health.judgement import Level
from bot.health.words import listing, milliseconds
from bot.questions.paged import told_open
from bot.questions.saying import level, told, unanswered, waiting, worst_first
from bot.report import Group, Line, Report, Wrong

_CALLED = {
    "services": "Supabase's own view of it",
    "connections": "connections",
    "slow": "slow statements",
    "locks": "locks",
    "size": "its size",
    "tables": "the largest tables",
    "disk": "the disk",
    "read_only": "whether it is read-only",
    "poolers": "the pooler",
    "overridden": "its settings",
    "errors": "errors in its log",
}
_NO_EXTENSION = (
    "not known: the extension pg_stat_statements is not there. Switch it on in the dashboard (Database, Extensions)"
)


def judge(seen: Seen) -> Report:
    """The report."""
    wrong = worst_first(*told_open(found(seen), seen.paged), *unanswered(_but_the_extension(seen), _CALLED))
    small = waiting(seen, _CALLED)
    return Report(
        verdict=_verdict(seen, wrong),
        level=level(wrong, small),
        target=seen.target,
        again="db",
        wrong=wrong,
        groups=(_use(seen), _slow(seen), _locks(seen), _room(seen), _errors(seen)),
        small=(*small, "What Supabase's read-only user does, this bot among it, is not counted."),
        also=(("Find the cause", "triage database"), ("Against last week", "perf")),
    )


def _verdict(seen: Seen, wrong: Sequence[Wrong]) -> str:
    missing = sum(getattr(seen, field) is None for field in _CALLED)
    worst = [one for one in wrong if one.level > Level.UNKNOWN]
    if worst:
        return headline([one.what for one in worst])
    if missing:
        return f"Asking the database: {len(_CALLED) - missing} of {len(_CALLED)} things answered…"
    if isinstance(seen.connections, list) and isinstance(seen.locks, list):
        number, most = used(seen.connections)
        waits = len({one.waits for one in seen.locks})
        return f"Database well: {number} of {most} connections, {f'{waits} wait a moment' if waits else 'nobody waits'}"
    return "Not all of the database is known"


def _but_the_extension(seen: Seen) -> Seen:
    return replace(seen, slow=[]) if no_extension(seen.slow) else seen


def _use(seen: Seen) -> Group:
    lines: list[Line] = []
    match seen.connections:
        case list() as connections:
            number, most = used(connections)
            lines.append(Line("In use:", f"{number} of {most}"))
            for one in [one for one in connections if one.number][:6]:
                idle = f", {one.idle_in_transaction} idle in a transaction" if one.idle_in_transaction else ""
                lines.append(Line(one.who, f"{one.number}, {one.active} active{idle}"))
        case answer:
            lines.append(Line("In use:", told(answer, lambda _: "")))
    match seen.poolers:
        case list() as poolers:
            for pool in poolers:
                room = f"{pool.default_pool_size or '?'} to the database for {pool.max_client_conn or '?'} clients"
                lines.append(Line("The pooler:", f"{pool.pool_mode} mode, {room}"))
    return Group("Connections", tuple(lines))


def _slow(seen: Seen) -> Group:
    if no_extension(seen.slow):
        return Group("Slowest statements", none=_NO_EXTENSION)
    if not isinstance(seen.slow, list):
        return Group("Slowest statements", none=told(seen.slow, lambda _: ""))
    lines = tuple(
        Line(
            milliseconds(one.mean_ms) + " on average,",
            f"{milliseconds(one.max_ms)} at most, {one.calls:,.0f} calls by {one.who}",
            Level.DEGRADED if one.mean_ms >= STATEMENT_SLOW else None,
        )
        for one in seen.slow
    )
    queries = [statement(one.query, 160) for one in seen.slow]
    verbatim = "\n".join(
        f"{milliseconds(one.mean_ms):>8}  {query}" for one, query in zip(seen.slow, queries, strict=True)
    )
    return Group("Slowest statements", lines, "none yet", verbatim)


def _locks(seen: Seen) -> Group:
    if not isinstance(seen.locks, list):
        return Group("Locks", none=told(seen.locks, lambda _: ""))
    lines = tuple(
        Line(
            f"{one.waits} waits",
            f"for {one.blocks} ({one.blocks_who}, {one.blocks_state}), {waited(one)} now",
            Level.DEGRADED if (one.seconds or 0) >= LOCK_LONG else None,
        )
        for one in seen.locks
    )
    queries = {one.blocks: one.blocks_query for one in seen.locks} | {one.waits: one.waits_query for one in seen.locks}
    shown = [statement(query, 160) for query in queries.values()]
    verbatim = "\n".join(f"{pid}  {query}" for pid, query in zip(queries, shown, strict=True))
    return Group("Locks", lines, "nobody waits", verbatim)


def _room(seen: Seen) -> Group:
    disk = told(seen.disk, lambda one: f"{size(one.used)} of {size(one.size)} used, {percent(one.share)}")
    lines = [Line("The disk:", disk), Line("The database:", told(seen.size, size))]
    if isinstance(seen.tables, list):
        lines += [Line(f"{one.schema}.{one.name}", size(one.bytes)) for one in seen.tables]
    if isinstance(seen.overridden, dict) and seen.overridden:
        changed = listing([f"{name} = {str(value)[:40]}" for name, value in sorted(seen.overridden.items())], 8)
        lines.append(Line("Settings of its own:", changed))
    return Group("Room", tuple(lines))


def _errors(seen: Seen) -> Group:
    title = "Errors in the last hour"
    if not isinstance(seen.errors, list):
        return Group(title, none=told(seen.errors, lambda _: ""))
    examples = quoted([one.example for one in seen.errors], 120)
    lines = tuple(_error(one, example) for one, example in zip(seen.errors, examples, strict=True))
    return Group(title, lines, "no rows in the log, which is no proof that there were none")


def _error(one: Errors, example: str) -> Line:
    means = f", {CODES[one.state]}" if one.state in CODES else ""
    return Line(one.state or "no code", f"{one.number} × {one.severity}{means}: {example}")
