"""`/aikeys webhooks setup`: the endpoint's set-up as a checklist."""

import asyncio

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.health.expected import WEBHOOK
from bot.health.probes import caught
from bot.report import Report
from bot.views.report import show
from bot.webhooks.questions import kinds
from bot.webhooks.setting_up import SetUp, judge


class What(Args):
    """Nothing more."""


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    runbook=["1. Webhook Endpoint Setup"],
    examples=["webhooks setup"],
    under="webhooks",
)
async def setup(ctx: Context, args: What) -> Report:
    """The address for Circle's dashboard, its events, and what came.

    A checklist of the endpoint's set-up: what to enter there, and what can be seen of it from here.
    """
    del args
    seen = await asyncio.gather(
        kinds(ctx),
        caught(ctx.supabase.functions(), ctx.supabase.source),
        caught(ctx.supabase.secrets(), ctx.supabase.source),
    )
    return judge(SetUp(f"{ctx.settings.functions_url}/{WEBHOOK}", *seen), ctx.target)


setup.view(show)
