"""Has a chart drawn by another process (bot.drawing.charts), which gets the facts and nothing else."""

import asyncio
import base64
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger(__name__)

PATIENCE = 40.0  # seconds: the first on a machine makes a list of fonts, which takes ten
MOST = 5_000_000  # bytes of what comes back


@dataclass(frozen=True, slots=True)
class Chart:
    """*alt* says in words what it shows. *why* it could not be drawn; then *svg* and *png* are empty."""

    alt: str
    svg: str = ""
    png: bytes = b""
    why: str = ""


async def chart(facts: Mapping[str, Any], alt: str, cache: Path) -> Chart:
    """Draw *facts* (see bot.drawing.charts.draw). *cache*: a folder for what is kept between charts. Never raises."""
    try:
        said = await asyncio.wait_for(_drawn(json.dumps(facts).encode(), cache), PATIENCE)
        found = json.loads(said)
        return Chart(alt, str(found["svg"]), base64.b64decode(found["png"], validate=True))
    except TimeoutError:
        return Chart(alt, why=f"Drawing it took longer than {PATIENCE:g} s.")
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("chart.undrawn", error=type(error).__name__)
        return Chart(alt, why="The process that draws it failed; the bot's log has it.")


async def _drawn(facts: bytes, cache: Path) -> bytes:
    await asyncio.to_thread(cache.mkdir, mode=0o700, parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",  # neither the folder it stands in nor PYTHON… of the environment decide what is run
        "-m",
        "bot.drawing.charts",
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd=cache,
        env={"MPLCONFIGDIR": str(cache), "HOME": str(cache), "LC_ALL": "C.UTF-8"},
        start_new_session=True,
    )
    try:
        said, _ = await process.communicate(facts)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if process.returncode != 0 or len(said) > MOST:
        raise ValueError(f"exit code {process.returncode}")
    return said
