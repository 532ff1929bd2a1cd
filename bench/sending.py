"""The storm's sender: `python -m bench.sending URL TOKEN`, a process of its own, so cheap that it is not the limit.

Alerts leave by the clock, each when it is due, whether or not the last ones were answered: a storm waits for nobody.
Bytes are ready-made, and a line has one request under way; where none is free another is opened, up to LINES.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import deque
from statistics import quantiles
from urllib.parse import urlsplit

KINDS = 200
LINES = 64  # a bot reads 64 bodies at once: of a 65th it says so, and above 200 connections it closes the oldest
TICK = 0.004  # seconds between two looks at what is due
ROOT = "StormAtSea"
PATIENCE = 20.0  # seconds for the last answers


class Sender:
    """*total* alerts, *rate* a second."""

    def __init__(self, host: str, port: int, head: bytes, total: int, rate: float) -> None:
        self._where, self.total, self._rate = (host, port), total, rate
        bodies = [_body(kind) for kind in range(KINDS)]
        self._requests = [b"%b%d\r\n\r\n%b" % (head, len(body), body) for body in bodies]
        self.free: deque[Line] = deque()
        self._lines: set[Line] = set()
        self._sent = 0
        self.answered = self.taken = 0
        self.began = 0.0
        self.late: list[float] = []  # seconds from when an alert was due until it left
        self.took: list[float] = []  # seconds from when it was due until it was answered
        self.done = asyncio.Event()

    async def send(self) -> float:
        """All of it; return the seconds until the last one has left."""
        loop = asyncio.get_running_loop()
        for _ in range(32):
            await self._open()
        self.began = time.perf_counter()
        while self._sent < self.total:
            now = time.perf_counter() - self.began
            due = min(self.total, int(now * self._rate))
            while self._sent < due and self.free:
                self.late.append(now - self._sent / self._rate)
                self.free.popleft().put(self._requests[self._sent % KINDS], self._sent / self._rate)
                self._sent += 1
            if self._sent < due and len(self._lines) < LINES:
                await self._open()
                continue
            await asyncio.sleep(TICK)
        sent = time.perf_counter() - self.began
        loop.call_later(PATIENCE, self.done.set)
        await self.done.wait()
        for line in self._lines:
            line.close()
        return sent

    async def _open(self) -> None:
        _, line = await asyncio.get_running_loop().create_connection(lambda: Line(self), *self._where)
        self._lines.add(line)

    def heard(self, taken: bool, due: float) -> None:
        """An answer has come."""
        self.answered += 1
        self.taken += taken
        self.took.append(time.perf_counter() - self.began - due)
        if self.answered == self.total:
            self.done.set()

    def lost(self, line: "Line") -> None:
        """It was closed by the other side; another may take its place."""
        self._lines.discard(line)
        if line in self.free:
            self.free.remove(line)


class Line(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._transport: asyncio.Transport | None = None
        self._answer = b""
        self._due = 0.0
        self._closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._sender.free.append(self)

    def put(self, request: bytes, due: float) -> None:
        """Send it."""
        self._due = due
        if self._transport is not None:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if b"\r\n\r\n" not in self._answer or not self._answer.endswith(b"}"):  # each answer is a JSON object
            return
        self._sender.heard(self._answer.startswith(b"HTTP/1.1 202"), self._due)
        self._answer = b""
        self._sender.free.append(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's own signature
        if not self._closed:
            self._sender.lost(self)

    def close(self) -> None:
        """No more is sent."""
        self._closed = True
        if self._transport is not None:
            self._transport.close()


def _body(kind: int) -> bytes:
    alert = {"title": f"Wave {kind}", "severity": "warning", "key": str(kind), "root": ROOT, "text": "high"}
    return json.dumps(alert).encode()


async def send(url: str, token: str, total: int, rate: float) -> dict[str, float]:
    """Send; return what came of it: counts, seconds, and milliseconds of the slowest hundredth."""
    parts = urlsplit(url)
    head = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\nContent-Length: "
    )
    sender = Sender(parts.hostname or "", parts.port or 80, head.encode(), total, rate)
    seconds = await sender.send()
    return {
        "sent": total,
        "taken": sender.taken,
        "seconds": seconds,
        "late": quantiles(sender.late, n=100)[98] * 1000,
        "answered": quantiles(sender.took, n=100)[98] * 1000,
    }


def main() -> int:
    """Print what came of it as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.sending", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("token")  # made up for the measurement, opens nothing else
    parser.add_argument("--total", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(send(given.url, given.token, given.total, given.rate))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
