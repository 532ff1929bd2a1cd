"""`/aikeys project`: which project this is, and what the bot's token may do there."""

from collections.abc import AsyncIterator

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.questions.judging_project import judge
from bot.questions.project import Seen, gather
from bot.views.blocks import Message
from bot.views.report import show


class What(Args):
    """Nothing."""


@command(role=Role.VIEWER, risk=Risk.READ, runbook=["1. Initial Setup", "Prerequisites"], examples=["project"])
async def project(ctx: Context, args: What) -> AsyncIterator[Seen]:
    """Which project this is, and what the bot's token may do.

    Status, region and Postgres version; what kind of token the bot holds, what it may read and what it lacks, when it
    ends where that can be known, and what is left of the rate limit. The token itself is never shown.
    """
    del args
    async for seen in gather(ctx):
        yield seen


@project.view
def view(seen: Seen) -> Message:
    """Judge and show."""
    return show(judge(seen))
