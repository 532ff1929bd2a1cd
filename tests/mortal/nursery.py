"""Processes that are born quickly and killed with -9: the one place of all tests and of the chaos that do so."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Mortal:
    """A process of its own. *out*: where it writes what it says on stdout."""

    def __init__(self, pid: int, out: Path) -> None:
        self.pid = pid
        self.out = out
        self.murdered = False  # by `killed`; not at a point of its own
        self._code: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @property
    def code(self) -> int | None:
        """The exit code, or minus the signal; None while it lives."""
        return self._code.result() if self._code.done() else None

    def gone(self, code: int) -> None:
        """It was buried."""
        if not self._code.done():
            self._code.set_result(code)

    def sends(self, number: signal.Signals) -> None:
        """Send it a signal, if it is still there."""
        if not self._code.done():
            with suppress(ProcessLookupError):  # buried, and we have not heard of it yet
                os.kill(self.pid, number)

    async def died(self, within: float = 30) -> int:
        """Wait until it is gone; return the exit code. Raises TimeoutError."""
        async with asyncio.timeout(within):
            return await asyncio.shield(self._code)

    async def killed(self) -> int:
        """Kill -9."""
        self.murdered = self.code is None
        self.sends(signal.SIGKILL)
        return await self.died()

    def said(self) -> list[str]:
        """The whole lines that it said so far."""
        return self.out.read_text().splitlines(keepends=False) if self.out.exists() else []

    async def speaks(self, within: float = 30) -> None:
        """Wait for its first word, or its end."""
        async with asyncio.timeout(within):
            while not self.said() and not self._code.done():  # noqa: ASYNC110  # another process, read from a file
                await asyncio.sleep(0.005)


class Nursery:
    """`open`, then `bears` as often as you like; `close` leaves no process behind.

    *preload*: a library for all of them.
    """

    def __init__(self, preload: Path | None = None) -> None:
        self._environment = {"LD_PRELOAD": str(preload)} if preload is not None else {}
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._living: dict[int, Mortal] = {}
        self._born: asyncio.Queue[Mortal] = asyncio.Queue()
        self._turn = asyncio.Lock()

    async def open(self) -> None:
        """Start the process that all are forks of."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.mortal"),
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"} | self._environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._listening = asyncio.create_task(self._listen())

    async def bears(
        self,
        program: str,
        out: Path,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        point: Sequence[object] = (),
        err: Path = Path(os.devnull),
    ) -> Mortal:
        """Start *program*; it dies of itself at *point*: a log event's name, and the how-manieth time. Of several
        names the first that comes; which, it `said` last.

        What it says goes to *out*, which is emptied first, its log to the end of *err*.
        """
        assert self._process is not None
        assert self._process.stdin is not None
        _empty(out)
        wanted = {
            "program": program,
            "arguments": arguments,
            "environment": {"PATH": os.environ["PATH"]} | dict(environment or {}),
            "point": list(point),
            "out": str(out),
            "err": str(err),
        }
        async with self._turn:
            self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
            mortal = await self._born.get()
        mortal.out = out
        return mortal

    async def close(self) -> None:
        """End it, and all that live."""
        if self._process is not None and self._listening is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            await self._process.wait()
            await self._listening

    async def _listen(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            said = json.loads(line)
            if "born" in said:
                mortal = self._living[said["born"]] = Mortal(said["born"], Path(os.devnull))
                self._born.put_nowait(mortal)
            elif "dead" in said:
                self._living.pop(said["dead"]).gone(said["code"])


def _empty(file: Path) -> None:
    file.unlink(missing_ok=True)
