"""The outside world of the engine's tests: a real server in the test's own process that counts what was done to it.

It knows nothing of the engine: what it has counted is the truth that the engine's rows are held against.
"""

import asyncio
from collections import Counter

from aiohttp import web


class Outside:
    """Does what it is told. *mood* says how it answers a POST; *deaf*: questions get a 503; *vague*: a 404."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.mood: dict[str, list[str]] = {}  # per step, one a POST; when used up: well
        self.deaf = False
        self.vague = False
        self.url = ""

    async def open(self) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_post("/do/{operation}/{step}", self._do)
        app.router.add_get("/do/{operation}/{step}", self._question)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def close(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    async def _do(self, request: web.Request) -> web.Response:
        key = f"{request.match_info['operation']}/{request.match_info['step']}"
        moods = self.mood.get(request.match_info["step"], [])
        mood = moods.pop(0) if moods else "well"
        if mood == "fails before":
            return web.Response(status=500)
        if mood == "refuses":
            return web.Response(status=400)
        self.done[key] += 1
        if mood == "fails after":
            return web.Response(status=500)
        if mood == "hangs after":
            await asyncio.sleep(30)  # longer than any effect here is given
        if mood == "slow":
            await asyncio.sleep(0.2)
        return web.json_response({"count": self.done[key]})

    async def _question(self, request: web.Request) -> web.Response:
        key = f"{request.match_info['operation']}/{request.match_info['step']}"
        self.asked[key] += 1
        if self.deaf or self.vague:
            return web.Response(status=503 if self.deaf else 404)
        return web.json_response({"count": self.done[key]})
