"""The proofs that ask the outside: events signed with the new secret and another, and Circle about its key."""

import json

from pydantic import SecretStr

from bot.clients.circle import Circle
from bot.clients.errors import Failure, TurnedAway
from bot.context import Context
from bot.health.expected import SYNTHETIC_ID, SYNTHETIC_TYPE, WEBHOOK
from bot.operations.steps import Run
from bot.rotations import record
from bot.rotations.hands import Held
from bot.rotations.proof import Next, Probe, Send, Sign, next_
from bot.vault import Value
from bot.webhooks.signing import HmacSigner, Signer, WrongSigner

ASKS = 3  # times that Circle is asked before it counts as not to be asked
PAUSE = 2.0  # seconds between


async def events(ctx: Context, run: Run, held: Held, new: Value, *, redeployed: bool) -> Next:
    """Send events until something is proved or cannot be. Each is written down before it goes out."""
    lost = _sent_before(ctx, run) - len(held.probes)
    while True:
        comes = next_(held.probes, old_known=held.old is not None, redeployed=redeployed, lost=lost)
        if not isinstance(comes, Send):
            return comes
        if comes.after:
            await run.clock.sleep(comes.after)
        signed_with = {Sign.NEW: new, Sign.OLD: held.old, Sign.WRONG: None}[comes.sign]
        data = {"sign": comes.sign.name.lower(), "redeployed": redeployed}
        ctx.store.events.append(run.operation.subject, record.PROBED, "bot", data, run.clock.now())
        held.probes.append(await _sent(ctx, comes.sign, signed_with, redeployed=redeployed))


def _sent_before(ctx: Context, run: Run) -> int:
    return sum(1 for one in ctx.store.events.of(run.operation.subject) if one.kind == record.PROBED)


async def _sent(ctx: Context, sign: Sign, secret: Value | None, *, redeployed: bool) -> Probe:
    event = SYNTHETIC_ID.replace("%", ctx.fresh_id())
    body = {"eventType": SYNTHETIC_TYPE, "eventId": event, "createDate": ctx.clock.now().isoformat()}
    raw = json.dumps(body, separators=(",", ":")).encode()
    try:
        receipt = await ctx.wallet.deliver(WEBHOOK, raw, _headers(secret, raw))
    except TurnedAway as failure:
        return Probe(sign, 0, failure.what, redeployed)  # the platform answered: the function never saw it
    except Failure as failure:
        return Probe(sign, None, failure.what, redeployed)
    return Probe(sign, receipt.status, "", redeployed)


def _headers(secret: Value | None, raw: bytes) -> dict[str, str]:
    signer: Signer = WrongSigner()
    if secret is not None:
        with secret.reveal() as plain:
            signer = HmacSigner(SecretStr(plain.decode()))
            return dict(signer.headers(raw))
    return dict(signer.headers(raw))


async def key_is_known(circle: Circle, run: Run, key: Value) -> bool:
    """Whether Circle knows *key*. Raises Failure where it cannot be asked."""
    for left in reversed(range(ASKS)):
        try:
            with key.reveal() as plain:
                return await circle.knows(plain.decode())
        except Failure:
            if not left:
                raise
            await run.clock.sleep(PAUSE)
    raise AssertionError("unreachable: the last try returned or raised")
