"""What happens in the workspace, as it happens: to the pages that look on, and to tests that wait for it."""

import asyncio
import contextlib
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

Sees = Callable[[str], bool]
T = TypeVar("T")
ANEW = 0.1  # seconds


def everyone(_user: str) -> bool:
    """Seen by all."""
    return True


class Feed:
    """Passes each change to the listeners that may see it; `listeners` take `(event, sees)` and must not wait."""

    def __init__(self) -> None:
        self.listeners: set[Callable[[dict[str, Any], Sees], None]] = set()
        self._stirs: set[asyncio.Event] = set()

    def publish(self, event: dict[str, Any], sees: Sees = everyone) -> None:
        """Tell the listeners and wake those who wait for a condition."""
        for listener in tuple(self.listeners):
            listener(event, sees)
        self.stir()

    def stir(self) -> None:
        """Something changed that no page shows: let waiting conditions be looked at again."""
        for event in self._stirs:
            event.set()

    async def until(self, condition: Callable[[], T | Awaitable[T]], timeout: float) -> T:  # noqa: ASYNC109
        """Return the first truthy answer of *condition*, asked at each change and ten times a second.

        What it asks about need not be Slack's: a mail, a row, a file. Those stir nothing here. Raises TimeoutError.
        """
        stirred = asyncio.Event()
        self._stirs.add(stirred)
        try:
            async with asyncio.timeout(timeout):
                while True:
                    stirred.clear()
                    answer = condition()
                    found: T = await answer if inspect.isawaitable(answer) else answer
                    if found:
                        return found
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(ANEW):
                            await stirred.wait()
        finally:
            self._stirs.discard(stirred)
