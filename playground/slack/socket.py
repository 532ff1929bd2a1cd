"""One Socket Mode connection, from the server's side."""

import json
from asyncio import BaseTransport
from typing import Any, Literal

from aiohttp import WSCloseCode, WSMsgType, web

Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]
HOST = "applink-playground"


class Socket:
    """Sends frames, answers pings. While `frozen` it stays open and says nothing, not even pong."""

    def __init__(self, response: web.WebSocketResponse, transport: BaseTransport | None) -> None:
        self.response = response
        self.transport = transport
        self.frozen = False
        self.leaving = False  # a `warning` has been sent: the close follows

    async def send(self, frame: str) -> None:
        """Send a text frame; one that the peer no longer reads is lost, as on a real network."""
        if self.frozen or self.response.closed:
            return
        try:
            await self.response.send_str(frame)
        except ConnectionError:
            return

    def write(self, frames: bytes) -> None:
        """Put ready-made frames on the wire at once (`frame_bytes`)."""
        if self.transport is not None and not self.frozen:
            self.transport.write(frames)  # type: ignore[attr-defined]  # a TCP transport always writes

    async def disconnect(self, reason: Reason) -> None:
        """Send Slack's `disconnect` frame."""
        await self.send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": HOST}}))

    async def close(self) -> None:
        """Close as a server does."""
        if self.frozen:
            self.abort()
        else:
            await self.response.close(code=WSCloseCode.GOING_AWAY)

    def abort(self) -> None:
        """Cut the connection without a close frame."""
        if self.transport is not None:
            self.transport.abort()  # type: ignore[attr-defined]  # a TCP transport can

    async def texts(self, take: Any) -> None:
        """Read until it is closed or cut; each text frame goes to `take(text)`, pings are answered."""
        async for frame in self.response:
            if self.frozen:
                continue
            if frame.type is WSMsgType.TEXT:
                take(frame.data)
            elif frame.type is WSMsgType.PING:
                try:
                    await self.response.pong(frame.data)
                except ConnectionError:  # cut, with the ping read already: there is nobody to answer
                    return


def hello(connections: int, life: int) -> str:
    """The first frame. *life* is the seconds until the server asks for a new connection."""
    return json.dumps(
        {
            "type": "hello",
            "num_connections": connections,
            "debug_info": {"host": HOST, "build_number": 54, "approximate_connection_time": life},
            "connection_info": {"app_id": "A0AIKEYS"},
        }
    )


def frame_bytes(text: bytes) -> bytes:
    """A server's text frame as bytes (RFC 6455: final, unmasked)."""
    size = len(text)
    if size < 126:
        return bytes((0x81, size)) + text
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + text
    return b"\x81\x7f" + size.to_bytes(8, "big") + text
