"""The live WebSocket: what happens, as it happens, for one person."""

import asyncio
import json
from typing import Any

from aiohttp import WSMsgType, web

from playground.slack.backend import Backend
from playground.slack.feed import Sees
from playground.slack.journal import readable

MOST_WAITING = 10_000  # a page that reads no more is cut off


class Live:
    """`GET /control/live?user=U0ANA[&journal=1]`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._open: set[web.WebSocketResponse] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Send one JSON object a frame until the page goes."""
        backend = self._backend
        user = backend.state.user(request.query.get("user", ""))
        if user is None:
            said = {"ok": False, "error": "no_such_user", "message": "Name a user."}
            return web.json_response(said, status=400)
        response = web.WebSocketResponse(heartbeat=30, timeout=0.5)
        await response.prepare(request)
        waiting: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST_WAITING)
        waiting.put_nowait({"type": "hello", "user": user.id})

        def put(event: dict[str, Any]) -> None:
            try:
                waiting.put_nowait(event)
            except asyncio.QueueFull:
                if request.transport is not None:
                    request.transport.abort()

        def happened(event: dict[str, Any], sees: Sees) -> None:
            if sees(user.id):
                put(event)

        def journalled(entry: dict[str, Any]) -> None:
            put({"type": "journal", "entry": readable(entry)})

        backend.feed.listeners.add(happened)
        if request.query.get("journal") == "1":
            backend.journal.listeners.add(journalled)
        self._open.add(response)
        writer = asyncio.create_task(_write(response, waiting))
        try:
            async for frame in response:
                if frame.type is WSMsgType.ERROR:
                    break
        finally:
            writer.cancel()
            self._open.discard(response)
            backend.feed.listeners.discard(happened)
            backend.journal.listeners.discard(journalled)
        return response

    async def stop(self) -> None:
        """Close every page's socket."""
        await asyncio.gather(*(response.close() for response in list(self._open)))


async def _write(response: web.WebSocketResponse, waiting: "asyncio.Queue[dict[str, Any]]") -> None:
    while True:
        event = await waiting.get()
        try:
            await response.send_str(json.dumps(event))
        except ConnectionError:
            return
