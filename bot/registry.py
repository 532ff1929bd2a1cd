"""Finds the commands: one module of the package `commands`, one subcommand of /aikeys."""

import importlib
import pkgutil
from typing import Any

from bot.command import Command


def load(package: str = "commands") -> dict[str, Command[Any, Any]]:
    """Return the commands by name, sorted. Raises TypeError for a module without exactly one, or a name used twice."""
    # By name, not by import: commands know the bot, the bot knows no command.
    root = importlib.import_module(package)
    found: dict[str, Command[Any, Any]] = {}
    for module in pkgutil.iter_modules(root.__path__):
        if module.name.startswith("_"):
            continue
        path = f"{package}.{module.name}"
        own = [value for value in vars(importlib.import_module(path)).values() if isinstance(value, Command)]
        if len(own) != 1:
            raise TypeError(f"{path} declares {len(own)} commands; a file declares exactly one")
        if own[0].name in found:
            raise TypeError(f"two files declare the command {own[0].name}")
        found[own[0].name] = own[0]
    return dict(sorted(found.items()))
