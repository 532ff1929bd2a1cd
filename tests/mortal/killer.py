"""Ends this process with kill -9 at a named log event."""

import os
import signal
from collections.abc import MutableMapping
from typing import Any


class Killer:
    """A log processor; dies the *nth* time that *event* is logged. The product itself knows nothing of it."""

    def __init__(self, event: str, nth: int) -> None:
        self._event = event
        self._left = nth

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if event.get("event") == self._event:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return event
