"""The bot in the fences of its container: a plain user, nothing to write on but its folder and /tmp, no capability."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.chat import Chat, verdict
from tests.deploy.fences import ROOT, UID, fences
from tests.shell import Shell


def tries(words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, check=True)


def innermost(pid: int) -> int:
    """The last of the only children: bwrap has one, and that the bot."""
    while children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        pid = int(children[0])
    return pid


async def test_the_bot_lives_within_them(data, environment, repository, town, unused_tcp_port):
    told = environment | {"AIKEYS_HTTP": f"127.0.0.1:{unused_tcp_port}", "AIKEYS_SOURCE": str(repository.path)}
    told |= {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(data)}  # as the image has it
    within = [*fences(data, ROOT, repository.path), sys.executable]
    probe = (
        "import os, pathlib\n"
        "print(os.getuid(), open('/proc/self/status').read().split('CapEff:')[1].split()[0])\n"
        "for path in ('/etc/x', '/usr/x', '/var/x', '" + str(ROOT) + "/x', '/tmp/x', '" + str(data) + "/x'):\n"
        "    try:\n        pathlib.Path(path).write_text('x'); print('wrote', path)\n"
        "    except OSError:\n        pass\n"
        f"os.unlink('{data}/x')\n"
    )
    tried = tries([*within, "-c", probe])
    assert tried.stdout.splitlines() == [f"{UID} {'0' * 16}", "wrote /tmp/x", f"wrote {data}/x"]

    bot = await asyncio.create_subprocess_exec(
        *within, "-m", "bot", "run", env=told, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        chat = Chat(town.slack)
        await town.slack.until(lambda: len(town.slack.sockets.open) == 2)
        await chat.says("ana", "/aikeys health")
        await chat.until(verdict)
        alive = await Shell()("alive", "--ready", environ=told)
        assert (alive.code, alive.out) == (0, "alive and ready\n"), alive.err
        assert {one.name for one in data.iterdir()} >= {"aikeys.sqlite", "audit.key"}
        os.kill(innermost(bot.pid), signal.SIGTERM)  # bwrap passes no signal on, as tini does
        assert await asyncio.wait_for(bot.wait(), 30) == 0
        gone = await Shell()("alive", environ=told)
        assert (gone.code, gone.out) == (1, "")
        assert gone.err.startswith(f"no bot answers at 127.0.0.1:{unused_tcp_port}")
    finally:
        if bot.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                bot.kill()
            await bot.wait()
