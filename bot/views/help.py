"""What help looks like: the contents, or one command with its arguments and examples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.command import Command, Risk
from bot.context import Target
from bot.grammar.arguments import Argument, arguments
from bot.views.blocks import Block, Message, actions, ask_button, code, context, escape, header, section

_RISKS = {
    Risk.READ: "only looks",
    Risk.CHANGE: "changes something",
    Risk.DESTRUCTIVE: "can destroy something, so others approve it: one, or two where data is lost",
}
_MARKS = {Risk.READ: "", Risk.CHANGE: " · _changes something_", Risk.DESTRUCTIVE: " · _needs a second person_"}
_MOST_EXAMPLES = 12  # as buttons
MOST_BLOCKS = 45  # Slack takes 50 in a message; the asker's note needs one


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents: the name alone, so that twenty of them can be read on a telephone."""

    name: str
    usage: str
    summary: str
    risk: Risk


@dataclass(frozen=True, slots=True)
class Contents:
    """All that somebody may ask. *groups* by the runbook's sections; *others*: how many need another role."""

    target: Target
    roles: Sequence[str]
    groups: Mapping[str, Sequence[Entry]]
    others: int


@dataclass(frozen=True, slots=True)
class Explained:
    """One command."""

    name: str
    usage: str
    summary: str
    detail: str
    role: str
    risk: Risk
    private: bool
    runbook: Sequence[str]
    arguments: Sequence[Argument]
    examples: Sequence[str]


Help = Contents | Explained


def entry(command: Command[Any, Any]) -> Entry:
    """Return *command*'s line of the contents."""
    return Entry(command.name, command.usage, command.summary, command.risk)


def explained(command: Command[Any, Any]) -> Explained:
    """Return all that its declaration says about *command*."""
    return Explained(
        name=command.name,
        usage=command.usage,
        summary=command.summary,
        detail=command.detail,
        role=command.who,
        risk=command.risk,
        private=command.private,
        runbook=command.runbook,
        arguments=arguments(command.args),
        examples=command.examples,
    )


def show(facts: Help) -> Message:
    """Show either."""
    return contents(facts) if isinstance(facts, Contents) else one(facts)


def contents(facts: Contents) -> Message:
    """Show what somebody may ask, grouped as the runbook is."""
    target = f"{code(facts.target.ref)} {escape(facts.target.name)}".strip()
    blocks: list[Block] = [header("What you can ask"), context(f"Project {target} · you are {_list(facts.roles)}")]
    lines = []
    for name, entries in facts.groups.items():
        rows = [f"{code(one.name)}  {escape(one.summary.rstrip('.'))}{_mark(one.risk)}" for one in entries]
        blocks.append(section(f"*{escape(name)}*\n" + "\n".join(rows)))
        lines += [f"/aikeys {one.usage}: {one.summary}" for one in entries]
    blocks = blocks[:MOST_BLOCKS]
    more = f" · {facts.others} more need another role" if facts.others else ""
    blocks.append(
        context(
            f"Type {code('/aikeys health')}, in a thread {code('@aikeys health')} · one in detail, with examples: "
            f"{code('/aikeys help health')}{more}"
        )
    )
    return Message(text="You can ask:\n" + escape_lines(lines), blocks=blocks)


def one(facts: Explained) -> Message:
    """Show one command with its arguments and examples."""
    text = f"*{escape(facts.summary)}*" + (f"\n{escape(facts.detail, 2000)}" if facts.detail else "")
    blocks: list[Block] = [section(f"{code(f'/aikeys {facts.usage}')}\n{text}")]
    if facts.arguments:
        blocks.append(section("\n".join(_argument(each) for each in facts.arguments)))
    blocks.append(section("*Examples*\n" + "\n".join(code(f"/aikeys {line}") for line in facts.examples)))
    seen = _seen(facts)
    asked = f" · runbook: {escape(', '.join(facts.runbook))}" if facts.runbook else ""
    blocks.append(context(f"For {facts.role}s · {_RISKS[facts.risk]} · {seen}{asked}"))
    if facts.risk is Risk.READ:
        blocks.append(actions(*(ask_button(line, line) for line in facts.examples[:_MOST_EXAMPLES])))
    examples = "; ".join(f"/aikeys {line}" for line in facts.examples)
    return Message(text=escape_lines([f"/aikeys {facts.usage}: {facts.summary} Examples: {examples}"]), blocks=blocks)


def _seen(facts: Explained) -> str:
    if facts.risk is Risk.DESTRUCTIVE:
        return "the channel sees the request and what becomes of it; a plan (--plan) only you"
    return "only you see the answer" if facts.private else "the channel sees the answer"


def escape_lines(lines: Sequence[str]) -> str:
    """Return *lines* escaped each, so that the breaks between them stay."""
    return "\n".join(escape(line) for line in lines)


def _argument(argument: Argument) -> str:
    name = f"--{argument.name}" if argument.flag or not argument.positional else argument.name
    choices = f" One of {', '.join(map(code, argument.choices))}." if argument.choices else ""
    default = (
        "" if argument.required or argument.default in (None, (), False, "") else f" Default {code(argument.default)}."
    )
    needed = " Needed." if argument.required else ""
    return f"{code(name)}  {escape(argument.help)}.{choices}{default}{needed}"


def _mark(risk: Risk) -> str:
    return _MARKS[risk]


def _list(words: Sequence[str]) -> str:
    return " and ".join(map(escape, words)) or "without a role"
