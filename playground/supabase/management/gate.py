"""What every call to the Management API passes before its handler: token, rate limit, permission, the project's ref."""

import re
import uuid

from aiohttp import web

from playground.supabase.keys import STATE
from playground.supabase.management.limits import Limits, Verdict
from playground.supabase.management.operation import Handler, Operation, failed
from playground.supabase.state import State, Token

_REF = re.compile(r"[a-z]{20}")


class Gate:
    """Guards operations; its two switches make the whole API unwell."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.down = False
        self.throttled = False

    def guard(self, operation: Operation) -> Handler:
        """*operation*'s handler behind the gate."""

        async def guarded(request: web.Request) -> web.Response:
            if self.down:
                return failed(503, "Service Unavailable")
            token = bearer(request)
            if token is None:
                return _with(failed(401, "Unauthorized"), None)
            project = request.match_info.get("ref", "")
            verdict = self._limits.take(project, operation.id, operation.per_minute, spent=self.throttled)
            if not verdict.allowed:
                return _with(failed(429, "ThrottlerException: Too Many Requests"), verdict)
            return _with(_objection(operation, token, request) or await operation.handler(request), verdict)

        return guarded


def bearer(request: web.Request) -> Token | None:
    """The token that the call carries, if it is one of ours."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return request.app[STATE].tokens.get(value.strip()) if scheme.lower() == "bearer" else None


def _objection(operation: Operation, token: Token, request: web.Request) -> web.Response | None:
    state = request.app[STATE]
    if token.permissions is not None and operation.permissions and not token.permissions & set(operation.permissions):
        return forbidden(operation.permissions[0])
    return _not_ours(request.match_info.get("ref"), state)


def forbidden(missing: str) -> web.Response:
    """403 with what is missing (Supabase docs; the exact form of the items is not published)."""
    message = "Your account does not have the necessary privileges to access this endpoint."
    body = {"message": message, "missing_permissions": [missing]}
    return web.json_response(body, status=403)


def _not_ours(ref: str | None, state: State) -> web.Response | None:
    if ref is None or ref == state.ref:
        return None
    return failed(404, "Project not found") if _REF.fullmatch(ref) else failed(400, "ref must match ^[a-z]{20}$")


def _with(response: web.Response, verdict: Verdict | None) -> web.Response:
    response.headers["x-gotrue-id"] = str(uuid.uuid4())
    if verdict is not None:
        response.headers.update(verdict.headers())
    return response
