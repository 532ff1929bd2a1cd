"""What a rotation holds in memory and nowhere else: the values, what they have proved, and who is to be woken.

Taken from the vault once, wiped when the operation is over, at the latest a quarter of an hour after they were taken.
A restart forgets all of it: then the person who asked enters the values again.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from bot.clients.deadline import within
from bot.clock import Clock
from bot.rotations.proof import Probe
from bot.vault import KEPT_FOR, Value


@dataclass(slots=True)
class Held:
    """Of one operation. *verdict*: why it is not proved, until somebody has been told."""

    values: Mapping[str, Value] = field(default_factory=dict)
    until: float | None = None  # on the clock that never goes back
    old: Value | None = None  # the signing secret before, where it is in custody
    probes: list[Probe] = field(default_factory=list)
    verdict: str = ""
    code: str = field(default="", repr=False)
    wrong_codes: int = 0

    def wipe(self) -> None:
        """Forget the values; what they have proved stays."""
        for value in (*self.values.values(), self.old):
            if value is not None:
                value.wipe()
        self.values, self.old, self.until, self.code = {}, None, None, ""


class Hands:
    """By the subject of the operation."""

    def __init__(self) -> None:
        self._held: dict[str, Held] = {}
        self._stirred = asyncio.Event()

    def of(self, operation: str) -> Held:
        """What is held for *operation*."""
        return self._held.setdefault(operation, Held())

    def hold(self, operation: str, values: Mapping[str, Value], now: float) -> None:
        """Keep *values* while *operation* needs them. *now*, here and below: Clock.monotonic."""
        held = self.of(operation)
        held.values, held.until = values, now + KEPT_FOR

    def values(self, operation: str, now: float) -> Mapping[str, Value]:
        """The values; none after their time."""
        held = self.of(operation)
        if held.until is not None and now >= held.until:
            held.wipe()
        return held.values

    def forget(self, operation: str) -> None:
        """It is over: wipe what it held."""
        if (held := self._held.pop(operation, None)) is not None:
            held.wipe()

    def tidy(self, now: float) -> None:
        """Wipe what has been held for too long."""
        for operation in list(self._held):
            self.values(operation, now)

    def stir(self, _: object = None) -> None:
        """Wake whoever waits: something was entered, pressed, or the bot is to stop."""
        self._stirred.set()
        self._stirred = asyncio.Event()

    async def stirred(self, clock: Clock, seconds: float) -> None:
        """Return at the next stir, or when *seconds* have passed on *clock*."""
        with suppress(TimeoutError):
            await within(clock, seconds, self._stirred.wait())

    def close(self) -> None:
        """Wipe everything."""
        for operation in list(self._held):
            self.forget(operation)
