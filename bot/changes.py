"""All that changes something outside, in one piece: requests, operations, timers, the outbox; opened in order.

A destructive command adds itself with `procedures[name] = Procedure(…)` before `open`; `Cards` draw what is told.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

from bot.approvals.requests import Requests
from bot.clients.mail import Mailer
from bot.clients.slack import Slack
from bot.clock import Clock
from bot.clockwork.rounds import Rounds
from bot.clockwork.timers import Timers
from bot.operations.engine import Engine
from bot.operations.steps import Procedure
from bot.post.links import Links
from bot.post.outbox import Outbox
from bot.post.seat import seated
from store.approvals import Approval
from store.database import Store
from store.held import warm
from store.operations import Operation

TICK = 1.0  # seconds between looks at the timers: an approval expires at most that late
TAKE_UP = 5.0  # seconds between looks for operations that nobody runs
LONG = 86_400.0  # seconds: done once, it stays


class Cards(Protocol):
    """Writes letters (bot.post.outbox) about what has changed, inside the transaction that changes it.

    *stoppable* tells it whether a Cancel would be heeded (bot.operations.engine): none is offered in vain.
    """

    stoppable: Callable[[Operation], bool]

    def approval(self, approval: Approval) -> None:
        """It was asked for, voted on or settled."""
        ...

    def operation(self, operation: Operation) -> None:
        """It has moved."""
        ...

    def moved(self, key: str, channel: str) -> None:
        """Slack has turned the letter *key* away; it stands in *channel*."""
        ...


class NoCards:
    """Tells nobody."""

    stoppable: Callable[[Operation], bool]

    def approval(self, approval: Approval) -> None:
        """Tell nobody."""

    def operation(self, operation: Operation) -> None:
        """Tell nobody."""

    def moved(self, key: str, channel: str) -> None:
        """Tell nobody."""


class Changes:
    """*cards* is made from the outbox that it writes to; *can_look*, *elsewhere*, *mailer*: there; *alone*: policy."""

    def __init__(
        self,
        store: Store,
        slack: Slack,
        clock: Clock,
        *,
        project: str,
        can_look: bool,
        alone: bool = False,
        elsewhere: str | None = None,
        mailer: Mailer | None = None,
        cards: Callable[[Outbox], Cards] = lambda _: NoCards(),
    ) -> None:
        self.procedures: dict[str, Procedure] = {}
        self._slack = slack
        self._clock = clock
        self.outbox = Outbox(store, slack, clock, can_look=can_look, elsewhere=elsewhere, mailer=mailer)
        self.links = Links(store, slack)
        self.timers = Timers(store, clock)
        drawn = cards(self.outbox)
        self.outbox.moved = drawn.moved
        self.engine = Engine(store, clock, self.procedures, drawn.operation)
        drawn.stoppable = self.engine.stoppable
        self.requests = Requests(
            store, clock, self.timers, self.engine, self.procedures, drawn.approval, project=project, alone=alone
        )

    def edited(self, told: Callable[[str, str], None]) -> None:
        """From now on *told* hears what does not run because its rows were edited, and why that is thought."""
        self.requests.edited = self.engine.edited = told

    def open(self, rounds: Rounds) -> None:
        """Take up what an earlier run left: letters, timers that are overdue, operations in the middle."""
        self.outbox.open()
        rounds.every(TICK, "timers", self.timers.round)
        rounds.every(TAKE_UP, "operations", self.engine.round)
        rounds.every(TICK, "glass", self.requests.round)
        rounds.every(LONG, "held", self._warm, first=30)  # what an earlier life left goes first

    @staticmethod
    async def _warm() -> None:
        await asyncio.to_thread(warm)  # the first click would wait for it

    async def seated(self, channel: str) -> bool:
        """False where the bot certainly cannot post in *channel*."""
        return await seated(self._slack, channel, self._clock.now())

    def drain(self) -> None:
        """Begin nothing more: clicks are refused from now on, operations stop after the step under way."""
        self.engine.draining = True

    async def close(self, patience: float) -> None:
        """Wait for steps under way, *patience* seconds at most; the rest is taken up at the next start."""
        await self.engine.close(patience)
        await self.timers.close()
        await self.outbox.close()
