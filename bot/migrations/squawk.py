"""Squawk's warnings about locks: a linter of its own, in a child process that gets a file's text and nothing else."""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 5.0  # seconds: a request for approval waits no longer for a second opinion
_MOST = 200_000  # bytes of its answer
# What it says of them is known already (bot.migrations.reading), or is a matter of taste.
_TASTE = (
    "prefer-robust-stmts,prefer-text-field,prefer-bigint-over-int,prefer-bigint-over-smallint,prefer-identity,"
    "prefer-timestamp-tz,require-lock-timeout,require-statement-timeout,transaction-nesting,ban-uncommitted-transaction,"
    "ban-drop-column,ban-drop-table,ban-drop-database,ban-truncate-cascade"
)


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning. *line* from 1 on."""

    line: int
    rule: str
    message: str


async def warnings(sql: str) -> list[Warned] | str:
    """What squawk says of *sql*; or in a sentence why it says nothing. Raises nothing."""
    program = Path(sys.executable).parent / "squawk"
    if not program.exists():
        return "squawk is not installed: its warnings about locks are missing here."
    try:
        child = await asyncio.create_subprocess_exec(
            str(program), "--reporter", "json", "--exclude", _TASTE, "--pg-version", "15", "--assume-in-transaction",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"NO_COLOR": "1"},
            cwd="/",
        )  # fmt: skip
    except OSError as error:
        return f"squawk does not start ({error.strerror})."
    asked = asyncio.ensure_future(child.communicate(sql.encode()))
    done, _ = await asyncio.wait({asked}, timeout=PATIENCE)
    if not done:
        child.kill()
        await asyncio.gather(asked, return_exceptions=True)
        return f"squawk did not answer within {PATIENCE:g} s."
    return read(asked.result()[0])


def read(out: bytes) -> list[Warned] | str:
    """Pure: what it wrote."""
    try:
        found = json.loads(out[:_MOST])
        return [Warned(int(one["line"]) + 1, str(one["rule_name"])[:60], str(one["message"])[:200]) for one in found]
    except (ValueError, TypeError, KeyError, RecursionError):
        return "squawk's answer could not be read."
