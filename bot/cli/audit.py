"""`aikeys audit`: has anybody edited the timeline? A yes names the first bad row."""

import re
from contextlib import AbstractContextManager
from typing import Annotated

import typer

from bot.cli.exits import Exit
from bot.cli.posted import from_slack
from bot.cli.reading import reading
from bot.memory import not_good
from bot.memory.keys import audit_key, database
from bot.settings import Settings
from store import audit
from store.database import look_into
from store.events import Head
from store.lock import holder
from store.replay import NOT_TOLD, TABLES

app = typer.Typer(help="Has anybody edited the timeline?", no_args_is_help=True)

Heads = Annotated[
    list[str] | None,
    typer.Option("--head", metavar="ID:MAC", help="a head as posted in Slack; several may be given"),
]
Posted = Annotated[bool, typer.Option("--posted", help="read the heads from the ops channel")]


@app.command()
def verify(head: Heads = None, *, posted: Posted = False) -> None:
    """Read the whole timeline and name the first row that is wrong; exit with 1 when there is one.

    What is true now (approvals, votes, operations, incidents, silences, the freeze …) is told once more from the rows
    and has to be the same.

    Only against posted heads (--posted, --head) is it noticed that the end was cut off, that the whole file was put
    back to an earlier day, or that all was signed anew.
    """
    heads = [_head(text) for text in head or []]
    with _settings() as settings:
        heads += from_slack(settings) if posted else []
        db = look_into(database(settings))
        try:
            verdict = audit.verify_against(db, audit_key(settings, make=False), heads, behind=_still(settings))
        finally:
            db.close()
    if not verdict.ok:
        good = f"{verdict.good[0].upper()}{verdict.good[1:]} good."
        typer.echo(f"NOT GOOD at {verdict.where}: {verdict.why}. {good} {not_good.THEN}", err=True)
        raise typer.Exit(Exit.BAD)
    held = f", held against {len(heads)} posted heads" if heads else "; not held against any posted head"
    last = f"; head {verdict.head.id}:{verdict.head.mac}" if verdict.head else ""
    typer.echo(f"good: {verdict.rows} rows{held}{last}")
    typer.echo(f"  they tell the same as what is true now: {', '.join(name.replace('_', ' ') for name in TABLES)}")
    typer.echo(f"  not signed, and not held against them: {NOT_TOLD}")


@app.command()
def head() -> None:
    """Print the head of the timeline as ID:MAC, checked; exit with 1 when the timeline is not good."""
    with _settings() as settings:
        db = look_into(database(settings))
        try:
            verdict = audit.verify(db, audit_key(settings, make=False), behind=_still(settings))
        finally:
            db.close()
    if not verdict.ok:
        typer.echo(f"NOT GOOD: {verdict.why}. {not_good.THEN}", err=True)
        raise typer.Exit(Exit.BAD)
    typer.echo(f"{verdict.head.id}:{verdict.head.mac}" if verdict.head else "the timeline is empty")


def _head(text: str) -> Head:
    if not re.fullmatch(r"[1-9][0-9]{0,17}:[0-9a-f]{64}", text):
        raise typer.BadParameter("a head is ID:MAC, as posted: a number, a colon, hexadecimal digits")
    id_, _, mac = text.partition(":")
    return Head(int(id_), mac)


def _still(settings: Settings) -> bool:
    """No bot runs on it: it may have been left by an older version, which the next start brings up to date."""
    return holder(database(settings)) is None


def _settings() -> AbstractContextManager[Settings]:
    return reading("cannot check the timeline:", database="cannot use its database:")
