"""The database is real, quickly there, and nothing of it stays behind, however its owner ends."""

import asyncio
import inspect
import json
import os
import signal
import sys
from pathlib import Path

import httpx
import pytest

from bot.clock import SystemClock
from playground.supabase.postgres import DatabaseFailed, Postgres, programs
from playground.supabase.project import Project


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _there(folder):
    return folder.exists()


async def _gone(pid, folder=None):
    """Wait until a process and its folder are gone."""
    async with asyncio.timeout(20):
        while _alive(pid) or (folder and _there(folder)):  # noqa: ASYNC110 — another process tells no event
            await asyncio.sleep(0.02)


def _mode(folder):
    return folder.stat().st_mode & 0o777


def _child(pid):
    """The first child of a process."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def _folder(server):
    """Where a postgres has its socket."""
    arguments = Path(f"/proc/{server}/cmdline").read_text().split("\0")
    return Path(arguments[arguments.index("-k") + 1])


async def test_started_asked_and_stopped():
    postgres = Postgres(SystemClock())
    await postgres.start()
    folder = Path(postgres.host)
    assert _alive(postgres.pid)
    assert _mode(folder) == 0o700, "nobody else may enter: the socket asks for no password"
    async with postgres.superuser() as connection:
        assert (await connection.fetchval("select version()")).startswith("PostgreSQL ")
    await postgres.stop()
    await postgres.stop()
    assert not _alive(postgres.pid)
    assert not _there(folder)


async def test_a_taken_port_stops_what_was_begun(project):
    taken = int(project.api_url.rpartition(":")[2])
    second = Project(port=taken)
    with pytest.raises(OSError, match="address already in use"):
        await second.start()
    await _gone(second.postgres.pid, Path(second.postgres.host))


async def test_a_server_that_cannot_start_says_why(tmp_path):
    keeper = Path(inspect.getfile(Postgres)).with_name("keeper.py")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-S",
        str(keeper),
        str(tmp_path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate(b"")
    assert b'"error"' in said
    assert b"No such file or directory" in said
    assert process.returncode == 1
    assert issubclass(DatabaseFailed, RuntimeError)


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_nothing_stays_behind(how):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "playground.supabase", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    ready = (await asyncio.wait_for(process.stdout.readline(), 60)).decode().split()
    assert ready[0] == "ready"
    async with httpx.AsyncClient() as client:
        assert (await client.get(ready[1])).status_code == 200
    keeper = _child(process.pid)
    server = _child(keeper)
    folder = _folder(server)
    process.send_signal(how)
    _, errors = await process.communicate()
    await _gone(server, folder)
    await _gone(keeper)
    if how is not signal.SIGKILL:
        assert (process.returncode, errors) == (0, b"")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand the server to another user")
async def test_a_checkout_that_only_root_may_enter_stays_closed(tmp_path):
    bin_dir = _closed_copy(tmp_path)
    keeper = Path(inspect.getfile(Postgres)).with_name("keeper.py")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-S",
        str(keeper),
        str(bin_dir),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate(b"")
    answer = json.loads(said)
    assert "error" not in answer
    assert _mode(bin_dir.parents[2]) == 0o700
    await _gone(answer["pid"], Path(answer["host"]))


def _closed_copy(folder):
    """The wheel's programs and libraries in a folder that nobody else may enter."""
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    package = programs().parents[1]
    for name in (package.name, f"{package.name}.libs"):
        (closed / name).symlink_to(package.with_name(name))
    return closed / package.name / programs().parent.name / "bin"
