"""The command line's table of contents."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import audit, contacts, copies, detectors, docs, doctor, entering, export, sealing, settings
from bot.cli.alive import alive as ask
from bot.cli.run import run as run_bot
from bot.version import version

_HERE = Path(__file__).parents[2]

app = typer.Typer(
    name="aikeys",
    epilog="Exit codes: 0 good, 1 not as it should be, 2 settings or tokens, 3 database, 4 port taken.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # a local may be a token
    pretty_exceptions_enable=False,
)
app.add_typer(audit.app, name="audit")
app.command("settings")(settings.show)
app.command("detectors")(detectors.show)
app.command("replay")(detectors.replay)
app.command("doctor")(doctor.doctor)
app.command("contacts")(contacts.show)
app.command("backup")(copies.backup)
app.command("restore")(copies.restore)
app.command("docs")(docs.write)
app.command("seal")(sealing.seal)
app.command("unseal")(sealing.unseal)
app.command("keypair")(sealing.keypair)
app.command("rotate")(entering.rotate)
app.command("export")(export.write)


def _version(asked: bool) -> None:  # typer hands an option's value by position
    if asked:
        typer.echo(version())
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="print it and leave")]


@app.callback()
def aikeys(*, asked: Version = False) -> None:
    """The operations runbook of AIKeys Wallet, executable from a Slack channel."""
    del asked


Level = Annotated[str, typer.Option("--log", help="debug, info, warning or error")]


@app.command()
def run(log: Level = "info") -> None:
    """Run the bot until SIGINT or SIGTERM."""
    if log.lower() not in ("debug", "info", "warning", "error"):
        raise typer.BadParameter("choose debug, info, warning or error", param_hint="--log")
    raise typer.Exit(run_bot(log))


Ready = Annotated[bool, typer.Option("--ready", help="exit with 1 also where it is alive and not ready")]


@app.command()
def alive(*, ready: Ready = False) -> None:
    """Ask the bot on this machine whether it is there; exit with 1 where it does not answer."""
    raise typer.Exit(ask(ready=ready))


@app.command()
def manifest() -> None:
    """Print the app's manifest, to paste at api.slack.com/apps."""
    typer.echo((_HERE / "manifest.yml").read_text(), nl=False)
