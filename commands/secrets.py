"""`/aikeys secrets`: which secrets are set, how old they are, who rotated them. Never a value."""

from collections.abc import AsyncIterator

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.questions.judging_secrets import judge
from bot.questions.secrets import Seen, gather
from bot.views.blocks import Message
from bot.views.report import show


class What(Args):
    """Nothing."""


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    runbook=["4. Secrets Management", "1. Webhook Failures", "1. Circle API Keys"],
    examples=["secrets"],
)
async def secrets(ctx: Context, args: What) -> AsyncIterator[Seen]:
    """Which secrets are set, how old they are and who rotated them.

    Names and ages, what the running function sees of them, and the first eight hex digits of each digest, to compare
    with your own: never a value. Those older than AIKEYS_SECRET_AGE are marked. What can be guessed has no digest here.
    """
    del args
    async for seen in gather(ctx):
        yield seen


@secrets.view
def view(seen: Seen) -> Message:
    """Judge and show."""
    return show(judge(seen))
