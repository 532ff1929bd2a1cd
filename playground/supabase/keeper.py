"""Keeps one throw-away PostgreSQL server, for exactly as long as the process that asked for it lives.

Run as a program of its own (`python keeper.py BIN_DIR`), standard library only. It makes a temporary folder, runs
initdb and postgres there as its own child, writes one line of JSON (`{"host", "port", "pid"}` or `{"error"}`) and then
waits for its standard input to end. The pipe ends when the owner stops, is interrupted or is killed with -9: the server
goes and the folder with it, whatever happened. Signals meant for the terminal's group are ignored, so that Ctrl-C
cannot take the server away first.

The package's own Python half is not used: as root it makes a user and opens the permissions of every parent folder, and
its server outlives a killed owner.
"""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SUPERUSER = "supabase_admin"
PREFIX = "aikeys-pg-"  # short, because a socket's path may have 104 bytes at most (macOS)
MEMORY = "/dev/shm"  # noqa: S108 — mkdtemp makes a folder of its own there
ROOM = 512 * 1024**2  # bytes; a server takes about 150 MB, and containers often give 64
PORT = 5432  # names the socket file only: nothing listens on a network address
CHEAPLY = ("--no-sync", "--no-data-checksums", "--no-instructions")
READY_WITHIN = 30.0  # seconds; 2 is usual
# The data is scenery: nothing of it must survive a power cut, so nothing is synced to disk.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "60",  # Supabase's smallest compute
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
    "shared_buffers": "32MB",
    # A JSON object a line, in one file beside the socket: the playground's postgres_logs. A second is slow.
    "logging_collector": "on",
    "log_destination": "jsonlog",
    "log_filename": "server.log",  # the ending becomes .json
    "log_rotation_age": "0",
    "log_rotation_size": "0",
    "log_min_duration_statement": "1000",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def main() -> int:
    """Keep a server until standard input ends. 0 when all went well."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_memory()))
    programs = Path(tempfile.mkdtemp(prefix=PREFIX))
    server: subprocess.Popen[bytes] | None = None
    try:
        owner = _owner()
        bin_dir = _reachable(Path(sys.argv[1]), programs, owner)
        data = folder / "data"
        data.mkdir(mode=0o700)
        if owner is not None:
            for path in (folder, programs, data):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        _run(
            [bin_dir / "initdb", "-D", data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", *CHEAPLY],
            owner,
        )
        server = _postgres(bin_dir, data, folder, owner)
        _wait_ready(server, data, folder / "log")
        _say({"host": str(folder), "port": PORT, "pid": server.pid})
        sys.stdin.buffer.read()
    except Exception as error:  # noqa: BLE001 — the owner reads it and raises it there
        _say({"error": f"{type(error).__name__}: {error}"})
        return 1
    else:
        return 0
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(programs, ignore_errors=True)


def _memory() -> str | None:
    """A folder in memory where there is room: a new database is 300 files, thirty times faster there than on a disk."""
    try:
        room = shutil.disk_usage(MEMORY).free
    except OSError:
        return None
    return MEMORY if room >= ROOM and os.access(MEMORY, os.W_OK) else None


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


def _reachable(bin_dir: Path, folder: Path, owner: pwd.struct_passwd | None) -> Path:
    """The programs, at a place that *owner* may enter; a checkout under /root is copied rather than opened to all."""
    if owner is None or all(parent.stat().st_mode & stat.S_IXOTH for parent in (bin_dir, *bin_dir.parents)):
        return bin_dir
    # Not in memory, where many containers execute nothing; and side by side with the libraries that the wheel
    # brought, which the programs look for at ../../../<package>.libs.
    install, package = bin_dir.parent, bin_dir.parent.parent
    copy = folder / package.name / install.name
    for part in ("bin", "lib", "share"):
        shutil.copytree(install / part, copy / part, ignore=shutil.ignore_patterns("*.a", "pkgconfig"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    for path in folder.rglob("*"):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    return copy / "bin"


def _postgres(bin_dir: Path, data: Path, folder: Path, owner: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    command = [str(bin_dir / "postgres"), "-D", str(data), "-k", str(folder), "-p", str(PORT), "-h", ""]
    command += ["-c", f"log_directory={folder}"]
    for name, value in SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **_as(owner))  # noqa: S603 — our own words


def _wait_ready(server: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    """Return when the server says so in its pid file."""
    until = time.monotonic() + READY_WITHIN
    pid_file = data / "postmaster.pid"
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"postgres ended at once: {log.read_text(errors='replace')[-1000:]}")
        lines = pid_file.read_text().splitlines() if pid_file.exists() else []
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return
        time.sleep(0.01)
    raise RuntimeError(f"postgres was not ready within {READY_WITHIN:g} s")


def _run(command: list[Path | str], owner: pwd.struct_passwd | None) -> None:
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False, **_as(owner))  # noqa: S603 — as above
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name}: {done.stderr.decode(errors='replace')[-1000:]}")


def _as(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    clean = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}
    if owner is None:
        return clean
    return clean | {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, then immediate, then -9."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.poll() is not None:
            return
        server.send_signal(how)
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            continue


def _say(line: dict[str, Any]) -> None:
    try:
        print(json.dumps(line), flush=True)
    except BrokenPipeError:  # the owner is gone already: the end comes next
        return


if __name__ == "__main__":
    sys.exit(main())
