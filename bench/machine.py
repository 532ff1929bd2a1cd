"""Which machine, which versions, how busy: printed above the figures and written beneath them."""

import os
import platform
import re
import shutil
import sqlite3
import subprocess
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("aiohttp", "slack-bolt", "pydantic")


def described() -> str:
    """One line: processor, cores, memory, kernel, versions."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{_processor()}, {os.cpu_count()} cores, {_memory():.0f} GB, {platform.system()} {platform.release()}; "
        f"{python}, SQLite {sqlite3.sqlite_version}, {libraries}{_node()}"
    )


def load() -> float:
    """How many processes wanted to run, in the mean of the last minute; some of them may be ours."""
    return os.getloadavg()[0]


def _processor() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", _read("/proc/cpuinfo"), re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def _memory() -> float:
    found = re.search(r"^MemTotal:\s+(\d+) kB", _read("/proc/meminfo"), re.MULTILINE)
    return int(found[1]) / 1024**2 if found else 0.0


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        return ""
    said = subprocess.run((node, "--version"), capture_output=True, text=True, check=False)
    return f", Node {said.stdout.strip().lstrip('v')}"


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:  # no such thing on this system
        return ""
