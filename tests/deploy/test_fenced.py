"""The bot in the fences of its container: a plain user, nothing to write on but its folder and /tmp, no capability."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chat import Chat, verdict
from tests.shell import Shell

ROOT = Path(__file__).parents[2]
UID = "10001"  # the image's


def fences(data: Path, *seen: Path) -> list[str]:
    """What `compose.yaml` says, by bubblewrap: *data* can be written, *seen* can be read."""
    words = ["bwrap", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent"]
    words += ["--uid", UID, "--gid", UID, "--cap-drop", "ALL", "--new-session"]
    words += ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
    for path in seen:
        words += ["--ro-bind", str(path), str(path)]
    return [*words, "--bind", str(data), str(data), "--chdir", str(ROOT)]


@pytest.fixture
def data(tmp_path):
    if shutil.which("bwrap") is None:
        pytest.skip("no bubblewrap here (Debian's package of that name): the fences are read, not tried")
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    tried = subprocess.run([*fences(folder), "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"this machine allows no user namespaces ({tried.stderr.strip()[:120]})")
    return folder


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
