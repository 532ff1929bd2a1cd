"""Pure: words into a command and its arguments. Nothing is dropped: a word too many is refused by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from bot.command import Args, Command
from bot.errors import Refused
from bot.grammar.arguments import Argument, arguments
from bot.grammar.instead import instead
from bot.grammar.refusing import did_you_mean, nearest, quote, sentence, unknown_command
from bot.grammar.slack_text import decode
from bot.grammar.words import Word, split

LONGEST = 10_000  # characters: more is a pasted log, not a question
HELP = "help"
MOST_SAID = 4  # problems named in one refusal

_GREETING = re.compile(r"\W*(hello|hi|hey|hallo|good (morning|evening|day)|thanks|thank you)\b(?!-)", re.IGNORECASE)

Commands = Mapping[str, Command[Any, Any]]
Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A command, what it is asked with, and the *line* as it was understood, with one blank between words."""

    command: Command[Any, Any]
    args: Args
    line: str
    greeted: bool = False  # a greeting, which is answered with what may be asked


def parse(text: str, commands: Commands) -> Parsed:
    """Return what *text* (all after /aikeys or @aikeys, as Slack sends it) asks of *commands*.

    Empty text and a greeting are `help`; `--help` after a command is `help COMMAND`. Raises Refused.
    """
    if len(text) > LONGEST:
        raise Refused(
            "That line was not read.",
            f"It has {len(text):,} characters; {LONGEST:,} are the most.",
            "Ask for one thing with few words.",
        )
    if HELP in commands and _GREETING.match(text):
        return replace(parse(HELP, commands), greeted=True)
    words = split(decode(text)) or [Word(HELP)]
    if (never := instead([word.text for word in words])) is not None:
        raise never
    first, rest = words[0].text, words[1:]
    command = commands.get(first.casefold().removeprefix("/"))
    if command is not None and rest and not rest[0].quoted:
        second = commands.get(f"{command.name} {rest[0].text.casefold()}")  # a command of two words
        if second is None and (meant := _second(command.name, rest[0].text, commands)):
            raise unknown_command(f"{command.name} {rest[0].text}", [meant])
        command, rest = (command, rest) if second is None else (second, rest[1:])
    if first in ("--help", "-h", "?"):
        command = commands.get(HELP)
    if command is None:
        raise unknown_command(first, list(commands))
    if HELP in commands and any(not word.quoted and word.text in ("--help", "-h") for word in rest):
        command, rest = commands[HELP], [Word(word) for word in command.name.split()]
    line = " ".join([command.name, *(_rewritten(word) for word in rest)])
    return Parsed(command, _Reader(command).read(rest), line)


def _second(first: str, word: str, commands: Commands) -> str:
    """The command of two words that was meant; empty where there is none, or where *first* takes words."""
    if arguments(commands[first].args):
        return ""
    below = {name.partition(" ")[2]: name for name in commands if name.startswith(f"{first} ")}
    return below.get(nearest(word, below) or "", "")


def _rewritten(word: Word) -> str:
    return f'"{word.text}"' if word.quoted else word.text


class _Reader:
    """Gives each word of one line its place."""

    def __init__(self, command: Command[Any, Any]) -> None:
        self._command = command
        self._arguments = arguments(command.args)
        self._by_name = {argument.name: argument for argument in self._arguments}
        self._given: Given = {}
        self._plain: list[str] = []

    def read(self, words: list[Word]) -> Args:
        """Return the arguments. Raises Refused."""
        waiting = list(words)
        while waiting:
            word = waiting.pop(0)
            if not word.quoted and word.text == "--":
                self._plain += [left.text for left in waiting]
                break
            if not word.quoted and word.text.startswith("--"):
                self._option(word.text[2:], waiting)
            elif not word.quoted and word.text[:1] == "-" and word.text[1:2].isalpha():
                raise self._refused(f"There is no option {quote(word.text)}" + self._meant(word.text[1:]))
            else:
                self._plain.append(word.text)
        self._place()
        return self._build()

    def _option(self, text: str, waiting: list[Word]) -> None:
        name, equals, value = text.partition("=")
        name = name.casefold().replace("_", "-")
        negated = name.startswith("no-") and name not in self._by_name
        argument = self._by_name.get(name.removeprefix("no-") if negated else name)
        if argument is None or (negated and not argument.flag):
            raise self._refused(f"There is no option {quote('--' + name)}" + self._meant(name))
        if argument.flag:
            if equals:
                raise self._refused(f"--{name} takes no value; write --{argument.name} or --no-{argument.name}.")
            self._keep(argument, not negated)
            return
        if not equals:
            if not waiting or (not waiting[0].quoted and waiting[0].text.startswith("--")):
                raise self._refused(f"--{name} needs a value after it.")
            value = waiting.pop(0).text
        self._keep(argument, value)

    def _meant(self, name: str) -> str:
        if not self._by_name:
            return f": {self._command.name} takes none."
        return did_you_mean(name, self._by_name).replace("mean ", "mean --")

    def _keep(self, argument: Argument, value: str | bool) -> None:
        if argument.many:
            self._given.setdefault(argument.field, []).append(value)
        elif argument.field in self._given:
            raise self._refused(f"{argument.name} is given twice.")
        else:
            self._given[argument.field] = value

    def _place(self) -> None:
        """Give the words without a name to the arguments that have none yet, in order."""
        for argument in self._arguments:
            if not self._plain or not argument.positional or (argument.field in self._given and not argument.many):
                continue
            if argument.many:
                self._given[argument.field] = [*self._given.get(argument.field, []), *self._plain]
                self._plain = []
            else:
                self._given[argument.field] = self._plain.pop(0)
        if self._plain:
            named = ", ".join(map(quote, self._plain[:MOST_SAID])) + (" …" if len(self._plain) > MOST_SAID else "")
            many = "Words" if len(self._plain) > 1 else "One word"
            raise self._refused(f"{many} too many: {named}.")

    def _build(self) -> Args:
        try:
            model: type[Args] = self._command.args
            return model.model_validate({name: self._folded(name) for name in self._given})
        except ValidationError as error:
            said = [self._sentence(dict(detail)) for detail in error.errors(include_url=False)]
            shown = dict.fromkeys(said)
            more = len(shown) - MOST_SAID
            raise self._refused(
                " ".join(list(shown)[:MOST_SAID]) + (f" And {more} more." if more > 0 else "")
            ) from None

    def _folded(self, field: str) -> Any:
        """Return a given value, a choice in its own spelling: phones begin a line with a capital."""
        value = self._given[field]
        argument = next(one for one in self._arguments if one.field == field)
        spelled = {choice.casefold(): choice for choice in argument.choices}
        if isinstance(value, list):
            return tuple(spelled.get(each.casefold(), each) for each in value)
        return spelled.get(value.casefold(), value) if isinstance(value, str) else value

    def _sentence(self, error: dict[str, Any]) -> str:
        place = error["loc"][0] if error["loc"] else ""
        argument = next((one for one in self._arguments if one.field == place), None)
        if argument is None:
            return sentence("the whole", error, ())
        said = sentence(argument.name, error, argument.choices)
        return f"{said} It is {argument.help}." if error["type"] == "missing" and argument.help else said

    def _refused(self, why: str) -> Refused:
        command = self._command
        return Refused(
            f"/aikeys {command.name} was not run.",
            why,
            f"Use: /aikeys {command.usage}. More: /aikeys help {command.name}.",
        )
