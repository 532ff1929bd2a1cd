"""`aikeys alive`: does a bot answer on this machine, and is it ready? For a container's health check and for people.

It is asked each minute for years: little is imported here.
"""

import http.client
import json
import sys
from collections.abc import Mapping
from typing import Any

from bot.cli.exits import Exit
from bot.settings import Wrong, read_door

_PATIENCE = 5.0  # seconds: it answers in milliseconds, or its loop stands still
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # asked, not listened at
_LARGEST = 10_000  # bytes
_WRONG = {
    "sockets": "Slack is not heard",
    "database": "no row can be written",
    "look": "no look has ended lately",
}


def alive(*, ready: bool = False) -> int:
    """Ask the bot on this machine, say how it is, return the exit code. *ready*: alive alone is not enough."""
    try:
        door = read_door()
    except Wrong as wrong:
        print(*("aikeys cannot ask:", *wrong.problems), sep="\n  ", file=sys.stderr)
        return Exit.SETTINGS
    if door is None:
        print("aikeys cannot ask:\n  AIKEYS_HTTP is off: set it to host:port.", file=sys.stderr)
        return Exit.SETTINGS
    host, port = _EVERYWHERE.get(door[0], door[0]), door[1]
    try:
        said = _asked(host, port)
    except (OSError, ValueError, http.client.HTTPException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        print(f"no bot answers at {host}:{port} ({why})", file=sys.stderr)
        return Exit.BAD
    missing = [sentence for part, sentence in _WRONG.items() if said.get(part) is not True]
    print(f"alive, not ready: {', '.join(missing)}" if missing else "alive and ready")
    return Exit.BAD if missing and ready else Exit.GOOD


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
