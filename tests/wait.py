"""Waiting for something that no message announces."""

import asyncio
import time
from collections.abc import Callable


async def eventually(condition: Callable[[], object], within: float = 8) -> None:
    """Return once *condition* holds; asked a hundred times a second, for *within* seconds at most."""
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, f"not within {within} s"
        await asyncio.sleep(0.01)
