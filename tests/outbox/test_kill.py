"""kill -9 while letters are sent: each stands in the channel once afterwards, in its order, as it was last written."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from bot.clock import SystemClock

POINTS = [
    *((point, nth) for point in ("letter.intent", "letter.effect", "letter.result") for nth in (1, 2)),
    ("letter.edited", 1),
]


@pytest.fixture
def clock():
    """The killed program has the machine's, and what it looks for is looked for by time."""
    return SystemClock()


@pytest.fixture
def lives(path, workspace, ops):
    """Runs the program, to die at a point or not; returns its exit code."""

    async def run(*point: str) -> int:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.outbox.program",
            *(str(path), workspace.api_url, workspace.bot_token, ops, *point),
            cwd=Path(__file__).parents[2],
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(30):
            return await process.wait()

    return run


@pytest.mark.parametrize(("point", "nth"), POINTS)
async def test_killed_at_a_named_point(lives, workspace, point, nth):
    assert await lives(point, str(nth)) == -signal.SIGKILL

    assert await lives() == 0

    said = [one for one in workspace.messages("#ops", "ana") if one.get("bot_id")]
    assert [one["text"] for one in said] == ["done", "step one", "step two"]
    assert {one["thread_ts"] for one in said[1:]} == {said[0]["ts"]}
