"""A door in front of a server that can be made to hang: connections are taken, and nothing comes back."""

import asyncio
from urllib.parse import urlsplit


class Hanging:
    """Passes bytes on until `hang`; then none, until `go_on`. `url` after `open`."""

    def __init__(self, behind: str) -> None:
        parts = urlsplit(behind)
        self._behind, self._path = (parts.hostname or "", parts.port or 80), parts.path
        self._flows = asyncio.Event()
        self._flows.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""

    async def open(self) -> None:
        """Listen on a free port of loopback."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}{self._path}"

    async def close(self) -> None:
        """Listen no more."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def hang(self) -> None:
        """From now on nobody gets an answer."""
        self._flows.clear()

    def go_on(self) -> None:
        """What waits goes on."""
        self._flows.set()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*self._behind)
        for task in (
            asyncio.create_task(self._pass(reader, back)),
            asyncio.create_task(self._pass(there, writer)),
        ):
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass(self, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                await self._flows.wait()
                to.write(data)
                await to.drain()
        except OSError:
            pass  # one side went away: so does the other
        finally:
            to.close()
