"""The exit codes, for whoever starts the bot from a script or a unit file."""

from enum import IntEnum


class Exit(IntEnum):
    """What the shell is told."""

    GOOD = 0  # done; for run: stopped in order
    BAD = 1  # what was checked is not as it should be: stale docs, an edited timeline
    SETTINGS = 2  # a setting or token is missing, wrong or refused; starting again does not help
    STORE = 3  # the database cannot be used: held by another process, damaged, read-only, newer, full
    PORT = 4  # the bot's own HTTP port is taken
