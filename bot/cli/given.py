"""What is given on stdin: the value of a secret is never an argument, which every process of the machine can read."""

import getpass
import sys
from pathlib import Path

import typer

from bot.vault.sealing import NotSealed, key_of

MOST = 4 * 2**20  # bytes


def value(prompt: str) -> bytes:
    """Return one value, without the line break at its end. On a terminal it is asked for, and not shown."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{prompt} (not shown): ").encode()
    given = sys.stdin.buffer.read(MOST)
    return given.removesuffix(b"\n").removesuffix(b"\r")


def values(names: list[str]) -> dict[str, bytes]:
    """Return a value for each of *names*: of one alone all of stdin, of several its lines NAME=value.

    Raises typer.BadParameter where the names in the lines are not those.
    """
    if sys.stdin.isatty() or len(names) == 1:
        return {name: value(name) for name in names}
    found: dict[str, bytes] = {}
    for line in sys.stdin.buffer.read(MOST).splitlines():
        name, equals, rest = line.partition(b"=")
        if line.strip():
            found[name.decode("ascii", "replace").strip() if equals else "?"] = rest
    if set(found) != set(names):
        # Without what stands there: a line that is no NAME=value may be a value.
        raise typer.BadParameter(f"stdin must hold one line NAME=value for each of {', '.join(names)}, and no other")
    return found


def key(given: str) -> bytes:
    """Return the public key *given*, as a text or as the name of a file that holds one. Raises typer.BadParameter."""
    try:
        path = Path(given)
        return key_of(path.read_text()[:1000] if not given.startswith("aikeys-key:") and path.is_file() else given)
    except (NotSealed, OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(
            str(error) if isinstance(error, NotSealed) else "that file holds no public key"
        ) from None
