"""`/aikeys migrate`: apply the pending migrations of a commit, once a second person has read what they do."""

from collections.abc import AsyncIterator
from functools import partial

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.desks.requesting import Facts, ask, show
from bot.migrations.planning import migrate as planned


class What(Args):
    """Up to which, of which commit."""

    to: str = Field("", description="the version to stop at; without it all that wait", pattern=r"^(\d{14})?$")
    ref: str = Field("HEAD", description="the branch, tag or commit; without it the default branch", max_length=200)
    unsaved: bool = Field(default=False, description="also without a restore point, where Supabase makes none")
    reason: str = Field("", description="why, in quotes; it stands on the card", max_length=300, kw_only=True)
    plan: bool = Field(default=False, description="only show what would change")


@command(
    role=Role.OPERATOR,
    risk=Risk.DESTRUCTIVE,
    runbook=["2. Database Migrations"],
    examples=["migrate", "migrate --to 20261103171500", "migrate --ref main --plan"],
    private=True,
)
async def migrate(ctx: Context, args: What) -> AsyncIterator[Facts]:
    """Apply the pending migrations of a commit.

    Shows what each statement does and locks and what is in the tables now, and waits for another person's approval;
    where data may be lost, for two, who type the project's name. Then it makes a way back, applies one file after the
    other, each with its row of the history in one transaction, and looks at history, catalog and health.
    """
    made = partial(planned, ctx, args.to, args.ref, unsaved=args.unsaved)
    async for facts in ask(ctx, "migrate", "migrate", made, only_plan=args.plan, reason=args.reason):
        yield facts


migrate.view(show)
