"""`/aikeys functions [name]`: what is live, how it does, who put it there."""

from collections.abc import AsyncIterator

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.questions import judging_functions, judging_one_function
from bot.questions.functions import Seen, gather
from bot.views.blocks import Message
from bot.views.report import show


class What(Args):
    """Which."""

    name: str | None = Field(None, description="one function in detail", pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,99}$")


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    runbook=["3. Edge Functions Deployment", "3. Edge Function Errors", "2. Function Performance"],
    examples=["functions", "functions health", "functions payments-circle-webhook"],
)
async def functions(ctx: Context, args: What) -> AsyncIterator[Seen]:
    """The edge functions: what is live, how it is doing, who put it there.

    Version, status, verify_jwt, calls, failures and latency of the last hour, and whether a function answers where a
    harmless probe is declared. With a name also its code's hash, the commit it came from, 504 and 546, memory and CPU.
    """
    async for seen in gather(ctx, args.name):
        yield seen


@functions.view
def view(seen: Seen) -> Message:
    """Judge and show."""
    return show(judging_one_function.judge(seen, seen.name) if seen.name else judging_functions.judge(seen))
