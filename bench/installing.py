"""The programs of others, installed once in folders of their own under var/, never into our lock.

What cannot be had here (no Node, no network, a version that does not build) is a sentence, not an error.
"""

import asyncio
import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent / "peers"
KEPT = Path("var")
PATIENCE = 300.0  # seconds for a registry


class NotHere(Exception):
    """Why a peer cannot run on this machine."""


async def bolt_js() -> tuple[str, ...]:
    """The command of Bolt for JavaScript, by npm. Raises NotHere."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NotHere("no node or npm on this machine")
    folder = (KEPT / "bench-node").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "bolt.cjs", folder / "bolt.cjs")
    wanted = (HERE / "package.json").read_text()
    if not _done(folder, wanted):
        (folder / "package.json").write_text(wanted)
        await _run((npm, "install", "--no-audit", "--no-fund", "--silent"), folder)
        (folder / "done").write_text(wanted)
    return node, str(folder / "bolt.cjs")


async def errbot() -> tuple[str, ...]:
    """The command of Errbot with its Slack backend, by pip. Raises NotHere."""
    folder = (KEPT / "bench-errbot").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    python, wanted = folder / "venv/bin/python", (HERE / "errbot.txt").read_text()
    if not _done(folder, wanted):
        shutil.rmtree(folder / "venv", ignore_errors=True)
        await _run((sys.executable, "-m", "venv", "venv"), folder)
        pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        await _run((*pip, "-r", str(HERE / "errbot.txt")), folder)
        (folder / "done").write_text(wanted)
    return str(python), str(HERE / "errbot_here.py")


def _done(folder: Path, wanted: str) -> bool:
    """True where just that is installed."""
    mark = folder / "done"
    return mark.is_file() and mark.read_text() == wanted


async def _run(words: tuple[str, ...], folder: Path) -> None:
    kept = {name: os.environ[name] for name in os.environ if name in ("PATH", "HOME") or "proxy" in name.lower()}
    kept |= {
        name: value for name, value in os.environ.items() if name.startswith(("PIP_", "npm_config_", "SSL_", "NODE_"))
    }
    process = await asyncio.create_subprocess_exec(
        *words, cwd=folder, env=kept, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    except TimeoutError:
        process.kill()
        raise NotHere(f"`{' '.join(words[:3])} …` did not end within {PATIENCE:g} s") from None
    if process.returncode:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        raise NotHere(f"`{' '.join(words[:3])} …` failed: {''.join(last)[:200]}")
