"""Which version of the bot this is: in its log, its figures, on the Home tab and under its reports."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def version() -> str:
    """Return it as `aikeys --version` prints it. Reads a file, once; "unknown" where that is not there."""
    # In production the code runs where it lies, and is no installed package: its own file says it.
    try:
        return str(tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]["version"])
    except (OSError, ValueError, KeyError):
        return "unknown"  # a figure is no reason not to start
