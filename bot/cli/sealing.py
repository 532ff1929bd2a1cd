"""`aikeys seal`, `unseal`, `keypair`: on the laptop. They need no settings, and nothing outside."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import given
from bot.cli.exits import Exit
from bot.cli.run import complain
from bot.settings import Wrong, read
from bot.vault import keyfile, sealing
from bot.vault.box import Box
from bot.vault.keyfile import KeyUnusable
from bot.vault.sealing import NotSealed
from bot.vault.shape import problems

To = Annotated[
    str,
    typer.Option("--to", metavar="KEY", help="the bot's public key, as its modal shows it, or a file that holds it"),
]
Public = Annotated[bool, typer.Option("--public", help="seal nothing: print the bot's own public key, on its machine")]
With = Annotated[Path, typer.Option("--with", metavar="FILE", help="the file that aikeys keypair made")]


def seal(to: To = "", *, public: Public = False) -> None:
    """Turn a value on stdin into a text that only the bot can open."""
    if public:
        return _public()
    if not to:
        raise typer.BadParameter("whose key? The bot's modal shows it.", param_hint="--to")
    key, value = given.key(to), given.value("The value")
    try:
        wrong = problems("VALUE", value.decode())
    except UnicodeDecodeError:
        wrong = "It is no text (UTF-8)."
    if wrong:
        raise typer.Exit(complain("seals nothing:", [wrong], Exit.BAD))
    typer.echo(sealing.seal(value, key))
    typer.echo(f"sealed for {sealing.fingerprint(key)}: compare it with what the bot shows in Slack", err=True)
    return None


def unseal(file: With) -> None:
    """Open a sealed text on stdin, which the bot handed out, with your own key."""
    try:
        plain = sealing.unseal(given.value("The sealed text").decode("ascii", "replace"), keyfile.read(file))
    except (KeyUnusable, NotSealed) as error:
        raise typer.Exit(complain("cannot open that:", [error], Exit.BAD)) from None
    typer.echo(plain.decode())


def keypair(file: Annotated[Path, typer.Argument(help="where the private key is kept, for you alone")]) -> None:
    """Make a key pair of your own; print the public key, which is no secret."""
    try:
        public = keyfile.write(file)
    except KeyUnusable as error:
        raise typer.Exit(complain("makes no key:", [error], Exit.BAD)) from None
    typer.echo(sealing.key_text(public))
    typer.echo(f"fingerprint {sealing.fingerprint(public)}; the private key is in {file}, for you alone", err=True)


def _public() -> None:
    try:
        box = Box(read().data)
        typer.echo(box.public)
        typer.echo(f"fingerprint {box.fingerprint}", err=True)
    except Wrong as wrong:
        raise typer.Exit(complain("cannot read these settings:", wrong.problems, Exit.SETTINGS)) from None
    except KeyUnusable as error:
        raise typer.Exit(complain("cannot use its key:", [error], Exit.BAD)) from None
