"""`/aikeys backup dump` as an operation: look, dump and encrypt, restore and count, keep. One at a time.

The key of the check lives in this process alone. A restart in the middle leaves a file that nobody here can read back:
it was never a backup, and the next dump removes it.
"""

from typing import Any

from bot.context import Context
from bot.dumps.dumping import Dumping, named
from bot.dumps.errors import DumpFailed
from bot.dumps.sealing import Passing
from bot.errors import Refused
from bot.health.words import count
from bot.operations.steps import Procedure, Retry, Run, Step, StepFailed
from bot.restoring import record
from bot.restoring.points import never, nothing, start
from bot.settings import Settings
from store.operations import Operation

COMMAND = "dump"
LOOK, DUMP, CHECK, KEEP = "Look at it", "Dump and encrypt", "Restore it elsewhere and count", "Keep it"
NAMES = (LOOK, DUMP, CHECK, KEEP)
LONGEST = 6 * 3600.0  # seconds


def begin(ctx: Context) -> Operation:
    """Set it in motion. Raises Refused where a setting is missing, or one is under way."""
    missing = [env for env, there in _needed(ctx.settings).items() if not there]
    if missing:
        raise Refused(
            "Nothing was dumped.",
            f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set.",
            "docs/backups.md says how to make a user that may only read, a key, and where PostgreSQL's programs are.",
        )
    if ctx.changes is None:
        raise Refused("Nothing was dumped.", "I am still starting.", "Ask again in a minute.")
    return start(ctx, COMMAND, "Dump of the database", NAMES, {"name": named(ctx.clock.now())})


def procedure(ctx: Context) -> Procedure:
    """How it is carried out."""
    keys: dict[str, Passing] = {}
    return Procedure(
        remake=never,
        begin=nothing,
        steps=lambda operation: _steps(ctx, operation, keys),
        finished=lambda operation: _finished(ctx, operation, keys),
    )


def _steps(ctx: Context, operation: Operation, keys: dict[str, Passing]) -> list[Step]:
    dumping, name = _dumping(ctx.settings), str(operation.data["name"])

    async def look(_: Run) -> dict[str, Any]:
        try:
            seen = await dumping.look()
        except DumpFailed as failed:
            raise StepFailed(str(failed)) from failed
        return seen | {"said": f"PostgreSQL {seen['server']}, {seen['bytes'] / 1e6:,.0f} MB"}

    async def dump(_: Run) -> dict[str, Any]:
        passing = keys[operation.subject] = Passing()
        try:
            taken = await dumping.take(operation.started_at, passing)
        except DumpFailed as failed:
            raise StepFailed(str(failed)) from failed
        said = f"{taken.bytes / 1e6:,.1f} MB, {taken.rows:,} rows in {count(taken.tables, 'table')}"
        return {"bytes": taken.bytes, "rows": taken.rows, "tables": taken.tables, "said": said}

    async def check(_: Run) -> dict[str, Any]:
        passing = keys.get(operation.subject)
        if passing is None:
            raise StepFailed(
                "I was restarted in the middle: the key that the file could be read back with is gone, so it cannot "
                "be checked, and does not count. Ask again: /aikeys backup dump"
            )
        try:
            seen = await dumping.check(name, passing)
        except DumpFailed as failed:
            raise StepFailed(str(failed)) from failed
        odd = f"; {count(seen.odd, 'object')} of extensions that are not here left out" if seen.odd else ""
        where = "in memory" if seen.in_memory else "in a private folder"
        return {"odd": seen.odd, "said": f"{seen.rows:,} rows, as many as were dumped, {where}{odd}"}

    async def keep(run: Run) -> dict[str, Any]:
        gone = dumping.keep(name)
        made = run.results[DUMP]
        older = f" {count(len(gone), 'older one')} removed." if gone else ""
        rows = f"{made['rows']:,} rows in {count(made['tables'], 'table')}"
        return {"gone": gone, "said": name, "outcome": f"{name}: {rows}, restored and counted.{older}"}

    return [
        Step(LOOK, look, retry=Retry.HARMLESS, timeout=90),
        Step(DUMP, dump, retry=Retry.HARMLESS, timeout=LONGEST),
        Step(CHECK, check, retry=Retry.HARMLESS, timeout=LONGEST),
        Step(KEEP, keep, retry=Retry.HARMLESS, timeout=60, cancellable=False),
    ]


def _finished(ctx: Context, operation: Operation, keys: dict[str, Passing]) -> None:
    keys.pop(operation.subject, None)
    made = operation.results.get(DUMP)
    if operation.state == "done" and made is not None:
        data = {key: made[key] for key in ("bytes", "rows", "tables")} | {"name": operation.data["name"]}
        data["operation"] = operation.subject
        ctx.store.events.append(record.SUBJECT, record.DUMPED, operation.started_by, data, ctx.clock.now())


def _needed(settings: Settings) -> dict[str, object]:
    return {
        "AIKEYS_DUMP_URL": settings.dump_url,
        "AIKEYS_DUMP_KEY": settings.dump_key,
        "AIKEYS_DUMPS": settings.dumps,
        "AIKEYS_PG_BIN": settings.pg_bin,
    }


def _dumping(settings: Settings) -> Dumping:
    if not (settings.dump_url and settings.dumps and settings.pg_bin):
        raise DumpFailed("A setting that a dump needs was taken away: AIKEYS_DUMP_URL, AIKEYS_DUMPS or AIKEYS_PG_BIN.")
    return Dumping(
        settings.dump_url.get_secret_value(),
        settings.pg_bin.expanduser(),
        settings.dumps.expanduser(),
        settings.dump_key,
    )
