"""/aikeys help: what you may ask, and how."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from bot.command import Args, Command, Risk, Role, command
from bot.context import Context
from bot.errors import Refused
from bot.grammar.refusing import quote, unknown_command
from bot.runbook import order, section
from bot.views import help as page
from bot.views.blocks import Message


class What(Args):
    """What to explain."""

    command: tuple[str, ...] = Field((), description="the command to explain, with its examples")


@command(role=Role.VIEWER, risk=Risk.READ, examples=["help", "help health"], private=True)
async def help_(ctx: Context, args: What) -> page.Help:
    """What you may ask, and how.

    Without a command it lists those your roles allow, in the order of the runbook; with one it explains that one.
    """
    mine = [one for one in ctx.commands.values() if one.allows(ctx.caller.roles)]
    if not args.command:
        groups: dict[str, list[page.Entry]] = {}
        placed = {one.name: _placed(one, ctx.commands) for one in mine}
        for one in sorted(mine, key=lambda one: (order(placed[one.name]), one.name)):
            groups.setdefault(placed[one.name], []).append(page.entry(one))
        return page.Contents(ctx.target, tuple(sorted(ctx.caller.roles)), groups, len(ctx.commands) - len(mine))
    name = " ".join(args.command).casefold().removeprefix("/")
    asked = ctx.commands.get(name)
    if asked is None and len(args.command) > 1 and args.command[0].casefold() in ctx.commands:
        more = ", ".join(map(quote, args.command[1:4]))
        raise Refused("/aikeys help was not run.", f"A word too many: {more}.", "Use: /aikeys help [command]")
    if asked is None:
        raise unknown_command(name, [one.name for one in mine])
    if asked not in mine:
        raise Refused(
            f"{quote(name)} is not for you.",
            f"It needs the role {asked.role}; you are {' and '.join(sorted(ctx.caller.roles)) or 'without one'}.",
            "Roles are in the bot’s settings; ask whoever runs it.",
        )
    return page.explained(asked)


def _placed(one: Command[Any, Any], commands: Mapping[str, Command[Any, Any]]) -> str:
    """The section it stands in: that of the command it belongs to, `incident ack` with `incident`."""
    return section(commands.get(one.name.partition(" ")[0], one).runbook)


@help_.view
def view(facts: page.Help) -> Message:
    """Show the contents, or one command."""
    return page.show(facts)
