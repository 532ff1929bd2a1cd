"""The steps of a migration: look, have a way back, apply one file after the other, look again. From data alone.

Each file is one transaction with its row of the history, so that the history answers what became of it. What no
transaction can hold runs alone, with a question of its own, and its row is a step of its own.
"""

from collections.abc import Sequence
from typing import Any

from bot.clients.bodies import may_have_happened
from bot.clients.errors import Failure, SqlFailed
from bot.clients.supabase import MIGRATION_PATIENCE
from bot.context import Context
from bot.errors import AikeysError
from bot.migrations import answers, live, sent
from bot.migrations.failing import why
from bot.migrations.lexing import pieces
from bot.migrations.way_back import PITR, POINT, covered
from bot.operations.steps import Answer, Done, NotDone, Retry, Run, Step, StepFailed, Unknown
from bot.plan import digest
from bot.restoring import points
from store.operations import Operation

LOOK, COVERED, CHECK = "Look at the history", "Prove the way back", "Look at history and catalog"
SETTLES = 3.0  # seconds: what was cut off may still be at work when we ask


class StillRunning(AikeysError):
    """The database is still at it: whether it will be done cannot be told yet."""


class NotAsPlanned(AikeysError):
    """History or catalog do not show what was applied."""


def apply_name(version: str) -> str:
    """The step that applies it."""
    return f"Apply {version}"


def note_name(version: str) -> str:
    """The step that notes what ran alone."""
    return f"Note {version}"


def back_name(version: str) -> str:
    """The step that takes it back."""
    return f"Take {version} back"


def names(data: dict[str, Any]) -> tuple[str, ...]:
    """The names of the steps, in order."""
    found = [LOOK]
    found += {PITR: [COVERED], POINT: [points.MAKE, points.WAIT]}.get(data["restore"], [])
    if data.get("down"):
        return (*found, back_name(data["files"][0]["version"]), CHECK)
    for one in data["files"]:
        found.append(apply_name(one["version"]))
        if one["alone"]:
            found.append(note_name(one["version"]))
    return (*found, CHECK)


def steps(ctx: Context, operation: Operation) -> list[Step]:
    """The steps of a migration. Nothing is stopped between applying a file and looking whether it is there."""
    data = operation.data
    found = [Step(LOOK, _Look(ctx, data).look, retry=Retry.HARMLESS, timeout=30)]
    if data["restore"] == PITR:
        found.append(Step(COVERED, _Look(ctx, data).covered, retry=Retry.HARMLESS, timeout=30))
    elif data["restore"] == POINT:
        found += points.steps(ctx, operation)
    head = data["head"]
    for one in data["files"]:
        file = _Back(ctx, one, head) if data.get("down") else _File(ctx, one, head)
        found += file.steps()
        head = one["version"]
    return [*found, Step(CHECK, _Look(ctx, data).check, retry=Retry.HARMLESS, timeout=60, cancellable=False)]


class _Look:
    """Looks that change nothing."""

    def __init__(self, ctx: Context, data: dict[str, Any]) -> None:
        self._ctx = ctx
        self._data = data

    async def look(self, _: Run) -> dict[str, Any]:
        versions = sorted(one.version for one in await self._ctx.supabase.migrations())
        if digest({"versions": versions}) != self._data["history"]:
            newest = versions[-1] if versions else "none"
            raise StepFailed(f"Somebody else has migrated meanwhile: the newest is {newest}. Nothing was changed.")
        return {"said": f"{len(versions)} applied, the newest {versions[-1] if versions else 'none'}"}

    async def covered(self, run: Run) -> dict[str, Any]:
        found = await self._ctx.supabase.backups()
        latest = found.physical_backup_data.latest_physical_backup_date_unix
        if not found.pitr_enabled or not covered(latest, run.clock.now()):
            raise StepFailed(
                "Point-in-time recovery does not cover this minute any more. Nothing was changed. "
                "See /aikeys backups, and ask again."
            )
        return {"said": "point-in-time recovery covers this minute"}

    async def check(self, _: Run) -> dict[str, Any]:
        there = {one.version: one.name for one in await self._ctx.supabase.migrations()}
        down = bool(self._data.get("down"))
        wrong_rows = [one["version"] for one in self._data["files"] if (one["version"] in there) == down]
        if wrong_rows:
            raise NotAsPlanned(f"The history {'still shows' if down else 'does not show'} {', '.join(wrong_rows)}.")
        wrong = await live.contradicted(self._ctx, self._data["after"])
        if wrong:
            said = ", ".join(f"{one.name} is {'not there' if one.there else 'still there'}" for one in wrong[:3])
            raise NotAsPlanned(f"The history is right, but not the catalog: {said}.")
        looked = len(self._data["after"])
        catalog = f"the catalog shows all {looked} that it should" if looked else "the catalog was not asked"
        return {"said": f"the history {'has it no more' if down else 'has them'}; {catalog}"}


