"""`/aikeys rollback migration VERSION`: take the newest migration back, by a way back that somebody wrote."""

from collections.abc import AsyncIterator
from functools import partial

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.desks.requesting import Facts, ask, show
from bot.migrations.undoing import COMMAND, undo


class What(Args):
    """Which."""

    version: str = Field(description="the newest of the history, its 14 digits", pattern=r"^\d{1,20}$")
    reason: str = Field("", description="why, in quotes; needed while changes are frozen", max_length=300)
    unsaved: bool = Field(default=False, description="also without a restore point, where Supabase makes none")
    plan: bool = Field(default=False, description="only show what would change")


@command(
    role=Role.OPERATOR,
    risk=Risk.DESTRUCTIVE,
    runbook=["1. Database Migration Rollback"],
    examples=["rollback migration 20261103171500", "rollback migration 20261103171500 --plan"],
    under="rollback",
    private=True,
)
async def migration(ctx: Context, args: What) -> AsyncIterator[Facts]:
    """Take the newest migration back.

    By the file supabase/migrations/down/VERSION.sql of the default branch, or what was stored with the migration. What
    it does stands on its own card. Where there is none, it names the other ways, each with what it loses.
    """
    line = f"{COMMAND} {args.version}"
    made = partial(undo, ctx, args.version, unsaved=args.unsaved)
    async for facts in ask(ctx, COMMAND, line, made, only_plan=args.plan, reason=args.reason):
        yield facts


migration.view(show)
