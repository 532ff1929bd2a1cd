"""Keeps the entered values of an approval until the operation takes them: once, within fifteen minutes, in memory only.

A restart forgets them, on purpose: what is nowhere on disk cannot be read there. Whoever comes too late asks the
person to enter them again, which costs a minute.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from bot.clock import Clock
from bot.vault.box import Box
from bot.vault.value import Value

log = structlog.get_logger(__name__)

KEPT_FOR = 15 * 60.0  # seconds that pass: a clock that is put back must not keep a secret for hours


@dataclass(frozen=True, slots=True)
class _Kept:
    values: Mapping[str, Value]
    by: str
    until: float


class Vault:
    """Values by the subject of their approval (`approval/12`); within one, by the name of the secret.

    *box* opens what was sealed for the bot. `entered` is called with the approval at the end of each `keep`;
    `wants` says whether anybody waits for values of an approval now.
    """

    def __init__(self, clock: Clock, box: Box) -> None:
        self.box = box
        self.entered: Callable[[str], None] = lambda _: None
        self.wants: Callable[[str], bool] = lambda _: True
        self._clock = clock
        self._kept: dict[str, _Kept] = {}

    def keep(self, approval: str, values: Mapping[str, Value], by: str) -> None:
        """Keep *values*, which *by* entered. What was kept for *approval* before is wiped: the last entry counts."""
        self.forget(approval)
        self._kept[approval] = _Kept(dict(values), by, self._clock.monotonic() + KEPT_FOR)
        log.info("vault.kept", approval=approval, by=by, names=sorted(values))
        self.entered(approval)

    def take(self, approval: str, reader: str) -> Mapping[str, Value] | None:
        """Hand the values to *reader* (an operation), who wipes them; None when there are none any more.

        The second reader gets None, as does one after fifteen minutes or a restart.
        """
        self._drop_old()
        kept = self._kept.pop(approval, None)
        if kept is None:
            return None
        log.info("vault.taken", approval=approval, reader=reader)
        return kept.values

    def forget(self, approval: str) -> None:
        """Wipe what is kept for *approval*."""
        kept = self._kept.pop(approval, None)
        for value in kept.values.values() if kept else ():
            value.wipe()

    def waiting(self, approval: str) -> bool:
        """True while values of *approval* wait to be taken."""
        self._drop_old()
        return approval in self._kept

    async def round(self) -> None:
        """Wipe what nobody took in time (bot.clockwork.rounds)."""
        self._drop_old()

    def close(self) -> None:
        """Wipe everything."""
        for approval in list(self._kept):
            self.forget(approval)

    def _drop_old(self) -> None:
        now = self._clock.monotonic()
        for approval in [one for one, kept in self._kept.items() if kept.until <= now]:
            log.info("vault.expired", approval=approval)
            self.forget(approval)
