"""`aikeys` as a shell runs it."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Ended:
    """What a shell sees of a command."""

    code: int
    out: str
    err: str


class Shell:
    """Runs `python -m bot …` in an environment of its own: `await shell("settings", environ=…)`."""

    async def __call__(
        self, *arguments: str, environ: dict[str, str] | None = None, stdin: bytes | None = None
    ) -> Ended:
        process = await self.start(*arguments, environ=environ or {}, piped=stdin is not None)
        async with asyncio.timeout(30):
            out, err = await process.communicate(stdin)
        assert process.returncode is not None
        return Ended(process.returncode, out.decode(), err.decode())

    async def start(self, *arguments: str, environ: dict[str, str], piped: bool = False) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            env={"PATH": os.environ["PATH"], "COLUMNS": "120"} | environ,
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE if piped else None,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
