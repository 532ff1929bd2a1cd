"""The platform's door in front of every function: routing, JWT check, cold start, and its own errors.

Errors carry `sb-error-code` and `{"code", "message"}` (Supabase docs, "Edge Functions status codes"), so that the
platform's 401 is never taken for the function's own.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from bot.clock import SystemClock
from playground.supabase.functions.circle_webhook import circle_webhook
from playground.supabase.functions.health import health
from playground.supabase.keys import STATE
from playground.supabase.logs import shapes
from playground.supabase.state import EXECUTION, Function, State

_REAL = SystemClock()  # what a call takes is real time, whatever clock the playground runs on
_STAYS_WARM = timedelta(minutes=5)
_CODE: dict[str, Callable[[web.Request], Awaitable[web.Response]]] = {
    "health": health,
    "payments-circle-webhook": circle_webhook,
}
_SAID = {
    "BOOT_ERROR": "worker boot error: Uncaught Error at file:///var/tmp/sb-compile-edge-runtime/index.ts:1:7",
    "WORKER_ERROR": "Uncaught (in promise) Error: worker exited",
}
# code → status and message
ERRORS = {
    "UNAUTHORIZED_NO_AUTH_HEADER": (401, "Missing authorization header"),
    "UNAUTHORIZED_INVALID_JWT_FORMAT": (401, "Invalid JWT"),
    "NOT_FOUND": (404, "Requested function was not found"),
    "NOT_FOUND_FUNCTION_BLOB": (404, "Requested function was not found"),
    "WORKER_ERROR": (500, "Function exited due to an error (please check logs)"),
    "BOOT_ERROR": (503, "Function failed to start (please check logs)"),
    "IDLE_TIMEOUT": (504, "Function failed to respond within the time limit"),
    "PROJECT_PAUSED": (540, "Project paused"),
    "WORKER_LIMIT": (546, "Function failed due to not having enough compute resources (please check logs)"),
}


async def invoke(request: web.Request) -> web.StreamResponse:
    """Any method on `/{slug}` or `/functions/v1/{slug}`; each call is a row of `function_edge_logs`."""
    state = request.app[STATE]
    begun, real = state.clock.monotonic(), _REAL.monotonic()
    answer = await _invoke(request, state)
    took = max(state.clock.monotonic() - begun, _REAL.monotonic() - real) * 1000
    function = state.functions.get(request.match_info["slug"])
    message, attributes = shapes.invocation(
        state.ref, function, request.method, request.path, answer.status, took, EXECUTION.get()
    )
    state.logs.write("function_edge_logs", shapes.severity(answer.status), message, attributes)
    return answer


async def _invoke(request: web.Request, state: State) -> web.StreamResponse:
    EXECUTION.set("")
    if state.status == "INACTIVE":
        return refusal("PROJECT_PAUSED")
    function = state.functions.get(request.match_info["slug"])
    if function is None or function.status == "REMOVED":
        return refusal("NOT_FOUND")
    if problem := objection(function, request, state):
        if problem in _SAID:
            state.say(function.slug, "error", _SAID[problem], event="UncaughtException")
        return refusal(problem)
    EXECUTION.set(f"{state.random.getrandbits(128):032x}")
    await _wake(function, state)
    if function.marks.slow:
        await state.clock.sleep(function.marks.slow)
    if function.marks.fails and state.random.random() < function.marks.fails:
        state.say(function.slug, "error", "TypeError: Cannot read properties of undefined (reading 'amount')")
        return web.json_response({"error": "Internal server error"}, status=500)
    code = _CODE.get(function.slug)
    if code is None:
        return web.json_response({"ok": True})
    answer = await code(request)
    answer.headers["x-deno-execution-id"] = EXECUTION.get()
    return answer


def objection(function: Function, request: web.Request, state: State) -> str:
    """The platform's reason not to call it, or nothing."""
    if function.verify_jwt and request.headers.get("apikey") != state.anon_key:
        given = request.headers.get("Authorization", "")
        if not given:
            return "UNAUTHORIZED_NO_AUTH_HEADER"
        if given != f"Bearer {state.anon_key}":
            return "UNAUTHORIZED_INVALID_JWT_FORMAT"
    if not function.blob:
        return "NOT_FOUND_FUNCTION_BLOB"
    return "WORKER_LIMIT" if function.status == "THROTTLED" else function.failure


def refusal(code: str) -> web.Response:
    """A platform error as the gateway writes it."""
    status, message = ERRORS[code]
    headers = {"sb-error-code": code}
    return web.json_response({"code": code, "message": message}, status=status, headers=headers)


async def _wake(function: Function, state: State) -> None:
    """The cold start after a deploy or five idle minutes, on the playground's clock."""
    cold = function.warm_until is None or function.warm_until < state.clock.now()
    if cold and state.cold_start:
        await state.clock.sleep(state.cold_start)
    function.warm_until = state.clock.now() + _STAYS_WARM