class _File:
    """One file's steps. *head*: the newest version before it."""

    def __init__(self, ctx: Context, one: dict[str, Any], head: str) -> None:
        self._ctx = ctx
        self._one = one
        self._head = head
        self._version: str = one["version"]

    def steps(self) -> list[Step]:
        timeout = MIGRATION_PATIENCE + 10
        if not self._one["alone"]:
            return [Step(apply_name(self._version), self._apply, self._applied, timeout=timeout, settle=SETTLES)]
        return [
            Step(apply_name(self._version), self._run, self._ran, timeout=timeout, settle=SETTLES),
            Step(
                note_name(self._version),
                self._note,
                self._applied,
                retry=Retry.IF_NOT_DONE,
                settle=1,
                cancellable=False,
            ),
        ]

    async def _apply(self, _: Run) -> dict[str, Any]:
        sql = sent.applied(self._kept("runs"), self._version, self._one["name"], self._statements(), self._head)
        await self._send(sql)
        return self._there()

    async def _run(self, run: Run) -> dict[str, Any]:
        await self._send(self._kept("runs"))
        answer = await self._ran(run)  # IF NOT EXISTS succeeds over what a build that failed has left
        if not isinstance(answer, Done):
            raise StepFailed(answer.evidence)
        return {"said": "done, outside a transaction"}

    async def _note(self, _: Run) -> dict[str, Any]:
        await self._send(sent.noted_alone(self._version, self._one["name"], self._statements(), self._head))
        return self._there()

    async def _send(self, sql: str) -> None:
        try:
            await self._ctx.supabase.run(sql)
        except SqlFailed as failed:
            raise StepFailed(why(self._version, failed, self._kept("sha256"), alone=self._one["alone"])) from failed
        except Failure as failure:
            if may_have_happened(failure):
                raise
            raise StepFailed(str(failure)) from failure

    async def _applied(self, _: Run) -> Answer:
        """The history answers: the row and what it says were written with the file, or not at all."""
        rows = await answers.rows(self._ctx, self._version)
        row = next((one for one in rows if one.version == self._version), None)
        if row is not None and row.statements == self._statements():
            return Done(self._there(), f"The history holds {self._version}, with these very statements.")
        if row is not None:
            return Unknown(f"The history holds {self._version}, but with other statements: somebody else wrote it.")
        if any(one.busy for one in rows):
            raise StillRunning(f"The database is still at {self._version}.")
        return NotDone(f"The history does not hold {self._version}, and nobody is at it: nothing of it was applied.")

    async def _ran(self, _: Run) -> Answer:
        """Of what ran alone the catalog answers: an index is there and valid, or gone."""
        (there,) = self._one["after"]
        name = there["name"]
        found = await answers.index(self._ctx, name, self._kept("runs"))
        if there["there"] == found.there and (found.valid or not found.there):
            return Done({"said": "the catalog shows it"}, f"{name} is {'there' if found.there else 'gone'}.")
        if found.busy:
            raise StillRunning(f"The database is still at the index {name}.")
        if not found.there:
            return NotDone(f"There is no index {name}.")
        if not found.valid:
            return Unknown(f"The index {name} is there, but not valid: drop it, and begin anew.")
        return NotDone(f"The index {name} is still there.")

    def _there(self) -> dict[str, Any]:
        return {"said": "applied, and in the history", "outcome": f"{self._version} is applied"}

    def _statements(self) -> Sequence[str]:
        return [one.text for one in pieces(self._kept("sha256"))]

    def _kept(self, what: str) -> str:
        raw = self._ctx.store.bodies.get(self._one[what])
        if raw is None:
            raise StepFailed("The file that was approved is no longer in my database.")
        return raw.decode()


class _Back(_File):
    """The way back of the newest one: its file and the end of its row, in one transaction."""

    def steps(self) -> list[Step]:
        timeout = MIGRATION_PATIENCE + 10
        return [Step(back_name(self._version), self._take, self._taken, timeout=timeout, settle=SETTLES)]

    async def _take(self, _: Run) -> dict[str, Any]:
        await self._send(sent.taken_back(self._kept("runs"), self._version))
        return self._gone()

    async def _taken(self, _: Run) -> Answer:
        rows = await answers.rows(self._ctx, self._version)
        if not any(one.version == self._version for one in rows):
            return Done(self._gone(), f"The history holds {self._version} no more.")
        if any(one.busy for one in rows):
            raise StillRunning(f"The database is still at the way back of {self._version}.")
        return NotDone(f"The history still holds {self._version}, and nobody is at it: nothing was taken back.")

    def _gone(self) -> dict[str, Any]:
        return {"said": "taken back, and out of the history", "outcome": f"{self._version} is taken back"}
