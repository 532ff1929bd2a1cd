"""Serves the page's files, and keeps strangers' pages away from this server."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).resolve().parent.parent / "page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def index(_request: web.Request) -> web.StreamResponse:
    """`GET /`."""
    return _file(FOLDER / "index.html")


async def asset(request: web.Request) -> web.StreamResponse:
    """`GET /page/<asset>`: a file below playground/page, never one outside."""
    path = (FOLDER / request.match_info["path"]).resolve()
    if not path.is_relative_to(FOLDER):
        return web.Response(status=404, text="not found")
    return _file(path)


def _file(path: Path) -> web.StreamResponse:
    if not path.is_file():
        return web.Response(status=404, text="not found")
    headers = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
    }
    return web.FileResponse(path, headers=headers)


@web.middleware
async def same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a page of another origin, and a name that was made to point at loopback (DNS rebinding)."""
    host = request.host.rsplit(":", 1)[0].strip("[]")
    bound = request.app[BOUND]
    if host not in ("127.0.0.1", "localhost", "::1", bound):
        return web.Response(status=421, text="this server answers on loopback only")
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return web.Response(status=403, text="another page may not do this")
    return await handler(request)


BOUND = web.AppKey("bound", str)
