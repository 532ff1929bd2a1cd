"""Entering values in Slack: the button opens a modal for who asked, and what is submitted goes to the vault."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

import structlog

from bot.clients.slack import Slack
from bot.context import Context
from bot.door.inbox import Delivery
from bot.door.payload import APPROVAL, checked, part, text
from bot.errors import AikeysError, Refused, Unanswered
from bot.post.answers import Answer
from bot.post.posting import send
from bot.vault import sealing
from bot.vault.cut import FIELD
from bot.vault.receiving import Before, Wanted, received, wanted
from bot.vault.sealing import NotSealed
from bot.vault.shape import MOST_TYPED
from bot.vault.value import Value
from bot.vault.vault import Vault
from bot.views import entry, refusals
from store.errors import StoreError
from store.operations import Operation

log = structlog.get_logger(__name__)

_KNOWN = 20  # approvals whose digests are remembered: most were called off, one is open at a time
_MADE = 32  # random bytes of a secret that the bot makes, written as 64 hex digits


class Entering:
    """Routes and modals as bot.desks.deciding has them. *again*: whether the same values are needed once more."""

    def __init__(
        self, ctx: Context, slack: Slack, vault: Vault, *, again: Callable[[Operation], Before] = lambda _: Before.NONE
    ) -> None:
        self._ctx = ctx
        self._slack = slack
        self._vault = vault
        self._again = again
        self._live: dict[str, dict[str, str]] = {}  # digests as Supabase lists them, by approval; in memory only
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def routes(self) -> dict[str, Callable[[Delivery, Answer, str], Awaitable[str]]]:
        """By the first word of the action id."""
        return {"enter": self._open}

    @property
    def modals(self) -> dict[str, Callable[[Delivery, Answer], Awaitable[dict[str, str]]]]:
        """By callback_id."""
        return {entry.VALUES: self._entered}

    async def settled(self) -> None:
        """Return when nothing that a modal began is under way."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _open(self, delivery: Delivery, answer: Answer, value: str) -> str:
        """Open the modal, then learn which values are live: known by the time that somebody has typed."""
        what = self.wanted(checked(APPROVAL, value), answer.caller.user)
        box, settings = self._vault.box, self._ctx.settings
        only, hours = settings.sealed_only, settings.custody
        view = entry.modal(what, box.public, box.fingerprint, sealed_only=only, hours=hours)
        await self._slack.call("views.open", trigger_id=text(delivery.payload, "trigger_id"), view=view)
        await self.learn(what)
        return "answered"

    def wanted(self, subject: str, user: str | None) -> Wanted:
        """What may be entered for *subject* now, by *user* (None: by the machine's shell). Raises Refused."""
        what = wanted(self._ctx.store, self._vault, subject, self._again)
        if user is not None and user != what.by:
            raise Refused("You cannot enter the values.", "Only who asked for the rotation can.", "Ask them to.")
        return what

    async def learn(self, what: Wanted) -> Mapping[str, str]:
        """Ask for the digests of what is live; those known before where Supabase is away."""
        try:
            listed = await self._ctx.supabase.secrets()
        except Unanswered as error:
            log.info("entry.uncompared", error=str(error))  # the comparison is a courtesy: the step asks again
        else:
            if len(self._live) >= _KNOWN:
                self._live.clear()
            self._live[what.approval] = {one.name: one.digest.get_secret_value() for one in listed}
        return self._live.get(what.approval, {})

    async def _entered(self, delivery: Delivery, answer: Answer) -> dict[str, str]:
        """The modal: say under its fields what is wrong, or keep the values. From memory: Slack waits three seconds."""
        subject = text(delivery.payload, "view", "private_metadata")
        fields = part(delivery.payload, "view", "state", "values")
        try:
            what = self.wanted(checked(APPROVAL, subject), answer.caller.user)
            key = self._key(what, text(delivery.payload, "view", "state", "values", entry.HANDOUT, "key", "value"))
        except (KeyError, Refused, NotSealed) as error:
            return {self._place(error, fields): _said(error)}
        live, only = self._live.get(subject, {}), self._ctx.settings.sealed_only
        found = received(what, delivery.entered, live, self._vault.box, sealed_only=only, most=MOST_TYPED)
        delivery.entered.clear()
        if found.wrong:
            return {f"{FIELD}{name}": wrong for name, wrong in found.wrong.items()}
        if not what.generate:
            self.keep(what, found.values)
            self._settled(delivery, "answered")
            return {}
        task = asyncio.create_task(self._goes_on(delivery, answer, what, found.values, key), name="enter")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return {}

    async def _goes_on(
        self, delivery: Delivery, answer: Answer, what: Wanted, values: Mapping[str, Value], key: bytes
    ) -> None:
        """Hand out what is made; only then is it used: a value that nobody got would lock everybody out."""
        outcome, made = "answered", make(what)
        try:
            await send(self._slack, "chat.postMessage", entry.handed_out(handed(made, key)), [], channel=what.by)
            self.wanted(what.approval, answer.caller.user)  # it may have been called off meanwhile
            self.keep(what, {**values, **made})
        except (AikeysError, StoreError) as error:
            log.warning("entry.failed", approval=what.approval, error=type(error).__name__)
            for value in (*values.values(), *made.values()):
                value.wipe()
            outcome = "failed"
            with suppress(Unanswered):  # Slack is away for good: the operation says in time that nobody entered them
                await answer.whisper(refusals.refused(error) if isinstance(error, Refused) else entry.unsent())
        finally:
            self._settled(delivery, outcome)

    def _settled(self, delivery: Delivery, outcome: str) -> None:
        self._ctx.store.inbox.later_settled(delivery.id, outcome, self._ctx.clock.now())

    def keep(self, what: Wanted, values: Mapping[str, Value]) -> None:
        """Give *values* to the vault, where the operation waits for them."""
        self._live.pop(what.approval, None)
        self._vault.keep(what.approval, values, what.by)

    def _key(self, what: Wanted, given: str) -> bytes:
        return sealing.key_of(given) if what.generate else b""

    def _place(self, error: Exception, fields: Mapping[str, object]) -> str:
        """The block that an error stands under: the key's, else the first that there is."""
        if isinstance(error, NotSealed):
            return entry.HANDOUT
        return next(iter(fields), entry.HANDOUT)


def make(what: Wanted) -> dict[str, Value]:
    """Make the values that the bot makes by itself."""
    return {name: Value(secrets.token_hex(_MADE).encode(), sealed=True) for name in what.generate}


def handed(made: Mapping[str, Value], key: bytes) -> dict[str, str]:
    """What was *made*, sealed to *key*, by name."""
    sealed = {}
    for name, value in made.items():
        with value.reveal() as plain:
            sealed[name] = sealing.seal(plain, key)
    return sealed


def _said(error: Exception) -> str:
    if isinstance(error, Refused):
        return f"{error.what} {error.why} {error.do}"
    return str(error) if isinstance(error, NotSealed) else "I know no such request. Nothing was entered."
