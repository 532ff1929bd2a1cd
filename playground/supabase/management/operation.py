"""What an operation of the Management API is: its path, its name in Supabase's OpenAPI document, who may call it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

PER_MINUTE = 120  # per user, project and endpoint (Supabase docs, "Management API rate limits")
Handler = Callable[[web.Request], Awaitable[web.Response]]


@dataclass(frozen=True)
class Operation:
    """One operation. `permissions` are alternatives: a scoped token needs any one of them."""

    method: str
    path: str
    id: str
    handler: Handler
    permissions: tuple[str, ...] = ()
    per_minute: int = PER_MINUTE


def failed(status: int, message: str) -> web.Response:
    """An error as the API writes it."""
    return web.json_response({"message": message}, status=status)
