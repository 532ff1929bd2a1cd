"""The settings for a command of the shell, and what ends it: in a sentence, with the exit code that says why."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from bot.cli.exits import Exit
from bot.cli.run import complain
from bot.errors import AikeysError
from bot.settings import Settings, Wrong, read
from store.errors import StoreError


@contextmanager
def reading(failed: str, *, database: str) -> Iterator[Settings]:
    """The settings. Raises typer.Exit for what is raised under it, after *database* for the store's, else *failed*."""
    try:
        yield read()
    except Wrong as wrong:
        raise typer.Exit(complain("cannot read its settings:", wrong.problems, Exit.SETTINGS)) from None
    except StoreError as error:
        raise typer.Exit(complain(database, [error], Exit.STORE)) from None
    except AikeysError as error:
        raise typer.Exit(complain(failed, [error], Exit.SETTINGS)) from None
