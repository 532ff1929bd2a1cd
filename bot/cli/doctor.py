"""`aikeys doctor`: everything looked at from the shell, before the first use and whenever something is odd."""

import asyncio

import typer

from bot.cli.exits import Exit
from bot.cli.run import complain
from bot.settings import Wrong, named_files, near_misses, read


def doctor() -> None:
    """Look at everything that must be right, and change nothing; exit with 1 where something is wrong or not known."""
    try:
        settings = read()
    except Wrong as wrong:
        for sentence in near_misses():
            typer.echo(f"warning: {sentence}", err=True)
        raise typer.Exit(complain("cannot go on, these settings are wrong:", wrong.problems, Exit.SETTINGS)) from None
    from bot.clock import SystemClock  # noqa: PLC0415  # the same
    from bot.doctor.examining import examine  # noqa: PLC0415  # the same
    from bot.doctor.line import good, written  # noqa: PLC0415  # the same
    from bot.telemetry import logs  # noqa: PLC0415  # what is wrong with the settings is said at once

    logs.configure("error", secrets=settings.secrets)
    lines = asyncio.run(examine(settings, SystemClock(), files=named_files(), unread=near_misses()))
    for text in written(lines):
        typer.echo(hidden(text, settings.secrets))
    raise typer.Exit(Exit.GOOD if good(lines) else Exit.BAD)


def hidden(text: str, secrets: tuple[str, ...]) -> str:
    """*text* without any of *secrets*: a server may repeat what it was given."""
    for secret in secrets:
        text = text.replace(secret, "(hidden)")
    return text
