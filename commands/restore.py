"""`/aikeys restore <point|time>`: the whole database goes back, once two others have typed the project's name."""

from collections.abc import AsyncIterator
from functools import partial

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.desks.requesting import Facts, ask, show
from bot.restoring.planning import restore as planned
from bot.restoring.target import read


class What(Args):
    """Where to."""

    to: str = Field(
        description='a restore point\'s name, or a time in your zone: 14:30, 14:30:05, 20m, "2026-11-24 14:30:00"; '
        "or with a zone of its own: 2026-11-24T14:30:00Z",
        max_length=40,
    )
    reason: str = Field("", description="why, in quotes; needed while changes are frozen", max_length=300)
    plan: bool = Field(default=False, description="only show what would be lost")


@command(
    role=Role.OPERATOR,
    also=Role.APPROVER,
    risk=Risk.DESTRUCTIVE,
    runbook=["2. Recovery Procedures"],
    examples=["restore before-the-fix", "restore 14:30 --plan", 'restore 20m --reason "wrong migration"'],
    private=True,
)
async def restore(ctx: Context, args: What) -> AsyncIterator[Facts]:
    """Bring the whole database back to a restore point or a second.

    Shows first what is lost by it: payments, migrations, deploys, passwords. Two approvers type the project's name.
    Then it takes a restore point of now, goes back, follows the project until it is there again, compares and counts.
    """
    line = f"restore {args.to}" if " " not in args.to else f'restore "{args.to}"'
    target = read(args.to, ctx.clock.now(), await ctx.zone())
    made = partial(planned, ctx, target, line)
    async for facts in ask(ctx, "restore", line, made, only_plan=args.plan, reason=args.reason):
        yield facts


restore.view(show)
