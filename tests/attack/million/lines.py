"""Command lines: the declared commands with hostile words where a name, a value or nothing should stand.

The door: the grammar, and what the channel sees of the line afterwards, parsed or refused.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.command import Command, Risk
from bot.errors import Refused
from bot.grammar import LONGEST, Parsed, parse
from bot.grammar.arguments import Argument, arguments
from bot.hide import hide
from bot.rights.ruling import Ruling, ruling
from bot.views import refusals
from bot.views.blocks import Message, code
from tests.attack.million import nasty, rules
from tests.attack.million.kind import shorter

Commands = dict[str, Command[Any, Any]]
_ROLES = frozenset({"viewer", "operator", "approver"})


@dataclass
class Lines:
    """*parse*, *refused*: the grammar, and the view of its refusals. *echo*: a line as the answer repeats it."""

    commands: Commands
    parse: Callable[[str, Commands], Parsed] = parse
    refused: Callable[[Refused], Message] = refusals.refused
    echo: Callable[[object], str] = code
    name: str = "lines"
    share: int = 3500

    def __post_init__(self) -> None:
        self._arguments = {name: arguments(one.args) for name, one in self.commands.items()}
        self._names = list(self.commands)

    def draw(self, chance: Random) -> str:
        """A line as Slack hands it over."""
        draw = chance.random()
        if draw < 0.1:
            return nasty.text(chance)
        name = chance.choice(self._names)
        words = [name if draw < 0.9 else _misspelt(name, chance)]
        for argument in self._arguments[name]:
            words += self._argument(argument, chance)
        if chance.random() < 0.25:
            words.insert(int(chance.random() * (len(words) + 1)), nasty.piece(chance))
        return ("" if chance.random() < 0.02 else " ").join(words)

    def _argument(self, argument: Argument, chance: Random) -> list[str]:
        draw = chance.random()
        if draw < 0.3 and not argument.required:
            return []
        if argument.flag:
            return [f"--{'no-' if draw < 0.5 else ''}{argument.name}"]
        value = nasty.text(chance)
        if draw < 0.6:
            value = chance.choice(argument.choices or nasty.PLAIN + nasty.NUMBERS)
        if draw > 0.9:
            value = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        if argument.positional and chance.random() < 0.7:
            return [value]
        return [f"--{argument.name}={value}"] if draw < 0.8 else [f"--{argument.name}", value]

    def size(self, _: str) -> int:
        """Each is one."""
        return 1

    def wrong(self, line: str) -> Iterator[str]:
        """Parsed or refused; harmless in the channel either way; and a button gets nothing that changes something."""
        try:
            parsed = self.parse(line, self.commands)
        except Refused as error:
            said = self.refused(error)
            yield from rules.message(said.text, list(said.blocks))
            if not (error.what and error.why and error.do):
                yield "a refusal without what, why or what to do"
            return
        command = parsed.command
        if self.commands.get(command.name) is not command or not isinstance(parsed.args, command.args):
            yield "it came to something that no command declares"
        if len(line) > LONGEST:
            yield f"{len(line)} characters were read"
        if command.risk is not Risk.READ and ruling(command, _ROLES, only=Risk.READ) is Ruling.YES:
            yield f"a button may do {command.name}"
        yield from rules.markup(f"asked {self.echo(hide(f'/aikeys {parsed.line}'))}")

    def smaller(self, line: str) -> Iterator[str]:
        """Without a word, then without a piece."""
        words = line.split(" ")
        if len(words) > 1:
            yield from (" ".join([*words[:at], *words[at + 1 :]]) for at in range(len(words)))
        yield from shorter(line)


def _misspelt(name: str, chance: Random) -> str:
    at = int(chance.random() * len(name))
    return name[:at] + chance.choice(("", name[at].upper(), "é", "-", " ")) + name[at + 1 :]
