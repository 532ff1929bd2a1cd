"""Waits for a person: until the values are entered, or a button is pressed. In steps that may be repeated."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from bot.context import Context
from bot.errors import AikeysError
from bot.operations.steps import Run, StepFailed
from bot.rights.standing import operates
from bot.rotations import record
from bot.rotations.hands import Hands
from bot.rotations.marks import marked
from bot.rotations.names import SET
from bot.vault import Value, Vault

T = TypeVar("T")
TICK = 1.0  # seconds between looks whether it was cancelled, or has taken too long
PERSON = 60.0  # seconds between looks whether who asked may still do it


class Interrupted(AikeysError):
    """Nobody is waited for any longer, and nothing was done: the step is begun anew, or was called off."""


class Entering:
    """What a step needs of the one who asked."""

    def __init__(self, ctx: Context, hands: Hands, vault: Vault) -> None:
        self._ctx = ctx
        self._hands = hands
        self._vault = vault

    async def values(self, run: Run, *, wanted: Mapping[str, str] | None = None) -> Mapping[str, Value]:
        """The values of this operation: held already, or taken from the vault once they were entered.

        *wanted*: marks by name; other values than these are refused and waited for again. Raises StepFailed after a
        quarter of an hour, Interrupted.
        """
        subject, wrong = run.operation.subject, False
        while True:
            if held := self._hands.values(subject, run.clock.monotonic()):
                return held
            taken = await self.until(
                run, lambda: self._vault.take(run.operation.approval, subject), _for(wanted, wrong=wrong)
            )
            if wanted is None or all(marked(self._ctx, taken[name].digest) == wanted[name] for name in taken):
                self._hands.hold(subject, taken, run.clock.monotonic())
            else:
                wrong = True
                for value in taken.values():
                    value.wipe()

    async def until(
        self, run: Run, look: Callable[[], T | None], data: Mapping[str, object], within: timedelta | None = None
    ) -> T:
        """What *look* gives, once it gives something; who is waited for meanwhile is told (*data*)."""
        if (found := look()) is not None:
            return found
        subject, store = run.operation.subject, self._ctx.store
        patience = within or self.patience
        ends, waits_until = run.clock.monotonic() + patience.total_seconds(), run.clock.now() + patience
        self._tell(
            run, record.WAITS, dict(data) | {"until": waits_until.isoformat(), "key": self._vault.box.fingerprint}
        )
        checked = run.clock.monotonic()
        while (found := look()) is None:
            operation = store.operations.of(subject)
            if operation.cancel_by and SET not in operation.results:  # what is set is proved, whoever is tired of it
                raise Interrupted("It was called off while it waited.")
            if self._ctx.changes is not None and self._ctx.changes.engine.draining:
                raise Interrupted("I was stopped while I waited; what was entered is forgotten.")
            if run.clock.monotonic() >= ends:
                self._tell(run, record.ENTERED, {"outcome": "too late"})
                minutes = round(patience.total_seconds() / 60)
                raise StepFailed(f"Nobody did it within {minutes} minutes.")
            if run.clock.monotonic() - checked >= PERSON:
                checked = run.clock.monotonic()
                await self.still_may(run)
            await self._hands.stirred(run.clock, TICK)
        self._tell(run, record.ENTERED, {"outcome": "there"})
        return found

    async def still_may(self, run: Run) -> None:
        """Raises StepFailed where who asked may do it no more. Where Slack cannot tell, what it said last counts."""
        by, roles = run.operation.started_by, self._ctx.roles
        if roles is None or by == "bot":
            return
        grant = await roles.of(by, "")
        if not operates(grant.roles):
            self._tell(run, record.ENTERED, {"outcome": "not allowed"})
            raise StepFailed(f"Who asked may do this no more: {grant.why or 'the role is gone'}")

    @property
    def patience(self) -> timedelta:
        """How long a person is waited for."""
        return timedelta(minutes=15)

    def _tell(self, run: Run, kind: str, data: Mapping[str, object]) -> None:
        store, subject = self._ctx.store, run.operation.subject
        with store.transaction():
            store.events.append(subject, kind, "bot", dict(data), run.clock.now())
            if self._ctx.changes is not None:
                self._ctx.changes.engine.redraw(store.operations.of(subject))


def _for(wanted: Mapping[str, str] | None, *, wrong: bool) -> dict[str, object]:
    return {"for": "values", "again": wanted is not None, "wrong": wrong}
