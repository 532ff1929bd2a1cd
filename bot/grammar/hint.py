"""Pure: an argument model as the line that a person is shown."""

from pydantic import BaseModel

from bot.grammar.arguments import Argument, arguments


def usage(model: type[BaseModel]) -> str:
    """Return the arguments in brackets: `<source> [words …] [--level LEVEL] [--follow]`."""
    return " ".join(map(_one, arguments(model)))


def _one(argument: Argument) -> str:
    if argument.flag:
        return f"[--{'no-' if argument.default is True else ''}{argument.name}]"
    if not argument.positional:
        option = f"--{argument.name} {argument.name.upper()}"
        return option if argument.required else f"[{option}]"
    name = f"{argument.name} …" if argument.many else argument.name
    return f"<{name}>" if argument.required else f"[{name}]"
