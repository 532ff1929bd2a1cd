"""Approvals from the request to the decision: what is approved is what runs, and it is decided once.

The check before the re-check answers at once; the check after it stands in the same turn of the loop as the rows
that claim it, and the schema settles whatever raced all the same.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog

from bot.approvals import glass, policy
from bot.approvals.objection import Act, Click, Objection, World, objection
from bot.approvals.remaking import Remaking
from bot.approvals.surprises import edited, raced
from bot.clock import Clock
from bot.clockwork.timers import Fired, Timers
from bot.command import Role
from bot.operations.engine import Engine
from bot.operations.steps import Procedure
from bot.plan import Plan
from store.approvals import PENDING, Approval
from store.database import Store
from store.errors import Edited, TooLate
from store.operations import Operation

log = structlog.get_logger(__name__)

EXPIRES = "approval.expires"  # the timer's kind
BOT = "bot"  # who asks for the way back after a regression


@dataclass(frozen=True, slots=True)
class Settled:
    """What a click brought about. *operation*: what it started, None where more must approve or it was no approval."""

    approval: Approval
    operation: Operation | None = None


class Requests:
    """*show* is called inside each transaction that changes an approval: it writes the letters of its cards.

    *anew* gives a click the roles that Slack tells while the plan is made again: of five minutes ago is too old for it.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        timers: Timers,
        engine: Engine,
        procedures: Mapping[str, Procedure],
        show: Callable[[Approval], None],
        *,
        project: str,
        alone: bool = False,
    ) -> None:
        self._store = store
        self._clock = clock
        self._timers = timers
        self._engine = engine
        self._procedures = procedures
        self._show = show
        self._project = project
        self._alone = alone
        self._remaking = Remaking(procedures, self._sure)
        self.anew: Callable[[Click], Awaitable[Click]] = _as_it_is
        self.edited: Callable[[str, str], None] = lambda *_: None  # told what was edited, and why it is thought so
        self._glass: str | None = None  # the incident that the cards were last drawn under; None: not since the start
        timers.on(EXPIRES, self._expire)

    def ask(
        self,
        plan: Plan,
        by: str,
        *,
        where: Mapping[str, Any] | None = None,
        reason: str = "",
        also: Callable[[Approval], None] = lambda _: None,
    ) -> Approval:
        """Ask for *plan*. A request that waits for the same thing is superseded, and shown so.

        *also* is called in the same transaction, after the card was written.
        """
        now = self._clock.now()
        with self._store.transaction():
            approval, older = self._store.approvals.request(
                by,
                plan.to_json(),
                plan.digest,
                now,
                expires_at=now + policy.EXPIRY,
                needed=policy.needed(plan.risk_class, alone=self._alone),
                alone=self._alone,
                where=where,
                reason=reason,
            )
            self._timers.set(EXPIRES, approval.subject, approval.expires_at)
            if older is not None:
                self._timers.cancel(EXPIRES, older.subject)
                self._shown(older)
            self._show(approval)
            also(approval)
        log.debug("approval.requested", approval=approval.subject)
        return approval

    async def click(self, subject: str, click: Click) -> Settled | Objection:
        """Heed a click on the approval *subject*, or object to it.

        Raises KeyError for an approval that never was, AikeysError where the plan could not be made again.
        """
        try:
            return await self._heed(subject, click)
        except Edited as error:
            return self.distrusted(subject, error)

    def distrusted(self, subject: str, error: Edited) -> Objection:
        """Sound the alarm that what *subject* rests on was edited; what is said to who clicked."""
        self.edited(subject, str(error))
        return edited(str(error))

    async def _heed(self, subject: str, click: Click) -> Settled | Objection:
        approval = self._sure(subject)
        against = self._against(approval, click, None)
        if against is None and click.act is Act.APPROVE:
            fresh, click, lost = await asyncio.gather(
                self._remaking.pinned(approval), self.anew(click), self._lost(approval)
            )
            approval = self._sure(subject)
            against = self._against(approval, click, fresh, lost)
        if against is not None:
            return against
        try:
            settled = self._approve(approval, click) if click.act is Act.APPROVE else self._end(approval, click)
        except TooLate:
            return self._against(self._sure(subject), click, None) or raced()
        log.debug("approval.settled", approval=subject, state=settled.approval.state)
        if settled.operation is not None:
            self._engine.start(settled.operation)
        return settled

    def incident(self, user: str) -> str | None:
        """The P0 under which *user* may break the glass now: the one they have broken it under, where they have."""
        held = glass.standing(self._store, user, self._clock.now())
        if held is not None:
            return held.incident
        found = glass.incident(self._store, user)
        return found.subject if found is not None else None

    def overtaken(self, thing: str, why: str) -> None:
        """Take back what the bot itself has asked for about *thing*: it is overtaken. Joins the transaction."""
        approval = self._store.approvals.pending_for(thing)
        if approval is not None and approval.requested_by == BOT:
            self._end(approval, Click(BOT, Act.WITHDRAW, frozenset(), why))

    def redraw(self, subject: str) -> None:
        """Bring the cards of *subject*, if it is an approval, up to date. Joins the transaction."""
        approval = self._store.approvals.get(subject)
        if approval is not None:
            self._shown(approval)

    async def round(self) -> None:
        """Bring the cards of what waits up to date where the glass can be broken now, or no more."""
        found = glass.incident(self._store)
        there = found.subject if found is not None else ""
        if there == self._glass:
            return
        self.redraw_waiting()
        self._glass = there

    def redraw_waiting(self) -> None:
        """Bring the cards of what waits up to date. Joins the transaction."""
        with self._store.transaction():
            try:
                waiting = self._store.approvals.pending()
            except Edited as error:  # whoever clicks hears of it; an incident's end must not fail by it
                log.warning("approvals.undrawn", error=str(error))
                return
            for approval in waiting:
                self._shown(approval)

    def objection(self, subject: str, click: Click) -> Objection | None:
        """What speaks against *click* now, as far as can be told without asking the outside."""
        return self._against(self._sure(subject), click, None)

    async def _lost(self, approval: Approval) -> str:
        """Who has voted for it and may not any more; empty where nobody has."""
        votes = [Click(one.user, Act.APPROVE, frozenset({Role.APPROVER})) for one in approval.votes]
        now = await asyncio.gather(*map(self.anew, votes))
        return next((one.user for one in now if Role.APPROVER not in one.roles), "")

    def _against(
        self, approval: Approval, click: Click, fresh: Mapping[str, Any] | None, lost: str = ""
    ) -> Objection | None:
        now = self._clock.now()
        world = World(
            fresh=fresh,
            lock=self._store.operations.holder(self._project),
            freeze=self._store.operations.frozen(now),
            draining=self._engine.draining,
            alone=approval.alone and self._alone,  # a team of one that has grown: its old requests wait for another
            needed=policy.needed_today(str(approval.plan.get("risk_class", "")), alone=self._alone),
            incident=self.incident(click.user) if click.glass else None,
            lost=lost,
        )
        return objection(approval, self._with_reason(click), now, world)

    def _approve(self, approval: Approval, click: Click) -> Settled:
        rows, now = self._store.approvals, self._clock.now()
        under = self.incident(click.user) if click.glass else None
        reason = self._with_reason(click).reason.strip()
        with self._store.transaction():
            self._hold(approval, click, under)
            if click.glass and under is not None:
                self._break(under, click.user, reason, now)
            elif click.glass:
                raise TooLate("The incident is over.")  # a glass that cannot be broken must not count as a vote
            else:
                approval = rows.vote(approval, click.user, now, roles_age=click.roles_age)
                if len(approval.votes) < approval.needed:
                    self._shown(approval)
                    return Settled(approval)
            new = self._procedures[approval.command].begin(approval)
            data = {"operation": self._store.operations.upcoming(), "glass": under, "roles_age": click.roles_age}
            approval = rows.decide(approval, "granted", click.user, now, reason=reason, data=data)
            operation = self._store.operations.start(new, approval.requested_by, now)
            self._timers.cancel(EXPIRES, approval.subject)
            self._shown(approval)
        return Settled(approval, operation)

    def _hold(self, approval: Approval, click: Click, under: str | None) -> None:
        """Nothing is signed on the word of a row that could have been written past the bot. Raises Edited, TooLate."""
        self._store.held.approval(approval.subject)
        if under is not None:
            self._store.held.emergency(under)
        if self._sure(approval.subject) != approval or (click.glass and self.incident(click.user) != under):
            raise TooLate("It is another one than a moment ago.")

    def _end(self, approval: Approval, click: Click) -> Settled:
        decision = "denied" if click.act is Act.DENY else "withdrawn"
        with self._store.transaction():
            approval = self._store.approvals.decide(
                approval, decision, click.user, self._clock.now(), reason=click.reason.strip()
            )
            self._timers.cancel(EXPIRES, approval.subject)
            self._shown(approval)
        return Settled(approval)

    async def _expire(self, fired: Fired) -> Callable[[], None] | None:
        approval = self._sure(fired.subject)
        if approval.state != PENDING:
            return None

        def record() -> None:
            self._shown(self._store.approvals.decide(approval, "expired", "bot", self._clock.now()))

        return record

    def _with_reason(self, click: Click) -> Click:
        """While the glass is broken the reason given then still holds."""
        if not click.glass or policy.says_something(click.reason):
            return click
        held = glass.standing(self._store, click.user, self._clock.now())
        return replace(click, reason=held.reason) if held is not None else click

    def _break(self, incident: str, user: str, reason: str, now: datetime) -> None:
        """Break the glass, unless it is broken for this very reason."""
        held = glass.standing(self._store, user, now)
        if held is None or held.reason != reason:
            self._store.events.append(incident, policy.BROKEN, user, {}, now, text=reason)

    def _shown(self, approval: Approval) -> None:
        """A card that cannot be drawn must not stop a decision; nothing is asked for without one."""
        try:
            with self._store.transaction():
                self._show(approval)
        except Exception:
            log.exception("approval.unshown", approval=approval.subject)

    def _sure(self, subject: str) -> Approval:
        found = self._store.approvals.get(subject)
        if found is None:
            raise KeyError(subject)
        return found


async def _as_it_is(click: Click) -> Click:
    return click
