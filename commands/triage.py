"""`/aikeys triage webhook|database|function NAME`: why it does not work, and the way out."""

from collections.abc import AsyncIterator

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.diagnosis.evidence import Kind, Seen, gather
from bot.diagnosis.judging_triage import judge
from bot.errors import Refused
from bot.views.blocks import Message
from bot.views.report import show


class What(Args):
    """What of it."""

    what: Kind = Field(description="the thing that does not work")
    name: str | None = Field(None, description="which function", pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,99}$")


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    confined=True,
    runbook=["Troubleshooting", "1. Webhook Failures", "2. Database Connection Issues", "3. Edge Function Errors"],
    examples=["triage webhook", "triage database", "triage function withdraw-funds"],
)
async def triage(ctx: Context, args: What) -> AsyncIterator[Seen]:
    """Why it does not work: the likeliest cause, and the way out.

    Runs all the checks of the runbook's troubleshooting at once, Supabase's own status page among them, names the
    likeliest cause with what speaks for it, and offers each step of the resolution. Steps that change something are
    shown as the command to type: they need an approval.
    """
    if args.what == "function" and args.name is None:
        raise Refused(
            "I looked at no function.",
            "None was named.",
            "Name it: triage function withdraw-funds. /aikeys functions lists them.",
        )
    if args.what != "function" and args.name is not None:
        raise Refused(
            f"I did not look at {args.name[:60]}.",
            f"The {args.what} has no name: there is one.",
            f"Type triage {args.what}, or triage function {args.name[:60]}.",
        )
    async for seen in gather(ctx, args.what, args.name or ""):
        yield seen


@triage.view
def view(seen: Seen) -> Message:
    """Judge and show."""
    return show(judge(seen))
