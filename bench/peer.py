"""Starts one of the measured programs against a workspace, and stops it by its own process id."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
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


async def peers(town: Town) -> tuple[list[Peer], list[str]]:
    """Those that can run here, beside ours, each tried once; a sentence for each that cannot."""
    found, missing = [BARE], []
    for name, install in ((JS, installing.bolt_js), (ERRBOT, installing.errbot)):
        try:
            peer = Peer(name, await install())
            async with running(peer, town):
                await asyncio.wait_for(town.slack.flood(1, "nothing", at_once=1), 10)
        except installing.NotHere as why:
            missing.append(f"{name}: {why}")
        except TimeoutError:
            missing.append(f"{name}: it was started, and acknowledged nothing")
        else:
            found.append(peer)
    return found, missing


@asynccontextmanager
async def running(peer: Peer, town: Town, **more: str) -> AsyncIterator[Running]:
    """Start *peer* in *town* and wait until its connections are open."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="aikeys-bench-"))
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        started = time.perf_counter()
        said = stack.enter_context((Path(folder) / "said").open("wb"))
        process = await asyncio.create_subprocess_exec(
            *peer.command,
            env=kept | town.settings(Path(folder)) | more,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=said,
        )
        try:
            await town.slack.until(lambda: len(town.slack.sockets.open) >= 1)
            first = time.perf_counter() - started
            await town.slack.until(lambda: len(town.slack.sockets.open) >= peer.sockets)
            yield Running(process, first, started)
        except BaseException:
            print(f"{peer.name} said last:\n", (Path(folder) / "said").read_text()[-2000:], file=sys.stderr)
            raise
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
    await slack.until(lambda: not slack.sockets.open)
