"""The steps of a deploy: save what is live, send, compare byte for byte, call it. Built from the operation alone.

What is sent lies in store.bodies by its hash, so the way back needs neither git nor Supabase's memory.
"""

from collections.abc import Sequence
from typing import Any

from bot.bundle import Bundle, compare, pack, unpack
from bot.clients.bodies import may_have_happened
from bot.clients.errors import Failure
from bot.clients.supabase import DEPLOY_PATIENCE
from bot.context import Context
from bot.deploys import explained, parts, probing
from bot.deploys.parts import Pinned
from bot.errors import AikeysError
from bot.operations.steps import Answer, Done, NotDone, Retry, Run, Step, StepFailed, Unknown
from store.operations import Operation

SAVE, SEND, COMPARE, CALL = "Save what is live", "Deploy", "Compare what is live", "Call it"
SETTLES = 5.0  # seconds: a deploy whose answer was lost may still be bundled when we ask


class NotAsSent(AikeysError):
    """What is live is not what was sent."""


def names(slugs: Sequence[str]) -> tuple[str, ...]:
    """The names of the steps for these functions, in order."""
    return tuple(named(slug, name, slugs) for slug in slugs for name in (SAVE, SEND, COMPARE, CALL))


def named(slug: str, name: str, slugs: Sequence[str]) -> str:
    """A step's name; the function stands in it where there are several."""
    return name if len(slugs) == 1 else f"{slug}: {name[0].lower()}{name[1:]}"


def steps(ctx: Context, operation: Operation) -> list[Step]:
    """The steps of a deploy or roll back."""
    found: list[Pinned] = operation.data["parts"]
    slugs = [part["function"] for part in found]
    return [step for part in found for step in _One(ctx, part, slugs, operation).steps()]


class _One:
    """One function's steps."""

    def __init__(self, ctx: Context, part: Pinned, slugs: Sequence[str], operation: Operation) -> None:
        self._ctx = ctx
        self._part = part
        self._slug: str = part["function"]
        self._slugs = slugs
        self._command = operation.command
        self._begun = operation.started_at

    def steps(self) -> list[Step]:
        """In order. Nothing is stopped between sending and proving."""
        return [
            Step(self._named(SAVE), self._save, retry=Retry.HARMLESS, timeout=60),
            Step(self._named(SEND), self._send, self._sent, timeout=DEPLOY_PATIENCE + 10, settle=SETTLES),
            Step(self._named(COMPARE), self._compare, retry=Retry.HARMLESS, timeout=60, cancellable=False),
            Step(self._named(CALL), self._call, retry=Retry.HARMLESS, timeout=30, cancellable=False),
        ]

    def _named(self, name: str) -> str:
        return named(self._slug, name, self._slugs)

    async def _save(self, run: Run) -> dict[str, Any]:
        """Keep the live code by its hash. A roll back goes on where that cannot be read: it is what is broken."""
        listed = await parts.listed(self._ctx.supabase, self._slug)
        now, then = (listed.version if listed else None), self._part["live"]["version"]
        if now != then:
            raise StepFailed(f"{self._slug} moved from version {then} to {now} meanwhile. Nothing was changed.")
        if listed is None:
            return {"version": None, "body": ""}
        try:
            live = await self._ctx.supabase.body(self._slug)
        except Failure:
            if self._command != "rollback":
                raise
            return {"version": listed.version, "body": ""}
        kept = self._ctx.store.bodies.keep(pack(live), run.clock.now())
        return {"version": listed.version, "body": kept, "ezbr_sha256": listed.ezbr_sha256}

    async def _send(self, _: Run) -> dict[str, Any]:
        try:
            deployed = await self._ctx.supabase.deploy(self._slug, self._ours())
        except Failure as failure:
            if may_have_happened(failure):
                raise
            raise StepFailed(str(failure)) from failure
        return {"version": deployed.version, "ezbr_sha256": deployed.ezbr_sha256}

    async def _sent(self, _: Run) -> Answer:
        """Is it there? Only a version that moved and holds our very bytes is ours."""
        listed = await parts.listed(self._ctx.supabase, self._slug)
        then = self._part["live"]["version"]
        if (listed.version if listed else None) == then:
            still = f"is still at version {then}" if then is not None else "still does not exist"
            return NotDone(f"{self._slug} {still}: nothing was changed.")
        if listed is None:
            return Unknown(f"{self._slug} is gone; it was at version {then}.")
        live = await self._ctx.supabase.body(self._slug)
        if compare(self._ours(), live).same and live.verify_jwt == self._part["verify_jwt"]:
            return Done(
                {"version": listed.version, "ezbr_sha256": listed.ezbr_sha256},
                f"{self._slug} is at version {listed.version} and holds what was sent.",
            )
        return Unknown(
            f"{self._slug} moved from version {then} to {listed.version}, but does not hold what was sent. "
            "Somebody else may have deployed it."
        )

    async def _compare(self, run: Run) -> dict[str, Any]:
        sent = run.results.get(self._named(SEND)) or {}
        listed = await self._ctx.supabase.function(self._slug)
        live = await self._ctx.supabase.body(self._slug)
        if sent.get("version") not in (None, listed.version):
            raise NotAsSent(f"{self._slug} is at version {listed.version}; version {sent['version']} was made here.")
        found = compare(self._ours(), live)
        if not found.same:
            where = ", ".join([*found.changed, *found.missing, *found.extra][:3])
            raise NotAsSent(f"What is live is not what was sent: {where}.")
        if listed.verify_jwt != self._part["verify_jwt"]:
            raise NotAsSent(f"verify_jwt is {listed.verify_jwt}; {self._part['verify_jwt']} was sent.")
        return {
            "version": listed.version,
            "ezbr_sha256": listed.ezbr_sha256,
            "verify_jwt": listed.verify_jwt,
            "said": f"{len(live.files)} files, byte for byte",
        }

    async def _call(self, _: Run) -> dict[str, Any]:
        """Prove it. Where that fails while an incident is open that explains it, the sentence says so."""
        try:
            return {"said": await probing.proved_whole(self._ctx, self._slug)}
        except AikeysError as error:
            found = await explained.cause(
                self._ctx, self._slug, self._begun, explained.looks_of(self._ctx, self._begun)
            )
            if found is None:
                raise
            what = error.what if isinstance(error, Failure) else str(error)
            raise probing.NotProved(f"{what} {explained.said(found, self._begun)}") from error

    def _ours(self) -> Bundle:
        raw = self._ctx.store.bodies.get(self._part["sent"])
        if raw is None:
            raise StepFailed("The code that was approved is no longer in my database.")
        return unpack(raw)
