"""`/aikeys migrations [ref]`: applied, pending, and where the database and the repository have parted ways."""

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.migrations.asking import look
from bot.migrations.judging import judge
from bot.report import Report
from bot.views.report import show


class What(Args):
    """Against which commit."""

    ref: str = Field("HEAD", description="the branch, tag or commit; without it the default branch", max_length=200)


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    runbook=["2. Database Migrations"],
    examples=["migrations", "migrations main"],
)
async def migrations(ctx: Context, args: What) -> Report:
    """Which migrations are applied, which are pending, and what differs.

    Holds the files of a commit against the database's own history, in both directions, and names who wrote what
    waits. Nothing is applied.
    """
    return judge(await look(ctx, args.ref), ctx.target, args.ref)


migrations.view(show)
