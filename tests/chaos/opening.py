"""What the programmes open, to be closed by their stack: a town, and the place where bots are born."""

from contextlib import AsyncExitStack
from pathlib import Path

from bot.clock import Clock
from playground.town import Town
from tests.mortal.nursery import Nursery


async def town(stack: AsyncExitStack, clock: Clock | None = None) -> Town:
    """One that runs; it ends with the *stack*."""
    one = Town(clock)
    await one.start()
    stack.push_async_callback(one.stop)
    return one


async def nursery(stack: AsyncExitStack, preload: Path | None = None) -> Nursery:
    """One that is open; it ends with the *stack*, and its bots with it. *preload*: a library for all of them."""
    one = Nursery(preload)
    await one.open()
    stack.push_async_callback(one.close)
    return one
