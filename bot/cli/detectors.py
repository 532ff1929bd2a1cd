"""`aikeys detectors`, `aikeys replay`: what is watched for, by which figures, and what would have been said by others.

The rules are imported inside: a bot that starts must not wait for what only these commands need.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.exits import Exit
from bot.cli.run import complain
from bot.clock import SystemClock
from bot.health.thresholds import figures
from bot.health.words import count
from bot.settings import Wrong, read, read_cadence, read_tuning
from bot.settings.tuning import Tuning
from store.database import look_into
from store.errors import StoreError
from store.looks import recorded

File = Annotated[Path | None, typer.Option("--thresholds", help="a file of thresholds; without it AIKEYS_THRESHOLDS")]
Name = Annotated[str | None, typer.Argument(metavar="[NAME]", help="one of them, by its id")]
Since = Annotated[float, typer.Option("--since", help="hours back, 24 at most", min=0.01, max=48)]


def show(name: Name = None, thresholds: File = None) -> None:
    """Print what the bot watches for, how patient it is, and every threshold with whose figure it is."""
    from bot.grammar.refusing import nearest  # noqa: PLC0415  # see the module's docstring
    from bot.incidents.watched import bound, bounds, cadence, patience  # noqa: PLC0415  # the same
    from bot.questions.detectors import known  # noqa: PLC0415  # the same

    tuning, external = _tuning(thresholds)
    look_every = read_cadence()
    watched = known(tuning, external=external)
    ids = [one.id for one in watched]
    if name is not None and name not in ids:
        near = nearest(name, ids)
        hint = f"did you mean {near}?" if near else "aikeys detectors lists them."
        why = f"nothing called {name[:40]!r} is watched for: {hint}"
        raise typer.Exit(complain("knows no such detector:", [why], Exit.SETTINGS))
    for one in watched:
        if name not in (None, one.id):
            continue
        how_often = cadence(one, look_every)
        typer.echo(f"{one.severity}  {one.id:<20}  {one.title}; looked for {how_often}; {patience(one)}")
        for figure in bounds(one, tuning):
            typer.echo(f"    {'*' if figure.own else ' '} {figure.words}")
    typer.echo("\nThresholds, to be set in the file that AIKEYS_THRESHOLDS names:")
    by = figures() if name is None else next(one for one in watched if one.id == name).by
    for threshold in by:
        figure = bound(threshold, tuning)
        typer.echo(f"{'*' if figure.own else ' '} {figure.words}. {figure.why}")
    typer.echo(f"\nHow {'it' if name else 'each'} stands now: /aikeys detectors{f' {name}' if name else ''}, in Slack.")


def replay(thresholds: File = None, since: Since = 24) -> None:
    """Print what would have been posted of the recorded looks, by the thresholds of today or of a file."""
    from bot.incidents import replaying  # noqa: PLC0415  # see the module's docstring
    from bot.memory.keys import database  # noqa: PLC0415  # the same

    tuning, external = _tuning(thresholds)
    try:
        db = look_into(database(read()))
    except Wrong as wrong:
        raise typer.Exit(complain("cannot read its settings:", wrong.problems, Exit.SETTINGS)) from None
    except StoreError as error:
        raise typer.Exit(complain("cannot use its database:", [error], Exit.STORE)) from None
    looks = 0

    def counted() -> Iterator[tuple[datetime, dict[str, object]]]:
        nonlocal looks
        for one in recorded(db, SystemClock().now() - timedelta(hours=since)):
            looks += 1
            yield one

    try:
        posted = 0
        for one in replaying.replay(counted(), tuning, external=external):
            posted += 1
            said = f": {one.said}" if one.said else ""
            typer.echo(f"{one.at:%Y-%m-%d %H:%M:%S} UTC  {one.severity} {one.title}, {one.what}{said}")
    finally:
        db.close()
    typer.echo(f"{count(looks, 'look')}, {count(posted, 'message')}; what people did meanwhile is not in it")


def _tuning(path: Path | None) -> tuple[Tuning, bool]:
    try:
        return read_tuning(path=str(path) if path is not None else "")
    except Wrong as wrong:
        raise typer.Exit(complain("cannot read the thresholds:", wrong.problems, Exit.SETTINGS)) from None
