"""The addresses that are not the Control API's: what the app calls, and what the browser loads."""

import json

from aiohttp import web

from playground.slack import page
from playground.slack.api import Api
from playground.slack.backend import Backend
from playground.slack.faults import LATENCY, RETRY_AFTER
from playground.slack.live import Live


class Doors:
    """The routes of the Web API, the sockets, response_url, uploads, files, the page and the live updates."""

    def __init__(self, backend: Backend, api: Api, live: Live) -> None:
        self._backend = backend
        self._api = api
        self._live = live

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        return [
            web.get("/", page.index),
            web.get("/page/{path:.+}", page.asset),
            web.get("/control/live", self._live.handle),
            web.post("/api/{method}", self._api.handle),
            web.get("/api/{method}", self._api.handle),
            web.get("/link/", self._backend.sockets.handle),
            web.post("/actions/{id}", self._hook),
            web.post("/upload/v1/{key}", self._upload),
            web.get("/files/{id}/{name}", self._backend.files.serve),
            web.get("/archives/{channel}/{rest:.*}", self._permalink),
            web.route("*", "/control/{rest:.*}", _unknown),
        ]

    async def _hook(self, request: web.Request) -> web.StreamResponse:
        """A response_url; the faults of calls hold here too."""
        backend = self._backend
        if backend.faults.hits("slack_away"):
            return _cut(request)
        if backend.faults.hits("slack_latency"):
            await backend.clock.sleep(LATENCY)
        if backend.faults.hits("slack_5xx"):
            return web.Response(status=503, text="upstream connect error")
        if backend.faults.hits("slack_429"):
            return web.Response(status=429, headers={"Retry-After": str(RETRY_AFTER)}, text="ratelimited")
        sent = await request.text()
        status, body = await backend.hooks.handle(request)
        note = {"args": _parsed(sent), "answer": body}
        if backend.faults.hits("slack_store_then_drop"):
            backend.journal.note("in", "hook", "response_url", note, status="cut")
            return _cut(request)
        backend.journal.note("in", "hook", "response_url", note, status=status)
        if isinstance(body, str):
            return web.Response(status=status, text=body)
        return web.json_response(body, status=status)

    async def _permalink(self, request: web.Request) -> web.StreamResponse:
        """A message's address opened by itself: the page, in that channel."""
        channel = self._backend.state.channels.get(request.match_info["channel"])
        raise web.HTTPFound(f"/#/ana/{channel.name}" if channel is not None and channel.name else "/")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        backend = self._backend
        if backend.faults.hits("slack_away"):
            return _cut(request)
        if backend.faults.hits("slack_5xx"):
            return web.Response(status=503, text="upstream connect error")
        response = await backend.files.receive(request)
        note = {"bytes": request.content_length, "answer": response.text}
        backend.journal.note("in", "upload", "upload", note, status=response.status)
        return response


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=503)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


async def _unknown(request: web.Request) -> web.Response:
    said = f"There is no {request.method} {request.path}."
    return web.json_response({"ok": False, "error": "not_found", "message": said}, status=404)
