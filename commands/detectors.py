"""`/aikeys detectors [name]`: what is watched for, by which figures, and how it stands now."""

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.errors import Refused
from bot.grammar.refusing import nearest
from bot.questions.detectors import gather, known
from bot.questions.judging_detectors import judge
from bot.report import Report
from bot.views.report import show


class What(Args):
    """Which."""

    name: str | None = Field(None, description="one of them, with its reason", pattern=r"^[a-z][a-z0-9_]{0,39}$")


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    runbook=["Escalation Procedures", "1. Critical Issues (P0)", "2. Warning Issues (P1)"],
    examples=["detectors", "detectors database_outage", "detectors webhook_errors"],
)
async def detectors(ctx: Context, args: What) -> Report:
    """What I watch for by myself, by which figures, and how it stands.

    Each detector with its thresholds (your team's own are marked, the default beside them), how often it is looked
    for, and its state now: ok, pending, firing, recovering, flapping, explained, unknown, silenced, maintenance. With a
    name, that one with its reason.
    """
    ids = [one.id for one in known(ctx.settings.tuning)]
    if args.name is not None and args.name not in ids:
        near = nearest(args.name, ids)
        raise Refused(
            f"I watch for nothing called {args.name}.",
            f"Did you mean {near}?" if near else "No detector has that name.",
            "/aikeys detectors lists them.",
        )
    return judge(gather(ctx, args.name or ""))


detectors.view(show)
