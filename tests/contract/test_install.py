"""A fresh machine makes its environment from requirements.lock, with nothing besides."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_editable_install_needs_no_package_beyond_the_lock(tmp_path):
    """As pip does with --no-build-isolation: what the build imports must be in this environment already."""
    build = "import sys; from hatchling.build import build_editable; print(build_editable(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [wheel.name for wheel in tmp_path.iterdir()] == [done.stdout.strip()]


def test_what_is_heavy_waits_until_it_is_needed():
    """Memory and the start have their limits: what only some commands need they load, some of it nobody."""
    heavy = ("matplotlib", "numpy", "nacl", "pyrage", "sqlglot", "aiosmtplib", "typer", "rich", "pygments", "httpx")
    told = f"""
import sys
from bot.__main__ import leave_rich_out
leave_rich_out()
import bot.answering, bot.app, bot.registry, store.database
bot.registry.load()
print([one for one in {heavy} if one in sys.modules])
from bot.clients.plain_httpx import httpx
httpx.AsyncClient()
print([one for one in {heavy} if one in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['httpx']"]
