"""`/aikeys webhooks`: what came in, what failed, what the wallet's own word hides."""

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.report import Report
from bot.views.report import show
from bot.webhooks.questions import traffic
from bot.webhooks.traffic import judge


class What(Args):
    """Nothing more."""


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    runbook=["3. Webhook Performance", "1. Webhook Failures"],
    examples=["webhooks"],
)
async def webhooks(ctx: Context, args: What) -> Report:
    """What came in, what failed, and what "healthy" hides.

    Events per hour, deliveries by how they ended, processing time, growth of the idempotency keys, wrong signatures
    and the last real event, counted by a read-only user. The bot's own test events are left out.
    """
    del args
    return judge(await traffic(ctx), ctx.target)


webhooks.view(show)
