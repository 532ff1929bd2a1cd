"""What the bot is told from outside: typed, few, read once, in one place.

`read()` takes the environment (or files named by it) and returns a `Settings`, or raises `Wrong` with every problem.
"""

from bot.settings.about import About
from bot.settings.declared import Settings, about
from bot.settings.reading import (
    Problem,
    Wrong,
    named_files,
    near_misses,
    read,
    read_cadence,
    read_door,
    read_tuning,
)

__all__ = [
    "About",
    "Problem",
    "Settings",
    "Wrong",
    "about",
    "named_files",
    "near_misses",
    "read",
    "read_cadence",
    "read_door",
    "read_tuning",
]
