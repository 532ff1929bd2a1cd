"""The plan to take the newest migration back: by a way back that somebody wrote, committed or stored with it.

Nothing is made up here: where there is no such way, or the migration is not the newest, it is refused, and the other
ways are named, each with what it loses.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.approvals.policy import RiskClass
from bot.context import Context
from bot.errors import AikeysError, Refused
from bot.migrations import files
from bot.migrations.evidence import gather
from bot.migrations.files import Wanted
from bot.plan import Made, Plan, digest
from bot.sources.migrations import DOWN, MigrationFile
from bot.views import consequences as view

COMMAND = "rollback migration"
STORED = "stored with it"
_LARGEST = 400_000  # bytes
_OTHER_WAYS = (
    "Write a migration that mends it and /aikeys migrate: it loses only what its statements drop. /aikeys restore "
    "<point> or <time>: it loses all that was written since, payments too, and takes the project offline. "
)


async def pin(ctx: Context, version: str) -> tuple[dict[str, Any], Wanted]:
    """What taking *version* back rests on now. Raises AikeysError."""
    history = sorted((one.version, one.name) for one in await ctx.supabase.migrations())
    versions = [one for one, _ in history]
    if version not in versions:
        raise _no(version, "It is not in the history: there is nothing to take back.", "See: /aikeys migrations")
    if version != versions[-1]:
        later = len(versions) - versions.index(version) - 1
        why = f"{later} came after it, the newest {versions[-1]}: they may rest on it."
        raise _no(version, why, f"{_OTHER_WAYS}Or take back the newest first: /aikeys {COMMAND} {versions[-1]}")
    body, path = await _way(ctx, version)
    found = await asyncio.to_thread(files.wanted, MigrationFile(version, dict(history)[version], path), body)
    if found.alone:
        raise _no(version, "Its way back cannot run in a transaction.", "Run that statement by hand, then ask anew.")
    pinned = {
        "project": ctx.target.ref,
        "commit": path,
        "head": version,
        "history": digest({"versions": versions}),
        "files": {version: found.pinned()},
    }
    return pinned, found


async def undo(ctx: Context, version: str, *, unsaved: bool = False) -> Made:
    """The whole plan, with what is shown. Raises Refused where it cannot be taken back, AikeysError."""
    pinned, found = await pin(ctx, version)
    seen = await gather(ctx, [found], unsaved=unsaved)
    where = "the way back that was stored with it" if found.path == STORED else found.path
    plan = Plan(
        command=COMMAND,
        line=f"{COMMAND} {version}" + (" --unsaved" if unsaved else ""),
        title=f"Take migration {version} back",
        subject="database/schema",
        risk_class=RiskClass.DATA_LOSS if found.loses else RiskClass.SCHEMA,
        pinned=pinned | {"restore": seen.way_back.kind},
        changes=view.back(found, where),
        dangers=[*view.dangers([found]), *seen.dangers],
        shown=[*view.now(seen.tables), *seen.shown],
    )
    return Made(plan, tuple(dict.fromkeys((found.body, found.runs.encode()))), [view.file(found, "down")])


async def again(ctx: Context, pinned: Mapping[str, Any]) -> dict[str, Any]:
    """The pinned facts as they are now."""
    fresh, _ = await pin(ctx, pinned["head"])
    return fresh | {"restore": pinned["restore"]}


async def _way(ctx: Context, version: str) -> tuple[bytes, str]:
    """The text of the way back and where it stands: committed, else stored with the migration."""
    committed = await _committed(ctx, version)
    if committed is not None:
        return committed
    stored = (await ctx.supabase.migration(version)).rollback
    if stored:
        return ";\n".join(one.rstrip().rstrip(";") for one in stored).encode() + b"\n", STORED
    raise _no(
        version,
        f"Nobody has written its way back: there is no {DOWN}/{version}.sql, and none was stored with it.",
        f"{_OTHER_WAYS}Or commit that file, and ask again.",
    )


async def _committed(ctx: Context, version: str) -> tuple[bytes, str] | None:
    if ctx.sources is None:
        return None
    try:
        commit = await ctx.sources.resolve("HEAD")
        path = (await ctx.sources.downs(commit.sha)).get(version)
    except AikeysError as error:
        raise _no(version, f"The source cannot be read: {error}", "Ask again when it can.") from error
    if path is None:
        return None
    (body,) = await ctx.sources.texts(commit.sha, [path], _LARGEST)
    return body, path


def _no(version: str, why: str, do: str) -> Refused:
    return Refused(f"{version} is not taken back.", why, do)
