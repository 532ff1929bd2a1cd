"""`/aikeys health [part]`: how the wallet is, now."""

from collections.abc import AsyncIterator

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.health.answers import Part
from bot.health.look import Checkup, look
from bot.views.health import card


class What(Args):
    """What of it."""

    part: Part | None = Field(None, description="one part in detail")


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    runbook=["Health Monitoring", "1. System Health Check", "2. Database Health", "3. Webhook Health"],
    examples=["health", "health database", "health webhooks", "health functions", "health secrets", "health services"],
)
async def health(ctx: Context, args: What) -> AsyncIterator[Checkup]:
    """True health of the wallet, now.

    Asks the wallet itself, Supabase's services, functions, secrets and webhook numbers, all at the same time. What
    could not be asked is shown as unknown: neither healthy nor an outage. With a part, that part in detail.
    """
    async for checkup in look(ctx, args.part):
        yield checkup


health.view(card)
