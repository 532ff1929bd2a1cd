"""Many slash commands as fast as the sockets take them: for measurements. Nothing is journalled or remembered."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from playground.slack.socket import Socket, frame_bytes

_MARK = "@@"


class Flood:
    """Sends *count* copies of an envelope, each with its own ids, at most *at_once* unacknowledged.

    `latencies` are seconds from the write to the acknowledgement, in the order of the acknowledgements.
    """

    def __init__(
        self, sockets: list[Socket], payload: dict[str, Any], count: int, at_once: int, now: Callable[[], float]
    ) -> None:
        self._sockets = sockets
        self._now = now
        self._left = count
        self._count = count
        self._at_once = at_once
        self._sent: dict[str, float] = {}
        self._flushing = False
        self._run = uuid4().hex[:12]
        envelope = {
            "envelope_id": _MARK,
            "type": "slash_commands",
            "payload": payload | {"trigger_id": f"{_MARK}.738474920.flood"},
            "accepts_response_payload": True,
        }
        self._parts = json.dumps(envelope).encode().split(_MARK.encode())
        self._loop = asyncio.get_running_loop()
        self.latencies: list[float] = []
        self.done: asyncio.Future[None] = self._loop.create_future()

    def start(self) -> None:
        """Send the first ones."""
        if not self._count:
            self.done.set_result(None)
        self._flush()

    def acknowledged(self, ident: str) -> bool:
        """Take an acknowledgement; False if the envelope is not of this flood."""
        sent = self._sent.pop(ident, None)
        if sent is None:
            return False
        self.latencies.append(self._now() - sent)
        if len(self.latencies) == self._count:
            if not self.done.done():
                self.done.set_result(None)
        elif self._left and not self._flushing:
            # Acknowledgements come in batches: answer a whole batch with one write.
            self._flushing = True
            self._loop.call_soon(self._flush)
        return True

    def _flush(self) -> None:
        self._flushing = False
        batch = min(self._left, self._at_once - len(self._sent))
        frames: list[list[bytes]] = [[] for _ in self._sockets]
        for number in range(self._left - batch, self._left):
            ident = f"{self._run}-{number}"
            self._sent[ident] = 0.0
            frames[number % len(frames)].append(frame_bytes(ident.encode().join(self._parts)))
        self._left -= batch
        sent = self._now()
        for number in range(self._left, self._left + batch):
            self._sent[f"{self._run}-{number}"] = sent
        for socket, waiting in zip(self._sockets, frames, strict=True):
            if waiting:
                socket.write(b"".join(waiting))
