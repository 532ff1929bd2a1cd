"""Keeps one throw-away PostgreSQL for exactly as long as the bot lives: a program of its own, standard library only.

Its first line of input says where the programs are and where the data may lie; its answer is where the server listens:
a socket that only its user can open. When its input ends, because the bot is done, stopped or killed with -9, the
server goes, and its folder with all that was restored into it.
"""

import asyncio
import json
import os
import pwd
import shutil
import signal
import stat
import sys
import tempfile
from pathlib import Path
from typing import Any

PORT = 5432  # names the socket file only
READY_WITHIN = 60.0  # seconds
# Nothing of it need survive anything.
ENVIRON = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}  # the bot's own holds its tokens
# jit: its compiler fails where memory may not become executable (systemd's MemoryDenyWriteExecute). Parallel workers:
# they share /dev/shm, of which a container has 64 MB.
SETTINGS = ("jit=off", "max_parallel_workers=0",
            "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "wal_level=minimal",
            "max_wal_senders=0", "shared_buffers=32MB", "max_wal_size=256MB", "logging_collector=off")  # fmt: skip


async def main() -> int:
    """Keep a server until the input ends. 0 when all went well."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    asked = json.loads(sys.stdin.buffer.readline())
    folder = Path(tempfile.mkdtemp(prefix="aikeys-check-", dir=asked["in"]))
    server = None
    try:
        owner = _owner()
        programs = Path(asked["programs"])
        _reachable(programs, owner)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if owner is not None:
            for path in (folder, data):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        await _initdb(programs, data, owner)
        server = await _postgres(programs, data, folder, owner)
        await _ready(server, data)
        _say({"host": str(folder), "port": PORT})
        await asyncio.to_thread(sys.stdin.buffer.read)
    except Exception as error:  # noqa: BLE001  # the bot reads it and raises it there
        _say({"error": str(error)[:300]})
        return 1
    else:
        return 0
    finally:
        if server is not None:
            await _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> pwd.struct_passwd | None:
    """Whom to run as: PostgreSQL refuses root. None where we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as")


def _reachable(programs: Path, owner: pwd.struct_passwd | None) -> None:
    folders = (programs, *programs.parents)
    if owner is not None and not all(folder.stat().st_mode & stat.S_IXOTH for folder in folders):
        raise RuntimeError(f"the user {owner.pw_name} may not enter {programs}: run the bot as a user of its own")


async def _initdb(programs: Path, data: Path, owner: pwd.struct_passwd | None) -> None:
    words = ("-D", str(data), "-U", "aikeys_check", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    program = str(programs / "initdb")
    made = await asyncio.create_subprocess_exec(
        program, *words, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE, env=ENVIRON, **_as(owner),
    )  # fmt: skip
    _, complaint = await made.communicate()
    if made.returncode:
        raise RuntimeError(f"initdb failed: {complaint.decode(errors='replace').strip()[-200:]}")


async def _postgres(programs: Path, data: Path, folder: Path, owner: Any) -> asyncio.subprocess.Process:
    words = ["-D", str(data), "-k", str(folder), "-p", str(PORT), "-h", ""]
    for setting in SETTINGS:
        words += ["-c", setting]
    quiet = asyncio.subprocess.DEVNULL
    program = str(programs / "postgres")
    return await asyncio.create_subprocess_exec(
        program, *words, stdin=quiet, stdout=quiet, stderr=quiet, env=ENVIRON, **_as(owner)
    )


async def _ready(server: asyncio.subprocess.Process, data: Path) -> None:
    pid_file = data / "postmaster.pid"
    for _ in range(int(READY_WITHIN / 0.02)):
        if server.returncode is not None:
            raise RuntimeError("postgres ended at once")
        lines = pid_file.read_text().splitlines() if pid_file.exists() else []
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return
        await asyncio.sleep(0.02)
    raise RuntimeError(f"postgres was not ready within {READY_WITHIN:g} s")


def _as(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    clean: dict[str, Any] = {"cwd": "/"}
    return clean if owner is None else clean | {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


async def _stop(server: asyncio.subprocess.Process) -> None:
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.returncode is not None:
            return
        server.send_signal(how)
        try:
            await asyncio.wait_for(server.wait(), 5)
        except TimeoutError:
            continue


def _say(line: dict[str, Any]) -> None:
    try:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the bot is gone already: the end comes next
        return


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
