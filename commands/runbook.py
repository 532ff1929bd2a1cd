"""`/aikeys runbook [words]`: the page of the owner's runbook for some words, with its commands as buttons."""

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.runbook.asking import Found, find
from bot.runbook.reading import pages
from bot.views.runbook import show


class What(Args):
    """What of it."""

    words: tuple[str, ...] = Field((), description="what it is about, in any words; without them the contents")


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    examples=["runbook", "runbook webhook 401", "runbook database is down", "runbook troubleshooting"],
)
async def runbook(ctx: Context, args: What) -> Found:
    """The page of the runbook for your words, its commands as buttons.

    Typos are forgiven. What a page asks for is a button where it only looks, and shown as what to type where it
    changes something. Nothing outside is asked: it works with everything down.
    """
    return find(pages(), " ".join(args.words), ctx.commands, ctx.target)


runbook.view(show)
