"""Every byte that leaves the bot, written down: to Slack, to Supabase, to the wallet, to Circle, to its children.

HTTP goes through a door of ours that passes it on. Left out is what has to hold a value, and nothing else of it: the
body of POST …/secrets to Supabase, the Authorization to Circle.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import aiohttp
from aiohttp import web

from playground.town import Town

_HOP = {"host", "content-length", "transfer-encoding", "connection", "content-encoding", "accept-encoding"}
EVERY = 0.02  # seconds between looks at /proc: a child of git lives longer


class Record:
    """Files in *folder*: `http`, `slack`, `proc`. `children`: how many processes of the bot's were seen."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}
        self._seen: set[bytes] = set()
        self.posts = 0  # bodies that were let through, with values in them
        self.children: set[int] = set()

    def write(self, name: str, *parts: bytes) -> None:
        """Append to a file."""
        if name not in self._files:
            self._files[name] = (self._folder / name).open("ab")
        self._files[name].write(b"\n".join(parts) + b"\n")

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def slack(self, entry: dict[str, Any]) -> None:
        """A frame or call of Slack's (playground.slack.journal): those that the bot sent, without Slack's answers.

        A history that the bot reads holds what people wrote in the channel.
        """
        if entry["way"] == "in":
            sent = json.loads(entry["raw"]) if entry["raw"].startswith("{") else entry["raw"]
            if isinstance(sent, dict):
                sent.pop("answer", None)
            self.write("slack", f"{entry['kind']} {entry['name']}".encode(), json.dumps(sent).encode())

    def files(self, town: Town) -> None:
        """The files that were uploaded, and the mail that was sent."""
        for file in town.slack.backend.files.by_id.values():
            self.write("files", file.name.encode(), file.data or b"")
        for mail in town.mailbox.messages:
            self.write("mail", json.dumps(mail.as_json()).encode())

    async def watch(self, pid: int) -> None:
        """Look at the arguments and the environment of the bot and its children, until cancelled."""
        while True:
            for each in [pid, *_children(pid)]:
                self.children.add(each)
                for name in ("cmdline", "environ"):
                    with suppress(OSError):
                        held = Path(f"/proc/{each}/{name}").read_bytes()  # noqa: ASYNC240  # no disk is behind it
                        if held not in self._seen:
                            self._seen.add(held)
                            self.write("proc", f"{each} {name}".encode(), held)
            await asyncio.sleep(EVERY)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += [int(each), *_children(int(each))]
    return found


class Doors:
    """A door in front of each server that the bot speaks HTTP with; `settings` are those of the town, through them."""

    def __init__(self, town: Town, record: Record) -> None:
        self._town = town
        self._record = record
        self._runners: list[web.AppRunner] = []

    async def open(self) -> None:
        """Open them."""
        self._session = aiohttp.ClientSession(auto_decompress=False)
        project = self._town.project
        self._circle = await self._door(project.circle.url, lambda _: ("", "authorization"))
        self._api = await self._door(project.api_url, _value_in_body)
        self._functions = await self._door(project.functions_url, lambda _: ("", ""))

    def settings(self, data: Path) -> dict[str, str]:
        """The environment of a bot whose calls all go through a door."""
        project = self._town.project
        return self._town.settings(data) | {
            "SUPABASE_API_URL": self._api,
            "AIKEYS_FUNCTIONS_URL": self._functions,
            "AIKEYS_CIRCLE_CHECK_URL": project.circle.check_url.replace(project.circle.url, self._circle),
        }

    async def close(self) -> None:
        """Close them."""
        for runner in self._runners:
            await runner.cleanup()
        await self._session.close()

    async def _door(self, upstream: str, left_out: Callable[[web.Request], tuple[str, str]]) -> str:
        async def pass_on(request: web.Request) -> web.StreamResponse:
            body = await request.read()
            part, header = left_out(request)
            if part or header:
                self._record.posts += 1
            shown = [f"{name}: {value}" for name, value in request.headers.items() if name.lower() != header]
            head = f"{request.method} {request.raw_path}\n" + "\n".join(shown)
            self._record.write("http", head.encode("utf-8", "replace"), b"" if part else body)
            headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP}
            url = upstream.rstrip("/") + request.raw_path
            try:
                async with self._session.request(
                    request.method, url, data=body or None, headers=headers, allow_redirects=False
                ) as answer:
                    kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP}
                    return web.Response(status=answer.status, headers=kept, body=await answer.read())
            except aiohttp.ClientError:
                if request.transport is not None:
                    request.transport.abort()  # as upstream did
                return web.Response(status=502)

        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_route("*", "/{rest:.*}", pass_on)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._runners.append(runner)
        return f"http://127.0.0.1:{runner.addresses[0][1]}"


def _value_in_body(request: web.Request) -> tuple[str, str]:
    return ("body" if request.method == "POST" and request.path.endswith("/secrets") else "", "")
