"""`/aikeys security`: who tried what, and what stands open."""

from collections.abc import AsyncIterator

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.diagnosis.judging_security import judge
from bot.diagnosis.security import Seen, gather
from bot.views.blocks import Message
from bot.views.report import show


class What(Args):
    """Nothing."""


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    confined=True,
    runbook=["1. Security Event Response", "2. JWT Secrets"],
    examples=["security"],
)
async def security(ctx: Context, args: What) -> AsyncIterator[Seen]:
    """The day's security: risky events, forgeries, open doors.

    Events of high risk, webhooks with a wrong signature, sign-ins that failed, tables without row level security, what
    Supabase's advisor finds, banned addresses. Whose addresses and e-mails they are is not shown.
    """
    del args
    async for seen in gather(ctx):
        yield seen


@security.view
def view(seen: Seen) -> Message:
    """Judge and show."""
    return show(judge(seen))
