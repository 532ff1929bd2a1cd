"""A program to be killed (tests.mortal), with PATH URL RUNS.

Ana asks, Ben approves, the engine carries it out, RUNS times in all; started again it goes on from what it finds. It
says on stdout what it has taken upon itself, as an acknowledgement would.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import aiohttp
from structlog.typing import Processor

from bot.approvals.objection import Act, Click
from bot.approvals.requests import Requests, Settled
from bot.clock import SystemClock
from bot.clockwork.timers import Timers
from bot.operations.engine import Engine
from bot.telemetry import logs
from store.database import Store, open_store
from tests.operations.work import PROJECT, Work

KEY = b"a key for tests, 32 bytes at least"


async def run(store: Store, url: str, runs: int) -> None:
    """Ask, approve and carry out until there were *runs* of it, or until a human is needed."""
    async with aiohttp.ClientSession() as session:
        clock, timers = SystemClock(), Timers(store, SystemClock())
        work = Work(url, session)
        procedures = {"deploy": work.procedure()}
        engine = Engine(store, clock, procedures, lambda _: None)
        requests = Requests(store, clock, timers, engine, procedures, lambda _: None, project=PROJECT)
        await engine.round()
        while True:
            while store.operations.running():  # noqa: ASYNC110  # looks from outside, as a person would
                await asyncio.sleep(0.005)
            pending = store.approvals.pending()
            if store.operations.holder(PROJECT) or (not pending and len(store.approvals.recent(runs + 1)) >= runs):
                break
            if not pending:
                print("acknowledged", requests.ask(work.plan(), "UANA").subject, flush=True)
            for approval in store.approvals.pending():
                settled = await requests.click(approval.subject, Click("UBEN", Act.APPROVE, frozenset({"approver"})))
                assert isinstance(settled, Settled), settled
                assert settled.operation is not None
                print("acknowledged", settled.operation.subject, flush=True)
        await engine.close(1)


def main(arguments: Sequence[str], killers: Sequence[Processor]) -> None:
    """Run until it is settled, or until the point is reached."""
    path, url, runs = arguments
    logs.configure("debug", killers)
    store = open_store(Path(path), audit_key=KEY)
    asyncio.run(run(store, url, int(runs)))
    store.close()
