"""`aikeys settings`: what is set, without a secret, and what setting the rest would unlock."""

import re
import sys

import typer
from pydantic import SecretStr

from bot.cli.exits import Exit
from bot.cli.run import complain, unlocks
from bot.settings import Settings, Wrong, about, near_misses, read


def show() -> None:
    """Print all settings with secrets hidden; exit with 2 when one is missing or wrong."""
    for sentence in near_misses():
        print(f"warning: {sentence}", file=sys.stderr)
    try:
        settings = read()
    except Wrong as wrong:
        raise typer.Exit(complain("cannot start with these settings:", wrong.problems, Exit.SETTINGS)) from None
    width = max(len(setting.env) for setting in about().values())
    for name, setting in about().items():
        typer.echo(f"{setting.env:<{width}}  {shown(settings, name)}")
    for sentence in unlocks(settings):
        typer.echo(f"  {sentence}")


def shown(settings: Settings, name: str) -> str:
    """Return a value as it may be seen: a secret is only “set”."""
    value = getattr(settings, name)
    if name == "http":
        return "off" if value is None else f"{value[0]}:{value[1]}"
    if value is None or value == ():
        return "(not set)"
    if isinstance(value, SecretStr):
        return "(set, hidden)"
    if isinstance(value, tuple):
        return " ".join(value)
    # A git address may carry a password.
    return re.sub(r"(://)[^/@\s]+@", r"\1(hidden)@", f"{value:g}" if isinstance(value, float) else str(value))
