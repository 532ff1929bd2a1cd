"""The steps of a restore: note how it is, a point of now, go back, wait until it is there again, prove it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.clients.bodies import may_have_happened
from bot.clients.errors import Failure
from bot.context import Context
from bot.health.words import ago, count
from bot.operations.steps import Answer, Done, NotDone, Retry, Run, Step, StepFailed, Unknown
from bot.questions.backups import made
from bot.restoring import proof
from bot.restoring.planning import lose
from bot.restoring.record import point_made
from store.operations import Operation

NOTE, POINT, BACK, WAIT, PROVE = (
    "Note how it is",
    "Restore point of now",
    "Go back",
    "Wait until it is there again",
    "Compare, count and call",
)
NAMES = (NOTE, POINT, BACK, WAIT, PROVE)
LONGEST = 12 * 3600.0  # seconds: a large database takes hours (Supabase docs)
BEGINS_WITHIN = 300.0  # seconds after a yes in which the project must have left ACTIVE_HEALTHY, or gone back
LOOK = 2.0  # seconds between looks at the project: thirty questions a minute of a hundred and twenty
WELL, FAILED = "ACTIVE_HEALTHY", "RESTORE_FAILED"


def steps(ctx: Context, operation: Operation, tell: Callable[[Operation, str], None]) -> list[Step]:
    """In order. *tell* is told each state of the project, to be shown."""
    one = _Restore(ctx, operation, tell)
    return [
        Step(NOTE, one.note, retry=Retry.HARMLESS, timeout=60),
        # A second one of the same moment harms nobody; one that cannot be made must not stop the way back.
        Step(POINT, one.point, retry=Retry.HARMLESS, timeout=120),
        Step(BACK, one.back, one.went, timeout=90, settle=5),
        Step(WAIT, one.wait, retry=Retry.HARMLESS, timeout=LONGEST, cancellable=False),
        Step(PROVE, one.prove, retry=Retry.HARMLESS, timeout=120, cancellable=False),
    ]


class _Restore:
    def __init__(self, ctx: Context, operation: Operation, tell: Callable[[Operation, str], None]) -> None:
        self._ctx = ctx
        self._supabase = ctx.supabase
        self._operation = operation
        self._tell = tell
        self._name: str = operation.data["name"]
        self._since = datetime.fromisoformat(operation.data["at"])

    async def note(self, run: Run) -> dict[str, Any]:
        """What is there now, as far as an ill database can say: it tells later whether it has gone back."""
        now = run.clock.now()
        rows, older = await made(self._supabase, self._since, now), await self._older()
        try:
            history = await self._supabase.migrations()
        except Failure:
            history = []
        versions = [one.version for one in history]
        lost = sum(rows.values())
        return {
            "at": now.isoformat(),
            "rows": rows,
            "older": older,
            "versions": versions,
            "undoes": lose(self._ctx, history, self._since),
            "said": f"{count(lost, 'row')} written since, {count(len(versions), 'migration')}",
        }

    async def point(self, run: Run) -> dict[str, Any]:
        name = f"before-restore-{self._operation.number}"[:20]
        try:
            point = await self._supabase.make_restore_point(name)
        except Failure as failure:
            return {"name": "", "said": f"not possible: {failure.what}"}
        point_made(self._ctx.store, self._operation, point.name, run.clock.now())
        return {"name": point.name, "said": point.name}

    async def back(self, _: Run) -> dict[str, Any]:
        try:
            if self._name:
                await self._supabase.undo(self._name)
            else:
                await self._supabase.restore_pitr(int(self._since.timestamp()))
        except Failure as failure:
            if may_have_happened(failure):
                raise
            raise StepFailed(str(failure)) from failure
        return {"said": "Supabase has begun"}

    async def went(self, run: Run) -> Answer:
        """Has it begun? The project's status says so while it goes; afterwards, whether what was to be lost is gone."""
        status = (await self._supabase.project()).status
        if status != WELL:
            return Done({"said": f"the project is {status}"}, f"The project is {status}.")
        gone = await self._gone(run)
        if gone is None:
            return Unknown(
                "The project is ACTIVE_HEALTHY, and nothing was written since that would be gone: it cannot be told "
                "whether it has gone back. Look at the dashboard (Database, Backups)."
            )
        if gone:
            return Done({"said": "it has gone back"}, "What was written since is gone: it has gone back.")
        return NotDone("What was written since is still there: nothing was restored.")

    async def wait(self, run: Run) -> dict[str, Any]:
        """Follow the project until it is well. RESTORE_FAILED ends it."""
        begun, left, last = run.clock.monotonic(), False, ""
        while True:
            status = await self._status()
            if status != last:
                self._tell(self._operation, status)
            last = status
            if status == FAILED:
                raise StepFailed("Supabase says RESTORE_FAILED: the project is down, and what it holds is not known.")
            if status == WELL and (left or await self._gone(run)):
                break
            left = left or status not in (WELL, "")
            if not left and run.clock.monotonic() - begun > BEGINS_WITHIN:
                raise StepFailed("Supabase took it, but nothing has happened: the project never left ACTIVE_HEALTHY.")
            await run.clock.sleep(LOOK)
        return {"at": run.clock.now().isoformat(), "said": "ACTIVE_HEALTHY again"}

    async def prove(self, run: Run) -> dict[str, Any]:
        """The history as it should be, the rows gone, the wallet well. What is not so is said, and fails."""
        before = run.results[NOTE]
        history = [one.version for one in await self._supabase.migrations()]
        rows = await made(self._supabase, self._since, datetime.fromisoformat(before["at"]))
        if wrong := proof.wrong(before, history, rows, await self._older()):
            raise StepFailed(wrong)
        report = (await self._ctx.wallet.health()).report
        if report.database is None or not report.database.connected:
            raise StepFailed("The wallet does not reach its database.")
        away = self._away(run)
        head = history[-1] if history else "none"
        lost, back = sum(before["rows"].values()), run.results[POINT]["name"]
        return {
            "seconds": round(away),
            "head": head,
            "lost": before["rows"],
            "said": f"head {head}; the wallet says {report.status}",
            "outcome": f"Back, and offline for {ago(away)}. Head of the migrations: {head}; "
            f"{count(lost, 'row')} written since are gone. The wallet says {report.status}."
            + (f" Back to how it was before: /aikeys restore {back}" if back else ""),
        }

    async def _older(self) -> dict[str, int]:
        return await made(self._supabase, *proof.before(self._since))

    def _away(self, run: Run) -> float:
        """Seconds from the order to go back until the wallet answers again."""
        begun = self._operation_now(run).last(NAMES.index(BACK))
        return (run.clock.now() - (begun.begun_at if begun is not None else run.begun_at)).total_seconds()

    def _operation_now(self, run: Run) -> Operation:
        return self._ctx.store.operations.of(run.operation.subject)

    async def _status(self) -> str:
        """The project's status; empty where Supabase does not say."""
        try:
            return (await self._supabase.project()).status
        except Failure:
            return ""

    async def _gone(self, run: Run) -> bool | None:
        """Whether what was written since has gone; None where there was nothing, or nobody can tell."""
        before = run.results[NOTE]
        if not sum(before["rows"].values()) and not before["undoes"]:
            return None
        rows = await made(self._supabase, self._since, datetime.fromisoformat(before["at"]))
        if sum(before["rows"].values()) and rows:
            return sum(rows.values()) == 0
        try:
            history = {one.version for one in await self._supabase.migrations()}
        except Failure:
            return None
        return not history & set(before["undoes"]) if before["undoes"] else None
