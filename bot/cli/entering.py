"""`aikeys rotate --stdin APPROVAL`: new values from the shell of the bot's machine, to the bot that runs there."""

import re
import sys
from typing import Annotated, Any

import typer

from bot.cli import given
from bot.cli.exits import Exit
from bot.cli.run import complain
from bot.settings import Settings, Wrong, read
from bot.vault import door, sealing

Stdin = Annotated[
    str, typer.Option("--stdin", metavar="APPROVAL", help="the number of the approval, as its card shows it")
]
Key = Annotated[
    str, typer.Option("--key", metavar="KEY", help="your public key (aikeys keypair), for what the bot makes itself")
]


def rotate(stdin: Stdin, key: Key = "") -> None:
    """Enter the new values of an approved rotation: one value on stdin, or lines NAME=value."""
    number = re.fullmatch(r"(?:approval/)?([1-9]\d{0,8})", stdin)
    if number is None:
        raise typer.BadParameter("an approval is a number, as its card shows it: 12", param_hint="--stdin")
    approval = f"approval/{number[1]}"
    try:
        settings = read()
    except Wrong as wrong:
        raise typer.Exit(complain("cannot read these settings:", wrong.problems, Exit.SETTINGS)) from None
    what = _ask(settings, {"approval": approval})
    if what["generate"] and not key:
        made = " and ".join(what["generate"])
        raise typer.BadParameter(f"{made} is made by the bot; give your public key to seal it to", param_hint="--key")
    public = sealing.key_of(what["key"])
    if sys.stdin.isatty():
        typer.echo(f"{what['title']}: {', '.join(what['names'])}", err=True)
    entered = given.values(list(what["names"])) if what["names"] else {}
    request: dict[str, Any] = {"approval": approval, "values": {n: _sealed(v, public) for n, v in entered.items()}}
    if what["generate"]:
        request["key"] = sealing.key_text(given.key(key))
    answer = _ask(settings, request)
    for name, problem in answer.get("wrong", {}).items():
        typer.echo(f"{name}: {problem}", err=True)
    if "kept" not in answer:
        raise typer.Exit(Exit.BAD)
    for name, begins in answer["kept"].items():
        typer.echo(f"{name}: taken, SHA-256 {begins}…; how it goes on stands in Slack", err=True)


def _sealed(value: bytes, public: bytes) -> str:
    text = value.decode("ascii", "replace")
    return text if sealing.is_sealed(text) else sealing.seal(value, public)


def _ask(settings: Settings, request: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = door.ask(settings.data, request, _handed)
    except (FileNotFoundError, ConnectionError, TimeoutError, ValueError) as error:
        gone = isinstance(error, FileNotFoundError | ConnectionRefusedError)
        why = "no bot runs on this folder" if gone else "the bot did not answer"
        raise typer.Exit(
            complain("took nothing:", [f"{why} ({settings.data}). Run this on its machine."], Exit.BAD)
        ) from None
    except PermissionError:
        raise typer.Exit(complain("took nothing:", ["Run this as the user that the bot runs as."], Exit.BAD)) from None
    if "refused" in answer:
        raise typer.Exit(complain("took nothing:", [answer["refused"]], Exit.BAD))
    return answer


def _handed(answer: dict[str, Any]) -> None:
    """What the bot made: on stdout, before it is used."""
    for name, sealed in answer["made"].items():
        typer.echo(f"{name}={sealed}")
    typer.echo("Open it with: aikeys unseal --with FILE", err=True)
