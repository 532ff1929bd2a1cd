"""`aikeys export 7`: the report of an incident into a folder, beside the running bot or without it."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.exits import Exit
from bot.cli.run import complain
from bot.memory.keys import database
from bot.settings import Wrong, read
from store.errors import StoreError

Number = Annotated[int, typer.Argument(help="the incident's number", min=1)]
To = Annotated[Path, typer.Option("--to", help="the folder for the files; it is made where it is missing")]


def write(number: Number, to: To = Path()) -> None:
    """Write the report of an incident: Markdown, a page to read, a chart. Reads only, from the record alone."""
    from bot.clock import SystemClock  # noqa: PLC0415  # nothing of this is needed by the other commands
    from bot.incidents.exporting import exported  # noqa: PLC0415
    from store.database import look_into, remembered  # noqa: PLC0415

    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.Exit(complain("cannot write the report:", [error], Exit.BAD)) from None
    try:
        settings = read()
        path = database(settings)
        db = look_into(path)
        try:
            making = exported(
                remembered(db, path),
                f"incident/{number}",
                SystemClock().now(),
                zone=settings.zone,
                project=settings.supabase_project_ref,
                data=settings.data,
            )
            files = asyncio.run(making)
        finally:
            db.close()
    except Wrong as wrong:
        raise typer.Exit(complain("cannot read its settings:", wrong.problems, Exit.SETTINGS)) from None
    except StoreError as error:
        raise typer.Exit(complain("cannot use its database:", [error], Exit.STORE)) from None
    except KeyError:
        raise typer.Exit(complain("cannot export:", [f"There is no incident {number}."], Exit.BAD)) from None
    try:
        for file in files:
            (to / file.name).write_bytes(file.data)
            typer.echo(str(to / file.name))
    except OSError as error:
        raise typer.Exit(complain("cannot write the report:", [error], Exit.BAD)) from None
