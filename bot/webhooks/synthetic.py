"""Events of the bot's own: of a type that moves no money, with a fresh id, and left out of every count of ours."""

import json
from dataclasses import dataclass

from bot.clients.errors import Failure
from bot.clients.wallet import Receipt
from bot.context import Context
from bot.health.expected import SYNTHETIC_ID, SYNTHETIC_TYPE, WEBHOOK
from bot.webhooks.copy import fresh
from bot.webhooks.signing import HmacSigner, Signer, WrongSigner

OFF = "Events of my own are switched off (AIKEYS_SYNTHETIC)."


@dataclass(frozen=True, slots=True)
class Sent:
    """One event and what came of it. *said*: the answer, the Failure that came instead, or why it was not sent."""

    what: str
    wanted: str
    said: Receipt | Failure | str

    @property
    def held(self) -> bool | None:
        """True where the answer was the wanted one; None where it is not known."""
        return (
            f"{self.said.status} {self.said.word}".startswith(self.wanted) if isinstance(self.said, Receipt) else None
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """What was sent, in order; *event* is the id of the row that it left, empty where none was accepted."""

    sent: tuple[Sent, ...]
    event: str = ""


async def prove(ctx: Context) -> Proof:
    """Signed, the same again, wrongly signed. What cannot be signed is not sent, and its line says why."""
    signer, why = await _signer(ctx)
    event = SYNTHETIC_ID.replace("%", ctx.fresh_id())
    raw = _event(ctx, event)
    first = await _send(ctx, "signed, a fresh id", "200 success", raw, signer, why)
    again = await _send(ctx, "the same once more", "200 already_processed", raw, signer, why)
    # Another body than the signed one: a wrong signature must be refused whatever it is about.
    wrong = await _send(ctx, "wrongly signed", "401", _event(ctx, event + "-wrong"), WrongSigner(), "")
    return Proof((first, again, wrong), event if signer is not None else "")


async def accepted(ctx: Context) -> Sent:
    """One signed event alone: the proof after a deploy."""
    signer, why = await _signer(ctx)
    raw = _event(ctx, SYNTHETIC_ID.replace("%", ctx.fresh_id()))
    return await _send(ctx, "signed, a fresh id", "200", raw, signer, why)


async def _signer(ctx: Context) -> tuple[Signer | None, str]:
    if not ctx.settings.synthetic:
        return None, OFF
    copy = await fresh(ctx)
    return (None, copy.why) if copy.secret is None else (HmacSigner(copy.secret), "")


def _event(ctx: Context, event: str) -> bytes:
    """Compact, and signed as it is: the signature is over the very bytes."""
    body = {"eventType": SYNTHETIC_TYPE, "eventId": event, "createDate": ctx.clock.now().isoformat()}
    return json.dumps(body, separators=(",", ":")).encode()


async def _send(ctx: Context, what: str, wanted: str, raw: bytes, signer: Signer | None, why: str) -> Sent:
    if signer is None:
        return Sent(what, wanted, why)
    try:
        return Sent(what, wanted, await ctx.wallet.deliver(WEBHOOK, raw, signer.headers(raw)))
    except Failure as failure:
        return Sent(what, wanted, failure)
