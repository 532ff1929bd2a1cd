"""The second half of a rotation: signed events, a deploy where a warm function keeps the old value, all of it."""

from typing import Any

from bot.bundle import Bundle, compare, pack
from bot.clients.bodies import may_have_happened
from bot.clients.errors import Failure
from bot.deploys.record import FINISHED, history
from bot.health.expected import WEBHOOK, WEBHOOK_SECRET
from bot.operations.steps import Answer, Done, NotDone, Run, StepFailed, Unknown
from bot.rotations import custody, mailing, probing, record, refused
from bot.rotations.judging import NEW_SEEN, Live, Seen, last_seen, since, standing
from bot.rotations.names import API_KEY, DEPLOY, EVENTS
from bot.rotations.part import Part
from bot.rotations.proof import Next, Proved, Stale, Unproven, said


class Proving(Part):
    """Its steps."""

    async def try_events(self, run: Run) -> dict[str, Any]:
        """Signed with the new secret, then with the old or none. That a warm function keeps the old value is told."""
        try:
            await self._values(run)
        except StepFailed as failed:
            return {"verdict": "unproven", "why": str(failed), "said": f"nothing was sent. {failed}"}
        comes = await self._events(run, redeployed=False)
        word = {Proved: "proved", Stale: "stale"}.get(type(comes), "unproven")
        why = comes.why if isinstance(comes, Stale | Unproven) else ""
        return {"verdict": word, "why": why, "said": f"{said(self._held(run).probes)}. {why}".strip()}

    async def deploy(self, run: Run) -> dict[str, Any]:
        """Offered where a warm function keeps the old value: the same bytes again, under the same approval."""
        tried = run.results.get(EVENTS) or {}
        if tried.get("verdict") != "stale":
            return {"deployed": False, "skipped": True}
        waits = {"for": "redeploy", "why": str(tried.get("why", ""))}
        try:
            by = await self._kit.entering.until(run, lambda: self._pressed(run), waits)
        except StepFailed as late:
            return {"deployed": False, "said": str(late)}  # the proof goes on as it is, and says what it finds
        if by == NOBODY:
            return {"deployed": False, "said": "not wanted"}
        listed = await self._ctx.supabase.function(WEBHOOK)
        if listed.version != self._webhook.get("version"):
            return {"deployed": False, "said": f"not done: version {listed.version} was put live by somebody else"}
        live = await self._ctx.supabase.body(WEBHOOK)
        try:
            await self._ctx.supabase.deploy(WEBHOOK, live)
        except Failure as failure:
            if may_have_happened(failure):
                raise
            return {"deployed": False, "said": f"not taken: {failure.what}"}
        return await self._redeployed(run, live, by)

    async def deployed(self, run: Run) -> Answer:
        """Whether there is one version more than before."""
        listed = await self._ctx.supabase.function(WEBHOOK)
        before, by = self._webhook.get("version"), self._pressed(run)
        if listed.version == before:
            return NotDone(f"{WEBHOOK} is still at version {before}.")
        if by is None or listed.version != (before or 0) + 1:
            return Unknown(f"{WEBHOOK} is at version {listed.version}, which this rotation did not make.")
        found = await self._redeployed(run, await self._ctx.supabase.body(WEBHOOK), by)
        return Done(found, f"{WEBHOOK} is at version {listed.version}.")

    async def mail_code(self, run: Run) -> dict[str, Any]:
        """A one-time code, mailed to the new address, has to come back in Slack."""
        try:
            outcome = await mailing.confirmed(self._kit, run, await self._values(run))
        except StepFailed as failed:
            raise await self._not_proven(run, str(failed)) from failed
        if outcome.wrong:
            raise await self._not_proven(run, outcome.wrong)
        return {"said": outcome.said}

    async def prove(self, run: Run) -> dict[str, Any]:
        """All parts together, and only then success."""
        try:
            await self._values(run)
        except StepFailed as failed:
            raise await self._not_proven(run, str(failed)) from failed
        listed, new = await self._listed(), self._new_marks(run)
        seen = {
            name: Seen(self._mark(listed, name), new.get(name), self._marks[name], None, run.begun_at)
            for name in self._names
        }
        if wrong := (since if last_seen(run.operation) is Live.NEW else standing)(seen):
            raise await self._not_proven(run, wrong)
        shown = [NEW_SEEN + ("s" if len(self._names) > 1 else "")]
        if WEBHOOK_SECRET in self._names:
            shown.append(await self._events_proved(run))
        if API_KEY in self._names:
            shown.append(await self._key_proved(run))
        record.note(self._ctx.store, run.operation, record.PROVED, run.clock.now())
        return {"said": "; ".join(shown)}

    async def list_refused(self, run: Run) -> dict[str, Any]:
        """What came signed otherwise between the approval and the proof. It never fails the rotation."""
        found = await refused.between(self._ctx, run, self._held(run).probes)
        return {"said": found.words, "refused": found.number, "lines": list(found.lines), "at": list(found.at)}

    async def _events_proved(self, run: Run) -> str:
        again = bool((run.results.get(DEPLOY) or {}).get("deployed"))
        comes = await self._events(run, redeployed=again)
        if not isinstance(comes, Proved):
            why = comes.why if isinstance(comes, Stale | Unproven) else ""
            raise await self._not_proven(run, f"{NEW_SEEN}. {why} Sent: {said(self._held(run).probes)}.")
        other = "with the old one" if self._held(run).old is not None else "wrongly"
        return f"the webhook accepts what is signed with the new secret (200) and refuses what is signed {other} (401)"

    async def _key_proved(self, run: Run) -> str:
        values = await self._values(run)
        try:
            known = await probing.key_is_known(self._kit.circle, run, values[API_KEY])
        except Failure as failure:
            raise await self._not_proven(
                run, f"{NEW_SEEN}. Whether Circle knows the new key could not be asked. {failure}"
            ) from None
        if not known:
            raise await self._not_proven(run, f"{NEW_SEEN}. Circle does not know the new key (401).")
        return "Circle knows the key"

    async def _events(self, run: Run, *, redeployed: bool) -> Next:
        values, held = await self._values(run), self._held(run)
        if held.old is None:
            held.old = custody.old(self._kit, WEBHOOK_SECRET, self._marks.get(WEBHOOK_SECRET))
        return await probing.events(self._ctx, run, held, values[WEBHOOK_SECRET], redeployed=redeployed)

    async def _redeployed(self, run: Run, live: Bundle, by: str) -> dict[str, Any]:
        listed = await self._ctx.supabase.function(WEBHOOK)
        if not compare(live, await self._ctx.supabase.body(WEBHOOK)).same:
            raise await self._not_proven(run, f"{WEBHOOK} was deployed again, and is not what it was.")
        self._recorded(run, listed.version, listed.ezbr_sha256 or "", live, by)
        return {
            "deployed": True,
            "version": listed.version,
            "by": by,
            "said": f"version {listed.version}, byte for byte",
        }

    def _recorded(self, run: Run, version: int, sha: str, live: Bundle, by: str) -> None:
        """As every deploy of ours: else the watch would take it for somebody else's."""
        store, now = self._ctx.store, run.clock.now()
        last = history(store, WEBHOOK)[:1]
        if last and last[0].operation == run.operation.subject:
            return
        body, before = store.bodies.keep(pack(live), now), self._webhook.get("version")
        data = {
            "function": WEBHOOK,
            "version": version,
            "commit": (last[0].commit or None) if last and last[0].version == before else None,
            "ok": 1,
            "command": "rotate",
            "verify_jwt": live.verify_jwt,
            "ezbr_sha256": sha,
            "body": body,
            "before": {"version": before, "body": body},
            "approval": run.operation.approval,
            "operation": run.operation.subject,
        }
        store.events.append(f"function/{WEBHOOK}", FINISHED, by, data, now)

    def _pressed(self, run: Run) -> str | None:
        """Who wants the deploy; NOBODY where somebody wants to go on without."""
        found = self._ctx.store.events.latest(record.REDEPLOY, run.operation.subject)
        if found is None:
            return None
        return found.actor if found.data.get("wanted") else NOBODY


NOBODY = "nobody"
