"""The door for `aikeys rotate --stdin`: a socket in the bot's folder, through which its own user enters values.

Longer than a modal takes, and past Slack. Values come sealed here too: what reads along on a socket learns nothing.
Who may use it: the bot's own user and root, as the kernel says (SO_PEERCRED), who could as well read its memory.
"""

import asyncio
import json
import os
import socket
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from bot.clients.deadline import within
from bot.clock import Clock
from bot.errors import AikeysError, Refused
from bot.vault import sealing
from bot.vault.entering import Entering, handed, make
from bot.vault.receiving import Wanted, received
from bot.vault.shape import MOST
from bot.vault.vault import Vault
from store.errors import StoreError

log = structlog.get_logger(__name__)

NAME = "vault.sock"
WITHIN = 10.0  # seconds for a request: a program is at the other end, and has everything ready
LONGEST = 4 * 2**20  # bytes of a request: a hundred of the longest values fit
_ADDRESS = 100  # bytes of a path that a socket may have everywhere (sockaddr_un)


class Door:
    """*told* hears of values that came in: what they are for, and the user id that brought them."""

    def __init__(
        self, data: Path, entering: Entering, vault: Vault, told: Callable[[Wanted, int], None], clock: Clock
    ) -> None:
        self._clock = clock
        self._data = data.expanduser()
        self._entering = entering
        self._vault = vault
        self._told = told
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen. One that an earlier run left is taken away: the database's lock says that nobody listens there."""
        path = self._data / NAME
        with suppress(FileNotFoundError):
            path.unlink()
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)  # 0600 from the first moment on
        try:
            with short(path) as address:
                listening.bind(address)
        except OSError as error:
            listening.close()
            log.warning("vault.door.shut", error=error.strerror)  # the modal is there all the same
            return
        finally:
            os.umask(mask)
        self._server = await asyncio.start_unix_server(self._serve, sock=listening, limit=LONGEST)

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            (self._data / NAME).unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        uid = peer(writer.get_extra_info("socket"))
        try:
            if uid not in (0, os.getuid()):
                log.warning("vault.door.stranger", uid=uid)
                return
            await within(self._clock, WITHIN, self._heard(reader, writer, uid))
        except (ValueError, RecursionError, TimeoutError, OSError) as error:
            log.info("vault.door.left", error=type(error).__name__)
        finally:
            writer.close()

    async def _heard(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, uid: int) -> None:
        await self._answer(json.loads(await reader.readline()), reader, writer, uid)

    async def _answer(self, asked: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, uid: int) -> None:
        def say(**answer: Any) -> None:
            writer.write(json.dumps(answer).encode() + b"\n")

        try:
            if not isinstance(asked, dict):
                raise ValueError("no request")  # noqa: TRY004  # as for what is no JSON
            what = self._entering.wanted(str(asked.get("approval")), None)
            if "values" not in asked:
                box = self._vault.box
                say(names=what.names, generate=what.generate, title=what.title, key=box.public)
                return
            live = await self._entering.learn(what)
            given = asked["values"] if isinstance(asked["values"], dict) else {}
            texts = {str(name): str(text) for name, text in given.items()}
            found = received(what, texts, live, self._vault.box, sealed_only=True, most=MOST)
            if found.wrong:
                say(wrong=dict(found.wrong))
                return
            made = make(what)
            if made:
                say(made=handed(made, sealing.key_of(str(asked.get("key")))))
                if (await reader.readline()).strip() != b'"got"':
                    return  # what nobody has got is not used
                self._entering.wanted(what.approval, None)
            values = {**found.values, **made}
            self._entering.keep(what, values)
            log.info("vault.door.entered", approval=what.approval, uid=uid)
            self._told(what, uid)
            say(kept={name: value.begins for name, value in values.items()})
        except Refused as error:
            say(refused=f"{error.what} {error.why} {error.do}")
        except (AikeysError, StoreError) as error:
            say(refused=str(error))


def peer(connection: Any) -> int:
    """The user id at the other end; -1 where the system does not say (then the file's mode alone decides)."""
    if not hasattr(socket, "SO_PEERCRED"):
        return os.getuid()
    _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return int(uid)


class short:  # noqa: N801  # reads as the verb that it is: with short(path) as address
    """An address for a socket at *path*, which may be longer than one takes: then by way of its open folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder = -1

    def __enter__(self) -> str:
        if len(os.fsencode(self._path)) <= _ADDRESS:
            return str(self._path)
        self._folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        return f"/proc/self/fd/{self._folder}/{self._path.name}"

    def __exit__(self, *_: object) -> None:
        if self._folder >= 0:
            os.close(self._folder)


def ask(
    data: Path, request: Mapping[str, Any], got: Callable[[dict[str, Any]], None] = lambda _: None
) -> dict[str, Any]:
    """The other side, for the command line: send *request*, return the answer. Raises ConnectionError, TimeoutError.

    *got* is called with an answer of what the bot made, before it may be used; it returns once that is kept.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line, short(data.expanduser() / NAME) as address:
        line.settimeout(WITHIN * 2)
        line.connect(address)
        line.sendall(json.dumps(request).encode() + b"\n")
        with line.makefile("rb") as lines:
            answer = _read(lines.readline(LONGEST))
            if "made" in answer:
                got(answer)
                line.sendall(b'"got"\n')
                answer = _read(lines.readline(LONGEST)) | {"made": answer["made"]}
    return answer


def _read(raw: bytes) -> dict[str, Any]:
    if not raw.endswith(b"\n"):
        raise ConnectionError("the bot closed the line")
    answer = json.loads(raw)
    if not isinstance(answer, dict):
        raise ConnectionError("the bot said something else")
    return answer
