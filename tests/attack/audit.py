"""Are there known vulnerabilities in what requirements.lock pins? Asked by pip-audit, from an environment of its own.

It asks the vulnerability service of the public package index; where it is away, the reason is the answer.
Its own packages are pinned with hashes in audit.lock.
"""

import asyncio
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

PLACE = ".venv-audit"
WITHIN = 300.0  # seconds for each of the steps


@dataclass(frozen=True, slots=True)
class Audited:
    """*line* for the last line; *vulnerable*: how many packages have something known against them.

    *asked*: whether a service answered for each of them; a package that nobody knows there is not audited.
    """

    line: str
    vulnerable: int = 0
    asked: bool = False


def violations_of(found: Audited | None, *, must: bool) -> int:
    """How many: the vulnerable, and one where what *must* be audited was not, or not all. None: nobody was asked."""
    vulnerable = 0 if found is None else found.vulnerable
    return vulnerable + (must and (found is None or not found.asked))


async def audited(root: Path, osv: str = "") -> Audited:
    """Make the environment, ask. *osv*: the address of another service, by OSV's API (google.github.io/osv.dev)."""
    python, lock = root / PLACE / "bin" / "python", root / "tests" / "attack" / "audit.lock"
    if not python.exists():
        await _run(root, sys.executable, "-m", "venv", str(root / PLACE))
    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(lock))
    code, _, said = await _run(root, str(python), *install)
    if code:
        return _not(f"pip-audit could not be installed ({_reason(said)})")
    service = ("--vulnerability-service", "osv", "--osv-url", osv) if osv else ()
    listed = ("-r", "requirements.lock", "--require-hashes", "--disable-pip")
    ask = ("-m", "pip_audit", *listed, *service, "--format", "json", "--progress-spinner", "off")
    code, out, said = await _run(root, str(python), *ask)
    print(said[-2000:])
    try:
        found = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return _not(f"no vulnerability service could be reached ({_reason(said)})")
    bad = {one["name"]: [each["id"] for each in one["vulns"]] for one in found if one.get("vulns")}
    skipped = sum("skip_reason" in one for one in found)
    for name, ids in bad.items():
        print(f"  VULNERABLE: {name}: {', '.join(ids)}")
    if skipped == len(found):
        return _not("whoever answers there knows none of them, and so is no vulnerability service")
    more = f", {skipped} of them not known there" if skipped else ""
    return Audited(f"{len(found)} dependencies audited{more}, {len(bad)} vulnerable", len(bad), asked=not skipped)


def _not(why: str) -> Audited:
    print(f"attack: {why}")
    return Audited(f"dependencies NOT audited: {why}")


def _reason(said: str) -> str:
    """The last line that says something, without addresses."""
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["it said nothing"]
    return re.sub(r"https?://\S+", "…", lines[-1])[:160]


async def _run(root: Path, *line: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *line, cwd=root, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        out, said = await asyncio.wait_for(process.communicate(), WITHIN)
    except TimeoutError:
        process.kill()
        await process.wait()
        return 1, "", f"no answer within {WITHIN:g} s"
    return process.returncode or 0, out.decode(errors="replace"), said.decode(errors="replace")
