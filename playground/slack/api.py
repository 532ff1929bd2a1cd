"""The door for Web API calls: token, limits, scopes, arguments, the method, the journal and the faults."""

import json
from hmac import compare_digest
from typing import Any

from aiohttp import web

from playground.slack.backend import Backend
from playground.slack.errors import SlackError
from playground.slack.faults import LATENCY, RETRY_AFTER
from playground.slack.limits import RateLimited
from playground.slack.methods import METHODS, Call, Method
from playground.slack.wire import Args, read_args

APP_SCOPES = "connections:write"


class Api:
    """`/api/<method>`, with GET or POST."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        backend, name = self._backend, request.match_info["method"]
        began = backend.clock.monotonic()
        if backend.faults.hits("slack_away"):
            return self._cut(request, name, {})
        if backend.faults.hits("slack_latency", name):
            await backend.clock.sleep(LATENCY)
        refusal = self._faulty(name)
        if refusal is not None:
            return refusal
        known = METHODS.get(name)
        args = Args({})
        try:
            args, warnings = await read_args(request, takes_json=known is None or known.takes_json)
            token = _token(request, args)
        except SlackError as error:
            status, body = 200, {"ok": False, "error": error.code, **error.fields}
        else:
            status, body = self._answer(name, token, Call(backend, args, warnings))
        if backend.faults.hits("slack_store_then_drop", name):
            return self._cut(request, name, args.as_dict(), carried_out=True)
        took = (backend.clock.monotonic() - began) * 1000
        backend.journal.note("in", "call", name, {"args": args.as_dict(), "answer": body}, status=status, ms=took)
        return self._response(status, body, known)

    def _answer(self, name: str, token: str, call: Call) -> tuple[int, dict[str, Any]]:
        try:
            known = self._authorized(METHODS.get(name), name, token)
            self._backend.limits.call(name, known.tier)
            if known.scopes:
                call.need(*known.scopes)
            answer = {"ok": True, **known.run(call)}
        except SlackError as error:
            answer = {"ok": False, "error": error.code, **error.fields}
        except RecursionError:
            answer = {"ok": False, "error": "invalid_arguments"}
        except RateLimited as limited:
            return 429, {"ok": False, "error": "ratelimited", "retry_after": limited.retry_after}
        if call.warnings:
            answer["warning"] = ",".join(call.warnings)
            answer.setdefault("response_metadata", {})["warnings"] = list(call.warnings)
        return 200, answer

    def _authorized(self, known: Method | None, name: str, token: str) -> Method:
        tokens = self._backend.tokens
        if known is None:
            raise SlackError("unknown_method", req_method=name)
        if known.token == "none":
            return known
        if not token:
            raise SlackError("not_authed")
        is_bot, is_app = _same(token, tokens.bot), _same(token, tokens.app)
        if not is_bot and not is_app:
            raise SlackError("invalid_auth")
        if is_bot and tokens.refusal is not None:
            raise SlackError(tokens.refusal)
        # An xoxb token opens no socket and an xapp token calls nothing else (docs.slack.dev: not_allowed_token_type).
        if (known.token == "bot") != is_bot:
            raise SlackError("not_allowed_token_type")
        return known

    def _faulty(self, name: str) -> web.Response | None:
        backend = self._backend
        if backend.faults.hits("slack_429", name):
            backend.journal.note("in", "call", name, {"fault": "slack_429"}, status=429)
            return self._response(429, {"ok": False, "error": "ratelimited", "retry_after": RETRY_AFTER}, None)
        if backend.faults.hits("slack_5xx", name):
            backend.journal.note("in", "call", name, {"fault": "slack_5xx"}, status=503)
            return web.Response(status=503, text="upstream connect error or disconnect/reset before headers")
        return None

    def _cut(self, request: web.Request, name: str, args: dict[str, Any], *, carried_out: bool = False) -> web.Response:
        fault = "slack_store_then_drop" if carried_out else "slack_away"
        self._backend.journal.note("in", "call", name, {"fault": fault, "args": args}, status="cut")
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=503)

    def _response(self, status: int, body: dict[str, Any], known: Method | None) -> web.Response:
        headers = {"x-slack-req-id": self._backend.state.new_id("R"), "Cache-Control": "no-store"}
        if known is not None and known.token != "none":
            app = known.token == "app"
            headers["x-oauth-scopes"] = APP_SCOPES if app else ",".join(sorted(self._backend.app.scopes))
            headers["x-accepted-oauth-scopes"] = APP_SCOPES if app else ",".join(known.scopes)
        if status == 429:
            headers["Retry-After"] = str(body.pop("retry_after"))
        return web.Response(
            status=status,
            body=json.dumps(body).encode(),
            content_type="application/json",
            charset="utf-8",
            headers=headers,
        )


def _token(request: web.Request, args: Args) -> str:
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ").strip()
    return args.text("token")


def _same(given: str, real: str) -> bool:
    return compare_digest(given.encode(), real.encode())
