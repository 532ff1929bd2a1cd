"""`/aikeys webhooks test`: a signed event of the bot's own, the same again, a wrong signature: three lines of proof."""

from bot.clients.wallet import Receipt
from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.health.expected import WEBHOOK
from bot.report import Report
from bot.views.report import show
from bot.webhooks.synthetic import Proof, prove
from bot.webhooks.tested import judge

TESTED = "webhook.tested"  # the event's kind


class What(Args):
    """Nothing more."""


@command(
    role=Role.OPERATOR,
    risk=Risk.CHANGE,
    runbook=["2. Testing Webhook"],
    examples=["webhooks test"],
    under="webhooks",
)
async def test(ctx: Context, args: What) -> Report:
    """Prove that the webhook accepts a signed event, once.

    Sends a signed event of a type that moves no money, the same again, and a wrongly signed one. Needs
    AIKEYS_SYNTHETIC and a copy of the signing secret; without them it proves only that others are refused.
    """
    del args
    proof = await prove(ctx)
    ctx.store.events.append(f"function/{WEBHOOK}", TESTED, ctx.caller.user, _kept(proof), ctx.clock.now())
    return judge(proof, ctx.target)


def _kept(proof: Proof) -> dict[str, object]:
    said = [f"{one.said.status} {one.said.word}" if isinstance(one.said, Receipt) else "" for one in proof.sent]
    return {"event": proof.event, "held": [one.held for one in proof.sent], "said": said}


test.view(show)
