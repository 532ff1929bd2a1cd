"""What all steps of a rotation have in common: the names, the marks, the values, and how one says NOT PROVEN."""

from collections.abc import Mapping
from datetime import datetime
from itertools import takewhile
from typing import Any

from bot.clients.supabase import Secret
from bot.errors import AikeysError
from bot.operations.steps import TRIES, Answer, NotDone, Run, Unknown
from bot.rotations import custody, failing, record
from bot.rotations.hands import Held
from bot.rotations.kit import Kit
from bot.rotations.marks import marked
from bot.rotations.names import WAIT
from bot.vault import Value
from store.operations import Operation

_BY_ITSELF = "No answer: it is tried again by itself."


class NotProven(AikeysError):
    """The values are set; that they are the ones in use is not shown."""


class Part:
    """Of one operation with *data*."""

    def __init__(self, kit: Kit, data: Mapping[str, Any]) -> None:
        self._kit = kit
        self._ctx = kit.ctx
        self._names: list[str] = list(data["names"])
        self._marks: dict[str, str | None] = dict(data["marks"])
        self._undo: dict[str, int] = dict(data.get("undo") or {})
        self._webhook: dict[str, Any] = dict(data.get("webhook") or {})

    async def look_again(self, run: Run) -> Answer:
        """The question of the steps that prove: what is not proved is told once; asked again, it is tried again."""
        held = self._held(run)
        if held.verdict:
            verdict, held.verdict = held.verdict, ""
            return Unknown(verdict)
        return unanswered(run.operation)

    async def _values(self, run: Run) -> Mapping[str, Value]:
        if self._undo:
            return custody.opened(self._kit, run, self._undo)
        return await self._kit.entering.values(run, wanted=self._new_marks(run) or None)

    def _new_marks(self, run: Run) -> dict[str, str]:
        """The marks of the values that were entered, or are brought back; empty before."""
        kept: dict[str, str] = (run.results.get(WAIT) or {}).get("marks") or {}
        return dict(kept) or custody.marks(self._kit, self._undo)

    async def _listed(self) -> dict[str, Secret]:
        return {one.name: one for one in await self._ctx.supabase.secrets()}

    def _mark(self, listed: Mapping[str, Secret], name: str) -> str | None:
        return marked(self._ctx, digest(listed, name)) if name in listed else None

    def _held(self, run: Run) -> Held:
        return self._kit.hands.of(run.operation.subject)

    def _begins(self, listed: Mapping[str, Secret]) -> dict[str, dict[str, str]]:
        """What of the digests may be kept."""
        return {name: {"begins": record.begins(name, digest(listed, name))} for name in self._names if name in listed}

    async def _not_proven(self, run: Run, why: str) -> NotProven:
        """Written down, told, and where webhooks fail an incident; it stays open until a human has looked."""
        held = self._held(run)
        held.verdict = f"NOT PROVEN. {why}"
        await failing.tell(self._kit, run, why, held.probes)
        return NotProven(why)


def unanswered(operation: Operation) -> Answer:
    """What is to be done where the last attempt, one that proves, had no answer: a person decides after three in a row.

    Else a rotation would hold its project for as long as Supabase is away, and nobody would hear of it.
    """
    last = operation.attempts[-1]
    if last.outcome == "unknown":  # this was said before, and somebody pressed Ask again
        return NotDone(f"It is tried again, after “{last.detail}”")
    before = takewhile(
        lambda one: one.step == last.step and one.detail == _BY_ITSELF, reversed(operation.attempts[:-1])
    )
    if len(list(before)) + 1 < TRIES:
        return NotDone(_BY_ITSELF)
    return Unknown(f"“{last.name}” had no answer {TRIES} times: that the new values are in use is not proved yet.")


def digest(listed: Mapping[str, Secret], name: str) -> str:
    """SHA-256 in hex: of a weak value it must not rest anywhere."""
    return listed[name].digest.get_secret_value()


def dated(listed: Mapping[str, Secret], name: str) -> datetime | None:
    """When it was set last, as far as that is told."""
    return listed[name].at if name in listed else None
