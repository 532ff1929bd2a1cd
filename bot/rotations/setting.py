"""The first half of a rotation: the values come in, Circle is asked about its key, all are set and compared."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.clients.bodies import may_have_happened
from bot.clients.errors import Failure, MustPay, NotAllowed, NotThere, Odd, TurnedAway
from bot.operations.steps import Answer, Done, NotDone, Run, StepFailed, Unknown
from bot.rotations import custody, probing, record
from bot.rotations.judging import Seen, moved, standing
from bot.rotations.marks import marked
from bot.rotations.names import API_KEY, SET
from bot.rotations.part import Part, dated
from bot.vault import Value

AGAIN = (1.0, 2.0)  # seconds between looks at the list, which may lag behind the call


class Setting(Part):
    """Its steps."""

    async def wait(self, run: Run) -> dict[str, Any]:
        """Until they are entered; then keep a mark of each, by which it is known again."""
        values = await self._kit.entering.values(run)
        marks = {name: marked(self._ctx, value.digest) for name, value in values.items()}
        return {"marks": marks, "said": "entered; in memory only"}

    async def try_key(self, run: Run) -> dict[str, Any]:
        """A key that Circle refuses is not set at all. That Circle cannot be asked is no reason to wait."""
        values = await self._values(run)
        try:
            known = await probing.key_is_known(self._kit.circle, run, values[API_KEY])
        except Failure as failure:
            return {"known": None, "said": f"not known: {failure.what}"}
        if not known:
            raise StepFailed("Circle does not know this key (401), so nothing was set. Make another, and ask again.")
        return {"known": True, "said": "Circle knows it"}

    async def set(self, run: Run) -> dict[str, Any]:
        """All of them in one call, if all is still as it was approved."""
        values = await self._values(run)
        await self._kit.entering.still_may(run)
        listed = await self._listed()
        if changed := [name for name in self._names if self._mark(listed, name) != self._marks[name]]:
            raise StepFailed(f"{', '.join(changed)} was set by somebody else meanwhile. Nothing was changed.")
        record.note(self._ctx.store, run.operation, record.STARTED, run.clock.now())
        try:
            posted = await self._ctx.supabase.set_secrets({name: _plain(values[name]) for name in self._names})
        except Failure as failure:
            if may_have_happened(failure):
                raise
            raise StepFailed(f"Nothing was set. {_why(failure)}") from None
        kept = {name: {"begins": record.begins(name, value.digest)} for name, value in values.items()}
        hours = self._hours()
        self._was_set(run, kept, values)
        at = posted.isoformat() if posted is not None else ""
        return {"said": "taken (201); not proved yet", "kept": hours, "posted": at}

    async def was_set(self, run: Run) -> Answer:
        """Are the digests the new ones? The values may be forgotten; their marks are not."""
        listed = await self._listed()
        now, new = {name: self._mark(listed, name) for name in self._names}, self._new_marks(run)
        if new and all(now[name] == new.get(name) for name in self._names):
            hours = self._hours()
            self._was_set(
                run, self._begins(listed), self._kit.hands.values(run.operation.subject, run.clock.monotonic())
            )
            return Done({"said": "Supabase has the new digests", "kept": hours}, "Supabase has the new digests.")
        if now == self._marks:
            return NotDone("Supabase has the old digests: nothing was set.")
        return Unknown(
            "Supabase has digests that are neither the old ones nor the new. Somebody else may have set them."
        )

    async def compare(self, run: Run) -> dict[str, Any]:
        """The digest from the API is ours, and its date is not from before."""
        new = self._new_marks(run)
        theirs = (run.results.get(SET) or {}).get("posted")
        ours = max(one.begun_at for one in run.operation.attempts if one.name == SET)
        posted = datetime.fromisoformat(theirs) if theirs else ours  # by Supabase's clock, where it told it
        for wait in (*AGAIN, None):
            listed = await self._listed()
            seen = {
                name: Seen(self._mark(listed, name), new.get(name), self._marks[name], dated(listed, name), posted)
                for name in self._names
            }
            wrong = standing(seen)
            if not wrong:
                begins = {name: kept["begins"] for name, kept in self._begins(listed).items()}
                return {"said": moved(seen), "begins": begins}
            if wait is not None:
                await run.clock.sleep(wait)
        raise await self._not_proven(run, wrong)

    def _hours(self) -> int:
        """For how many hours the value that is replaced can be brought back; 0: it cannot."""
        kept = all(custody.held(self._kit, name, self._marks[name]) for name in self._names)
        return self._ctx.settings.custody if kept and not self._undo else 0

    def _was_set(self, run: Run, kept: Mapping[str, Mapping[str, str]], values: Mapping[str, Value]) -> None:
        record.note(self._ctx.store, run.operation, record.SET, run.clock.now(), kept)
        custody.keep(self._kit, self._marks, self._new_marks(run), values)


def _why(failure: Failure) -> str:
    """What Supabase says of a refused value may quote it: then only the status is told."""
    quotes = isinstance(failure, Odd | NotThere | MustPay) or (isinstance(failure, NotAllowed) and not failure.missing)
    if isinstance(failure, TurnedAway) and quotes:
        return f"Supabase refused ({failure.status}); its words are not repeated, they may hold the value."
    return str(failure)


def _plain(value: Value) -> str:
    with value.reveal() as plain:
        return plain.decode()
