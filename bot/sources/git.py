"""Runs git: by argument list, in an environment of its own, within a time and an amount of output.

Nothing of a repository is ever executed or checked out: no hooks, no filters, no external diff, no submodules, no
credential helpers, no prompts, and only the protocol that the source needs. What a user of this machine has configured
for git does not count either.
"""

import asyncio
import contextlib
import os
import shutil
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.clients.deadline import within
from bot.clock import Clock
from bot.sources.errors import SourceAway, SourceRefused, away

PATIENCE = 20.0  # seconds for what needs no network
_CHUNK = 65536
_ENDS_WITHIN = 5.0  # seconds that a killed process may take to be gone
_COMPLAINT = 16384  # bytes of what git says when it fails
# Neither may hang for ever: where the bot is killed, nobody is left to end its git.
_SSH = "ssh -oBatchMode=yes -oStrictHostKeyChecking=yes -oConnectTimeout=15 -oServerAliveInterval=15"
_CONFIG = """\
[core]
\thooksPath = /dev/null
\tattributesFile = /dev/null
\tfsmonitor = false
\tsymlinks = false
\tquotePath = false
\taskPass =
[safe]
{safe}
[gc]
\tauto = 0
[maintenance]
\tauto = false
[fetch]
\trecurseSubmodules = false
[http]
\tfollowRedirects = false
\tlowSpeedLimit = 1000
\tlowSpeedTime = 30
[credential]
\thelper =
[diff]
\trenames = false
"""


@dataclass(frozen=True, slots=True)
class Said:
    """How git ended: its code, what it wrote, what it complained, and whether its output was cut at the cap."""

    code: int
    out: bytes
    complaint: str
    cut: bool = False


class Git:
    """Git on one bare repository in *folder*, which may speak *protocol* (`file`, `https`, `ssh` or `http`)."""

    def __init__(self, folder: Path, source: str, protocol: str, clock: Clock) -> None:
        self.folder = folder
        self._clock = clock
        self._config = folder.with_suffix(".config")
        self._settings = _CONFIG.format(safe=_safe(source) if protocol == "file" else "")
        self._environ = {
            "PATH": f"{Path(_program()).parent}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder.parent),
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(self._config),
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": protocol,
            "GIT_NO_REPLACE_OBJECTS": "1",  # refs/replace would show one thing under the name of another
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_SSH_COMMAND": _SSH,
        }

    async def prepare(self) -> None:
        """Make the repository, or mend what a killed process left behind. Raises SourceAway."""
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._config.write_text(self._settings)
            if self.folder.exists():
                # The bot holds a lock on its data, so nobody else writes here: these are of a process that died.
                for left in (*self.folder.glob("*.lock"), *self.folder.glob("refs/**/*.lock")):
                    left.unlink(missing_ok=True)
                for left in self.folder.glob("objects/pack/tmp_*"):
                    left.unlink(missing_ok=True)
        except OSError as error:
            raise SourceAway(
                f"The bot cannot write its copy of the source ({error.strerror}).", "Look at AIKEYS_DATA."
            ) from None
        await self.run("init", "--quiet", "--bare", "--template=", str(self.folder), bare=True)

    async def run(
        self,
        *arguments: str,
        given: bytes = b"",
        most: int = 1_000_000,
        patience: float = PATIENCE,
        fine: Sequence[int] = (0,),
        cut: bool = False,
        bare: bool = False,
        where: Path | None = None,
    ) -> Said:
        """Run git and return what it said.

        *given* goes to its standard input, *most* is the most bytes of output (beyond: cut there with *cut*, else
        refused), *fine* are the exit codes that are no failure; with an empty *fine* every code is returned.
        *bare* leaves the repository out of the command. Raises SourceAway, SourceRefused for too much output.
        """
        place = () if bare else (f"--git-dir={self.folder}", "--literal-pathspecs", "--no-pager")
        try:
            process = await asyncio.create_subprocess_exec(
                _program(),
                *place,
                *arguments,
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                env=self._environ,
                cwd=where or self.folder.parent,
                start_new_session=True,  # so that its children (ssh, git-remote-https) can be ended with it
            )
        except OSError as error:
            raise SourceAway(f"Git cannot be run ({error.strerror}).", "Install git on the bot's machine.") from None
        try:
            said = await within(self._clock, patience, _listen(process, given, most))
        except TimeoutError:
            raise SourceAway(
                f"Git was not done within {patience:g} s.",
                "Ask again; if it stays so, look at the git server and at the size of the repository.",
            ) from None
        finally:
            await _end(process)
        if said.cut and not cut:
            raise SourceRefused(
                "This is not deployed.", "The repository holds too much for the bot.", "Make it smaller."
            )
        if said.cut or not fine or said.code in fine:
            return said
        raise away(said.complaint)


async def _listen(process: Process, given: bytes, most: int) -> Said:
    assert process.stdin is not None  # noqa: S101  # all three are pipes
    assert process.stdout is not None  # noqa: S101
    assert process.stderr is not None  # noqa: S101
    telling = asyncio.ensure_future(_tell(process.stdin, given))
    complaining = asyncio.ensure_future(_read(process.stderr, _COMPLAINT, drain=True))
    try:
        out, cut = await _read(process.stdout, most, drain=False)
        if cut:
            return Said(-1, out, "", cut=True)
        complaint, _ = await complaining
        await telling
        return Said(await process.wait(), out, complaint.decode(errors="replace"))
    finally:
        telling.cancel()
        complaining.cancel()
        await asyncio.gather(telling, complaining, return_exceptions=True)


async def _tell(stream: asyncio.StreamWriter, given: bytes) -> None:
    with contextlib.suppress(ConnectionError):  # it ended without hearing us out
        stream.write(given)
        await stream.drain()
        stream.close()
        await stream.wait_closed()


async def _read(stream: asyncio.StreamReader, most: int, *, drain: bool) -> tuple[bytes, bool]:
    """Up to *most* bytes, and whether there were more; the rest is read away where it must *drain*."""
    read = bytearray()
    cut = False
    while block := await stream.read(_CHUNK):
        if len(read) + len(block) > most:
            cut = True
            block = block[: most - len(read)]
            if not drain:
                return bytes(read + block), True
        read += block
    return bytes(read), cut


async def _end(process: Process) -> None:
    """End git and all its children; nothing of them is left when this returns."""
    streams = [stream for stream in (process.stdout, process.stderr) if stream is not None]
    # A group that still holds a pipe still exists, so its number cannot have gone to anybody else.
    if process.returncode is None or not all(stream.at_eof() for stream in streams):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.stdin is not None:
        process.stdin.close()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_ENDS_WITHIN):
            # Together: Python tells that a process has ended only once its pipes have been read to their end.
            await asyncio.gather(process.wait(), *(_read(stream, 0, drain=True) for stream in streams))


@cache
def _program() -> str:
    found = shutil.which("git")
    if found is None:
        raise SourceAway("Git is not installed on the bot's machine.", "Install git.")
    return found


def _safe(source: str) -> str:
    """The one repository of another user that may be read: the one in the settings, named by its owner."""
    quoted = source.replace("\\", "\\\\").replace('"', '\\"')
    return "\n".join(f'\tdirectory = "{path}"' for path in (quoted, f"{quoted}/.git"))
