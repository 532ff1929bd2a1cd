"""Does what has to be done about an incident: each errand once, INTENT before and RESULT after, whatever dies between.

waiting ──▶ trying ──▶ done
   ▲          │  └───▶ lost: the bot cannot, and says why; a person may
   └── later ─┘         found in `trying` after a crash: its handler asks first whether it was done
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog

from bot.clock import Clock
from bot.errors import Unanswered
from bot.incidents.about import DID
from store.database import Store
from store.errands import Errand
from store.errors import UNWRITTEN, StoreError, TooLate
from store.incidents import Incident

log = structlog.get_logger(__name__)

AT_ONCE = 8
AGAIN = (2.0, 5.0, 15.0, 30.0)  # seconds until the next try; stays at the last


@dataclass(frozen=True, slots=True)
class Did:
    """It is done. *why*: in words, for people; *data* is kept; *then*: what is to be done next, by name."""

    why: str = ""
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cannot:
    """It will not be done by asking again: *why*, in words, for people."""

    why: str


@dataclass(frozen=True, slots=True)
class Later:
    """Certainly not done yet: asked again in *seconds*; None: by and by later. *why*: what it waits for."""

    why: str
    seconds: float | None = None


Outcome = Did | Cannot | Later
# Asks the outside, any number of times. `errand.state` is trying where an earlier try may have done it.
Does = Callable[[Errand, Incident], Awaitable[Outcome]]


class Errands:
    """Runs them in rounds. *does*: by the name, or its beginning up to the last /; *told* draws the cards anew."""

    def __init__(self, store: Store, clock: Clock, told: Callable[[str], None]) -> None:
        self.does: dict[str, Does] = {}
        self._store = store
        self._clock = clock
        self._told = told
        self._busy: dict[int, asyncio.Task[None]] = {}

    def open(self) -> None:
        """A restart is a new chance for what was put off."""
        with suppress(StoreError):
            self._store.errands.hurry(self._clock.now())

    async def round(self) -> None:
        """Begin what is due. Returns at once."""
        if not self._store.steady():
            return
        for errand in self._store.errands.due(self._clock.now()):
            if errand.id not in self._busy and len(self._busy) < AT_ONCE:
                task = asyncio.create_task(self._guarded(errand), name=f"errand-{errand.name}")
                self._busy[errand.id] = task
                task.add_done_callback(lambda _, id_=errand.id: self._busy.pop(id_, None))  # type: ignore[misc]

    async def close(self) -> None:
        """Stop; what is under way is asked about at the next start."""
        for task in list(self._busy.values()):
            task.cancel()
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _guarded(self, errand: Errand) -> None:
        try:
            await self._run(errand)
        except UNWRITTEN as error:
            log.warning("errand.unwritten", errand=errand.name, error=str(error))  # as after a crash: asked about next

    async def _run(self, errand: Errand) -> None:
        does = self.does.get(errand.name) or self.does.get(errand.name.rpartition("/")[0])
        if does is None:  # of another version of the bot
            self._over(errand, Cannot("I no longer know how"))
            return
        self._store.errands.trying(errand)
        log.debug("errand.intent", errand=errand.name)
        try:
            outcome = await does(errand, self._store.incidents.of(errand.incident))
        except Unanswered as error:
            log.info("errand.later", errand=errand.name, error=str(error))
            self._later(errand, str(error), certain=False)
            return
        except UNWRITTEN:
            raise
        except Exception:
            log.exception("errand.failed", errand=errand.name)
            self._later(errand, "something broke", certain=False)
            return
        log.debug("errand.effect", errand=errand.name)
        if isinstance(outcome, Later):
            self._later(errand, outcome.why, certain=True, seconds=outcome.seconds)
        else:
            self._over(errand, outcome)
        log.debug("errand.result", errand=errand.name)
        if isinstance(outcome, Did) and outcome.then:
            await self.round()  # at once: people are waiting for what follows, who is invited to a room above all

    def _later(self, errand: Errand, why: str, *, certain: bool, seconds: float | None = None) -> None:
        wait = AGAIN[min(errand.tries, len(AGAIN) - 1)] if seconds is None else seconds
        until = self._clock.now() + timedelta(seconds=wait)
        with self._store.transaction():
            self._store.errands.later(errand, until, why[:300], certain=certain)
            if why[:300] != errand.why:
                self._told(errand.incident)

    def _over(self, errand: Errand, outcome: Did | Cannot) -> None:
        rows, now = self._store.errands, self._clock.now()
        by = str(errand.data.get("by") or "bot")
        try:
            with self._store.transaction():
                if isinstance(outcome, Did):
                    rows.done(errand, by, now, outcome.data, outcome.why[:300])
                    for name in outcome.then:
                        rows.add(errand.incident, name, now)
                else:
                    rows.lost(errand, outcome.why[:300])
                if "/" not in errand.name:  # the small steps of a room are no news
                    state = "done" if isinstance(outcome, Did) else "lost"
                    data = {"name": errand.name, "state": state, "why": outcome.why[:300]}
                    self._store.events.append(errand.incident, DID, by, data, now)
                self._told(errand.incident)
        except TooLate:
            log.info("errand.overtaken", errand=errand.name)
