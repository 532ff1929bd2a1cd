"""The Control API: all that the page can do, as JSON over HTTP (docs/playground.md)."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from playground.slack.backend import Backend
from playground.slack.errors import ControlError
from playground.slack.hands import Hands
from playground.slack.people import APP, BOT_USER, TEAM, TEAM_DOMAIN, TEAM_NAME

Body = dict[str, Any]
Reply = Callable[[web.Request], Awaitable[Body]]


class Control:
    """The routes under /control, but for the live WebSocket."""

    def __init__(self, backend: Backend, hands: Hands, links: dict[str, str]) -> None:
        self._backend = backend
        self._hands = hands
        self._links = links

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        posts = {
            "say": self._say,
            "click": self._click,
            "submit": self._submit,
            "close": self._close,
            "shortcut": self._shortcut,
            "home": self._home,
            "react": self._react,
            "faults": self._set_fault,
        }
        gets = {
            "state": self._state,
            "messages": self._messages,
            "views": self._views,
            "faults": self._faults,
            "journal": self._journal,
        }
        return [
            *(web.post(f"/control/{name}", _posted(reply)) for name, reply in posts.items()),
            *(web.get(f"/control/{name}", _got(reply)) for name, reply in gets.items()),
        ]

    async def _state(self, _request: web.Request) -> Body:
        backend = self._backend
        app = backend.app
        return {
            "workspace": {"id": TEAM, "name": TEAM_NAME, "domain": TEAM_DOMAIN, "url": f"{backend.base}/"},
            "app": {"id": APP, "name": app.name, "bot_user": BOT_USER, "home_tab": app.home_tab},
            "now": backend.clock.now().timestamp(),
            "users": [user.as_state() for user in backend.state.users.values()],
            "usergroups": [
                {"id": ident, "handle": handle, "members": list(members)}
                for ident, (handle, members) in backend.state.groups.items()
            ],
            "channels": [channel.as_state() for channel in backend.state.channels.values()],
            "commands": [
                {"command": each.command, "description": each.description, "usage_hint": each.usage_hint}
                for each in app.commands
            ],
            "shortcuts": [
                {
                    "name": each.name,
                    "type": each.type,
                    "callback_id": each.callback_id,
                    "description": each.description,
                }
                for each in app.shortcuts
            ],
            "faults": backend.faults.as_json(),
            "sockets": len(backend.sockets.open),
            "links": dict(self._links),
        }

    async def _say(self, body: Body) -> Body:
        return await self._hands.say(
            _text(body, "user"), _text(body, "channel"), _text(body, "text"), body.get("thread_ts")
        )

    async def _click(self, body: Body) -> Body:
        return await self._hands.click(
            _text(body, "user"),
            body.get("channel"),
            body.get("ts"),
            _text(body, "action_id"),
            view_id=body.get("view_id"),
            block_id=body.get("block_id"),
            value=body.get("value"),
            selected=body.get("selected"),
            values=_values(body),
        )

    async def _submit(self, body: Body) -> Body:
        return await self._hands.submit(_text(body, "user"), _text(body, "view_id"), _values(body))

    async def _close(self, body: Body) -> Body:
        everything = bool(body.get("all", False))
        return await self._hands.close(_text(body, "user"), _text(body, "view_id"), everything=everything)

    async def _shortcut(self, body: Body) -> Body:
        return await self._hands.shortcut(
            _text(body, "user"), _text(body, "callback_id"), body.get("channel"), body.get("ts")
        )

    async def _home(self, body: Body) -> Body:
        return await self._hands.open_home(_text(body, "user"))

    async def _react(self, body: Body) -> Body:
        return await self._hands.react(
            _text(body, "user"),
            _text(body, "channel"),
            _text(body, "ts"),
            _text(body, "name"),
            on=bool(body.get("on", True)),
        )

    async def _set_fault(self, body: Body) -> Body:
        rate = body.get("rate", 1.0)
        if not isinstance(rate, int | float) or not 0 <= rate <= 1:
            raise ControlError("bad_rate", "rate is a share between 0 and 1.")
        await self._backend.faults.set(_text(body, "name"), bool(body.get("on", True)), float(rate))
        return {"ok": True, "faults": self._backend.faults.as_json()}

    async def _messages(self, request: web.Request) -> Body:
        user, channel = request.query.get("user", ""), request.query.get("channel", "")
        return {"messages": self._hands.messages(channel, user)}

    async def _views(self, request: web.Request) -> Body:
        return self._hands.views(request.query.get("user", ""))

    async def _faults(self, _request: web.Request) -> Body:
        return {"faults": self._backend.faults.as_json()}

    async def _journal(self, request: web.Request) -> Body:
        after = request.query.get("after", "0")
        if not after.isdecimal():
            raise ControlError("bad_after", "after is a number.")
        entries, following = self._backend.journal.after(int(after))
        return {"entries": entries, "next": following}


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ControlError("missing", f"{name} is missing.")
    return value


def _values(body: Body) -> dict[str, Body]:
    values = body.get("values", {})
    if not isinstance(values, dict) or not all(isinstance(each, dict) for each in values.values()):
        raise ControlError("bad_values", "values is {block_id: {action_id: value}}.")
    return values


def _got(reply: Reply) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            return web.json_response({"ok": True} | await reply(request))
        except ControlError as error:
            return _refused(error)

    return handle


def _posted(reply: Callable[[Body], Awaitable[Body]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            body = await request.json()
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            return _refused(ControlError("not_json", "The body must be a JSON object."))
        try:
            return web.json_response(await reply(body))
        except ControlError as error:
            return _refused(error)

    return handle


def _refused(error: ControlError) -> web.Response:
    body = {"ok": False, "error": error.code, "message": str(error), **error.fields}
    return web.json_response(body, status=400)
