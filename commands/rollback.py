"""`/aikeys rollback <function> [to]`: bring back what was live before, also while changes are frozen."""

from collections.abc import AsyncIterator
from functools import partial

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.deploys.rolling import rollback as planned
from bot.desks.requesting import Facts, ask, show


class What(Args):
    """What of it."""

    function: str = Field(
        description="an edge function (/aikeys functions lists them)", pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,99}$"
    )
    to: str = Field("", description="a version or a commit; without it what was live before", max_length=200)
    reason: str = Field("", description="why, in quotes; needed while changes are frozen", max_length=300)
    plan: bool = Field(default=False, description="only show what would change")


@command(
    role=Role.OPERATOR,
    risk=Risk.DESTRUCTIVE,
    runbook=["2. Function Rollback"],
    examples=["rollback payments-circle-webhook", "rollback health 7", 'rollback health --reason "errors since noon"'],
    private=True,
)
async def rollback(ctx: Context, args: What) -> AsyncIterator[Facts]:
    """Bring back an earlier version of an edge function.

    From the code that was saved before each deploy, so it also works after git history was rewritten. Shows how the
    two differ and waits for another person's approval; afterwards content and verify_jwt are proved.
    """
    line = f"rollback {args.function} {args.to}".strip()
    made = partial(planned, ctx, args.function, args.to)
    async for facts in ask(ctx, "rollback", line, made, only_plan=args.plan, reason=args.reason):
        yield facts


rollback.view(show)
