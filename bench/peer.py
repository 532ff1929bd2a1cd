"""Starts one of the measured programs against a workspace, and stops it by its own process id."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import installing
from playground.slack.workspace import Workspace
from playground.town import Town


@dataclass(frozen=True)
class Peer:
    """A program that answers /aikeys. *sockets*: how many connections it keeps."""

    name: str
    command: tuple[str, ...]
    sockets: int = 1


@dataclass
class Running:
    """A started peer: seconds from spawn to its first connection, and its process."""

    process: asyncio.subprocess.Process
    connected_after: float
    spawned: float  # time.perf_counter()

    def rss(self) -> float:
        """Resident memory in MB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0


OURS = Peer("aikeys", (sys.executable, "-m", "bench.peers.ours"), sockets=2)
BARE = Peer("bare Bolt for Python", (sys.executable, "-m", "bench.peers.bare_bolt"))


REAL = Peer("aikeys", (sys.executable, "-m", "bot", "run"), sockets=2)
JS, ERRBOT = "bare Bolt for JavaScript", "Errbot"


async def peers() -> tuple[list[Peer], list[str]]:
    """Those that can run here, beside ours; a sentence for each that cannot."""
    found, missing = [BARE], []
    for name, install in ((JS, installing.bolt_js), (ERRBOT, installing.errbot)):
        try:
            found.append(Peer(name, await install()))
        except installing.NotHere as why:
            missing.append(f"{name}: {why}")
    return found, missing


@asynccontextmanager
async def running(peer: Peer, town: Town, **more: str) -> AsyncIterator[Running]:
    """Start *peer* in *town* and wait until its connections are open."""
    with tempfile.TemporaryDirectory(prefix="aikeys-bench-") as folder:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        started = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *peer.command, env=kept | town.settings(Path(folder)) | more, stdin=asyncio.subprocess.DEVNULL
        )
        try:
            await town.slack.until(lambda: len(town.slack.sockets.open) >= 1, timeout=30)
            first = time.perf_counter() - started
            await town.slack.until(lambda: len(town.slack.sockets.open) >= peer.sockets, timeout=30)
            yield Running(process, first, started)
        finally:
            if process.returncode is None:
                process.terminate()
                try:
                    async with asyncio.timeout(25):
                        await process.wait()
                except TimeoutError:
                    process.kill()
                    await process.wait()
            await gone(town.slack)


async def gone(slack: Workspace) -> None:
    """Wait until no connection of the last program is left."""
    await slack.until(lambda: not slack.sockets.open, timeout=10)
