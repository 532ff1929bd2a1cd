"""`aikeys alive`: does a bot answer on this machine, and is it ready? For a container's health check and for people."""

import http.client
import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from bot.cli.exits import Exit
from bot.cli.run import complain
from bot.settings import Wrong, read_door

_PATIENCE = 5.0  # seconds: it answers in milliseconds, or its loop stands still
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104  # asked, not listened at
_LARGEST = 10_000  # bytes
_WRONG = {
    "sockets": "Slack is not heard",
    "database": "no row can be written",
    "look": "no look has ended lately",
}

Ready = Annotated[bool, typer.Option("--ready", help="exit with 1 also where it is alive and not ready")]


def alive(*, ready: Ready = False) -> None:
    """Ask the bot on this machine whether it is there; exit with 1 where it does not answer."""
    try:
        door = read_door()
    except Wrong as wrong:
        raise typer.Exit(complain("cannot ask:", wrong.problems, Exit.SETTINGS)) from None
    if door is None:
        raise typer.Exit(complain("cannot ask:", ["AIKEYS_HTTP is off: set it to host:port."], Exit.SETTINGS))
    host, port = _EVERYWHERE.get(door[0], door[0]), door[1]
    try:
        said = _asked(host, port)
    except (OSError, ValueError, http.client.HTTPException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        typer.echo(f"no bot answers at {host}:{port} ({why})", err=True)
        raise typer.Exit(Exit.BAD) from None
    missing = [sentence for part, sentence in _WRONG.items() if said.get(part) is not True]
    typer.echo(f"alive, not ready: {', '.join(missing)}" if missing else "alive and ready")
    raise typer.Exit(Exit.BAD if missing and ready else Exit.GOOD)


def _asked(host: str, port: int) -> Mapping[str, Any]:
    """What /readyz says, whatever its status. Raises OSError, HTTPException, ValueError where that is no bot."""
    connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/readyz")
        said = json.loads(connection.getresponse().read(_LARGEST))
    finally:
        connection.close()
    if not isinstance(said, dict) or "ready" not in said:
        raise ValueError("something else answers there")
    return said
