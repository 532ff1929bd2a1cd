"""Several questions at once: a quick answer is posted once and whole, a slow one as it comes."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from bot.clients.deadline import settled
from bot.clients.errors import TooLate
from bot.context import Context
from bot.health.look import GIVE_UP, GRACE, PATIENCE
from bot.health.probes import caught

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

S = TypeVar("S", bound="DataclassInstance")

PROMPT = 0.3  # seconds until somebody who waits sees that they were heard (half a second, posting included)


async def ask(ctx: Context, blank: S, **questions: Coroutine[Any, Any, Any]) -> AsyncIterator[S]:
    """Put all *questions* at once; yield *blank* with the answers that are known, one to three times.

    *blank* is a frozen dataclass whose fields named as the questions are None until answered; then they hold what the
    question returned, or the Failure it raised: one source that fails hides no other. Yielded when all have answered;
    if that takes longer, also at 0.3 s and at 4 s. Whoever is silent after 10 s is a TooLate.
    """
    clock, began = ctx.clock, ctx.clock.monotonic()
    source = ctx.supabase.source
    tasks = {name: asyncio.create_task(caught(question, source), name=name) for name, question in questions.items()}
    try:
        for moment in (PROMPT, PATIENCE):
            await settled(tasks.values(), clock, began + moment)
            known: dict[str, Any] = {name: task.result() for name, task in tasks.items() if task.done()}
            yield replace(blank, **known)
            if len(known) == len(tasks):
                return
        await settled(tasks.values(), clock, began + GIVE_UP + GRACE)
        late = TooLate(source, GIVE_UP)  # normally its own deadline has said so already
        last: dict[str, Any] = {name: task.result() if task.done() else late for name, task in tasks.items()}
        yield replace(blank, **last)
    finally:
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
