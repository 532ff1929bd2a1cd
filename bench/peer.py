"""Starts one of the measured programs against a workspace, and stops it by its own process id."""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playground.slack.workspace import Workspace
from playground.town import Town

HERE = Path(__file__).parent
NODE = Path("var/bench-node")  # where Bolt for JavaScript is installed once


@dataclass(frozen=True)
class Peer:
    """A program that answers /aikeys. *sockets*: how many connections it keeps. *missing*: why it cannot run here."""

    name: str
    command: tuple[str, ...]
    sockets: int = 1
    missing: str = ""


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


async def bolt_js() -> Peer:
    """Bolt for JavaScript, installed by npm on first use; not to be had is a reason, not an error."""
    name = "bare Bolt for JavaScript"
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return Peer(name, (), missing="no node or npm on this machine")
    if _prepare():
        install = await asyncio.create_subprocess_exec(
            npm, "install", "--no-audit", "--no-fund", "--silent", "@slack/bolt@4", cwd=NODE
        )
        if await install.wait():
            return Peer(name, (), missing="npm could not install @slack/bolt")
    return Peer(name, (node, str(NODE / "bolt.cjs")))


def _prepare() -> bool:
    """Lay the folder out; True where Bolt is still to be installed."""
    NODE.mkdir(parents=True, exist_ok=True)
    (NODE / "package.json").write_text('{"private": true}')
    shutil.copy(HERE / "peers/bolt.cjs", NODE / "bolt.cjs")
    return not (NODE / "node_modules/@slack/bolt").is_dir()


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
