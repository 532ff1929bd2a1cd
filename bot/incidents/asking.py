"""How the watch asks: each source at its own cadence, the second vantage point as soon as the first hesitates.

    15 s    the wallet's /health                  175,000 calls of a function a month
    30 s    Supabase's view, the functions        88,000 more: the probe of the webhook
    60 s    secrets, webhooks, logs, room, migrations
    1 h     backups

An endpoint of the Management API is so asked four times a minute at most, of 120; the logs twice, of 30. While
something may be beginning, what shows it is asked every five seconds, for a minute at most.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Mapping
from typing import Any

from bot.clients.deadline import settled
from bot.clients.errors import Failure
from bot.clients.errors import TooLate as Silent
from bot.clients.wallet import Health
from bot.context import Context
from bot.diagnosis import lately
from bot.diagnosis.database import connections
from bot.health.answers import Answers, Question
from bot.health.look import GRACE, Inquiry
from bot.health.probes import caught
from bot.incidents.wider import NOTHING, Answered, Room, Wider

Asks = Question | Wider
SECOND = frozenset({Question.PROJECT, Question.SERVICES})  # Supabase's view: the other vantage point
HESITATES = 1.5  # seconds of silence from the wallet until the second vantage point is asked
EACH = 4  # rounds in the time of one look at everything; with the default cadence every 15 s and every minute
EVERY: Mapping[Asks, int] = {  # of the watch's rounds, of which there are four a minute
    Question.WALLET: 1,
    Question.PROJECT: 2,
    Question.SERVICES: 2,
    Question.FUNCTIONS: 2,
    **dict.fromkeys((Question.SECRETS, Question.WEBHOOKS), 4),
    **dict.fromkeys((Wider.CALLS, Wider.ROOM, Wider.SIGN_INS, Wider.DIGESTS, Wider.HISTORY), 4),
    Wider.BACKUPS: 240,
}
ALL: frozenset[Asks] = frozenset(EVERY)


def due(tick: int) -> frozenset[Asks]:
    """What is asked in round *tick*, counted from 0."""
    return frozenset(one for one, every in EVERY.items() if tick % every == 0)


async def ask_all(
    ctx: Context, questions: Collection[Asks], give_up: float
) -> tuple[Answers, Answered, frozenset[Asks]]:
    """Ask *questions* at the same time; return the answers and what was asked, which may be more.

    Where the wallet is silent or unwell, Supabase's view of the database is asked at once: two vantage points tell an
    outage from a bad line. Who is silent after *give_up* seconds has failed.
    """
    given = frozenset(questions)
    inquiry = Inquiry(ctx, tuple(one for one in given if isinstance(one, Question)))
    wider = {one: asyncio.create_task(_wider(ctx, one), name=f"watch.{one}") for one in given if isinstance(one, Wider)}
    first = {one: asyncio.create_task(inquiry.put(one), name=f"watch.{one}") for one in inquiry.questions}
    tasks = [*first.values(), *wider.values()]
    try:
        if Question.WALLET in first and not given >= SECOND:
            await settled([first[Question.WALLET]], ctx.clock, inquiry.began + HESITATES)
            if not _well(inquiry.answers):
                tasks += [asyncio.create_task(inquiry.put(one), name=f"watch.{one}") for one in SECOND - given]
                inquiry.questions = (*inquiry.questions, *(SECOND - given))
                given |= SECOND
        await settled(tasks, ctx.clock, inquiry.began + give_up + GRACE)
        inquiry.give_up(give_up)
        inquiry.keep()
        return inquiry.answers, _collected(ctx, wider, give_up), given
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _well(answers: Answers) -> bool:
    wallet = answers.wallet
    return isinstance(wallet, Health) and (wallet.report.database is not None and wallet.report.database.connected)


def _collected(ctx: Context, tasks: Mapping[Wider, "asyncio.Task[Any]"], give_up: float) -> Answered:
    found = NOTHING
    for question, task in tasks.items():
        answer = task.result() if task.done() and not task.cancelled() else Silent(ctx.supabase.source, give_up)
        if question is Wider.ROOM and isinstance(answer, Failure):
            answer = Room(answer, answer)
        found = found.having(question, answer)
    return found


async def _wider(ctx: Context, question: Wider) -> Any:
    return await caught(_ASK[question](ctx), ctx.supabase.source)


async def _room(ctx: Context) -> Room:
    source = ctx.supabase.source
    taken, disk = await asyncio.gather(caught(connections(ctx.supabase), source), caught(ctx.supabase.disk(), source))
    return Room(taken if isinstance(taken, Failure) else tuple(taken), disk)


async def _digests(ctx: Context) -> Any:
    return tuple(await ctx.supabase.secrets())


async def _history(ctx: Context) -> Any:
    return tuple(await ctx.supabase.migrations())


_ASK: Mapping[Wider, Callable[[Context], Coroutine[Any, Any, Any]]] = {
    Wider.CALLS: lambda ctx: lately.calls(ctx.supabase, ctx.clock.now()),
    Wider.ROOM: _room,
    Wider.SIGN_INS: lambda ctx: lately.sign_ins(ctx.supabase, ctx.clock.now()),
    Wider.DIGESTS: _digests,
    Wider.HISTORY: _history,
    Wider.BACKUPS: lambda ctx: ctx.supabase.backups(),
}
