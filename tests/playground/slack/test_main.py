"""`python -m playground.slack`: up, ready, down."""

import asyncio
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


async def test_it_says_when_it_is_ready_and_stops_on_a_signal(http):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "playground.slack", "--port", "0", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            line = ""
            while not line.startswith("ready "):
                line = (await process.stdout.readline()).decode()
        state = await (await http.get(line.split()[1] + "control/state")).json()
        assert state["ok"] is True
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
