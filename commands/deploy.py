"""`/aikeys deploy <function> [ref]`: put an edge function live from git, once a second person has approved it."""

from collections.abc import AsyncIterator
from functools import partial

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.deploys.planning import deploy as planned
from bot.desks.requesting import Facts, ask, show


class What(Args):
    """What of it."""

    function: str = Field(
        description="an edge function (/aikeys functions lists them), or all: those that differ, in order",
        pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,99}$",
    )
    ref: str = Field("HEAD", description="the branch, tag or commit; without it the default branch", max_length=200)
    again: bool = Field(default=False, description="also where it is live byte for byte: for code that was lost")
    reason: str = Field("", description="why, in quotes; it stands on the card", max_length=300, kw_only=True)
    plan: bool = Field(default=False, description="only show what would change")


@command(
    role=Role.OPERATOR,
    risk=Risk.DESTRUCTIVE,
    runbook=["3. Edge Functions Deployment"],
    examples=[
        "deploy payments-circle-webhook",
        "deploy health main",
        "deploy all --plan",
        "deploy health --again",
        'deploy health --reason "the new limits"',
    ],
    private=True,
)
async def deploy(ctx: Context, args: What) -> AsyncIterator[Facts]:
    """Put an edge function live from git.

    Shows the commit, the changed files and what verify_jwt becomes, and waits for another person's approval. Then it
    saves what is live, deploys, compares byte for byte and calls the function, all told in the thread.
    """
    line = f"deploy {args.function}"
    made = partial(planned, ctx, args.function, args.ref, again=args.again)
    async for facts in ask(ctx, "deploy", line, made, only_plan=args.plan, reason=args.reason):
        yield facts


deploy.view(show)
