"""Uploads: an address for the bytes, the bytes, and then the file in a channel."""

from dataclasses import dataclass
from mimetypes import guess_type
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote

from aiohttp import web

from playground.slack.backend import Backend

PREVIEW = 2000
MOST_BYTES = 20_000_000


@dataclass
class File:
    """One file. `data` is None until the bytes have come."""

    id: str
    name: str
    length: int
    title: str = ""
    data: bytes | None = None
    shared: bool = False

    @property
    def mimetype(self) -> str:
        """By its name; plain text where that says nothing."""
        return guess_type(self.name)[0] or "text/plain"


class Files:
    """Holds them and serves them."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._addresses: dict[str, File] = {}
        self.by_id: dict[str, File] = {}

    def begin(self, name: str, length: int) -> tuple[str, File]:
        """An upload address, good for one POST, and the file to be."""
        file = File(self._backend.state.new_id("F"), name, length, title=name)
        self.by_id[file.id] = file
        key = token_urlsafe(18)
        self._addresses[key] = file
        return f"{self._backend.base}/upload/v1/{key}", file

    async def receive(self, request: web.Request) -> web.Response:
        """`POST /upload/v1/<key>`: the raw bytes, or a form with one file in it."""
        file = self._addresses.pop(request.match_info["key"], None)
        if file is None:
            return web.Response(status=404, text="no such upload")
        if request.content_type == "multipart/form-data":
            parts = [part for part in (await request.post()).values() if isinstance(part, web.FileField)]
            data = parts[0].file.read() if parts else b""
        else:
            data = await request.read()
        if len(data) != file.length:
            return web.Response(status=400, text=f"expected {file.length} bytes, got {len(data)}")
        file.data = data
        return web.Response(text=f"OK - {len(data)}")

    async def serve(self, request: web.Request) -> web.Response:
        """`GET /files/<id>/<name>`: the bytes, never run as a page."""
        file = self.by_id.get(request.match_info["id"])
        if file is None or file.data is None:
            return web.Response(status=404, text="no such file")
        kind = file.mimetype if file.mimetype.startswith("image/") else "text/plain"
        return web.Response(
            body=file.data,
            content_type=kind,
            charset="utf-8" if kind == "text/plain" else None,
            headers={
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "sandbox; default-src 'none'",
                "Content-Disposition": f"inline; filename*=UTF-8''{quote(file.name)}",
            },
        )

    def as_json(self, file: File) -> dict[str, Any]:
        """As messages and files.info show it."""
        data = file.data or b""
        shown: dict[str, Any] = {
            "id": file.id,
            "name": file.name,
            "title": file.title,
            "mimetype": file.mimetype,
            "size": len(data),
            "url": f"{self._backend.base}/files/{file.id}/{quote(file.name)}",
        }
        if not file.mimetype.startswith("image/"):
            shown["preview"] = data[: PREVIEW * 4].decode("utf-8", "replace")[:PREVIEW]
        return shown
