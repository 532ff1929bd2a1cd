"""`aikeys contacts`: whom to ring, on the bot's own machine, where Slack is down as well."""

import typer

from bot.cli.exits import Exit
from bot.cli.run import complain
from bot.context import Target
from bot.runbook.contacts import known
from bot.settings import Wrong, read
from bot.views.contacts import plain


def show() -> None:
    """Print whom to ring when all else fails; nothing outside is asked."""
    try:
        settings = read()
    except Wrong as wrong:
        raise typer.Exit(complain("cannot read these settings:", wrong.problems, Exit.SETTINGS)) from None
    for line in plain(known(settings, Target(settings.supabase_project_ref))):
        typer.echo(line)
