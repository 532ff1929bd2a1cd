"""The App Home tab, and the sentence for what is not built yet."""

from collections.abc import Iterable
from typing import Any

from bot.command import Command, Risk
from bot.context import Target
from bot.views.blocks import Block, Message, actions, ask_button, code, context, divider, escape, header, section


def view(target: Target, roles: frozenset[str], commands: Iterable[Command[Any, Any]]) -> dict[str, Any]:
    """Return the home view: which project, what you may do, what to ask. Who may do nothing is told nothing."""
    blocks: list[Block] = [header("AIKeys operations")]
    if not roles:
        blocks.append(section("I answer members of this workspace only, and those of them whom my settings allow."))
        return {"type": "home", "blocks": blocks}
    blocks += [
        section(f"*Project* {code(target.ref)} {escape(target.name)} · {escape(target.region or 'region not known')}"),
        context(f"You are {' and '.join(sorted(roles))}."),
        divider(),
    ]
    mine = [command for command in commands if command.role in roles]
    blocks += [section(f"{code(f'/aikeys {command.usage}')}\n{escape(command.summary)}") for command in mine[:40]]
    askable = [command for command in mine if command.risk is Risk.READ and not command.private]
    if askable:
        blocks.append(actions(*(ask_button(f"Ask {command.name}", command.name) for command in askable[:20])))
        blocks.append(context("The answer comes as a direct message from me."))
    return {"type": "home", "blocks": blocks}


def logs_elsewhere(target: Target) -> Message:
    """Logs from Slack come with a later version; until then, where they are."""
    url = f"https://supabase.com/dashboard/project/{target.ref}/logs/explorer"
    return Message(
        text=f"I cannot show logs yet. They are in the Supabase dashboard: {url}",
        blocks=[section(f"I cannot show logs yet. They are in the <{url}|Supabase dashboard>.")],
    )
