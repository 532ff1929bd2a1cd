"""What can go wrong with the wallet's source, as sentences. Values of the repository are capped; views escape them."""

import re

from bot.errors import Refused, Unanswered
from bot.hide import hide

_SAID = 200  # characters of what git says that a sentence may quote


class SourceRefused(Refused):
    """A commit, or a file of it, that will not be sent. *file* is its path, or empty."""

    def __init__(self, what: str, why: str, do: str, file: str = "") -> None:
        super().__init__(what, why, do)
        self.file = file


class NotInSource(SourceRefused):
    """The source holds no such commit, branch or tag."""


class SourceAway(Unanswered):
    """Git gave no answer. *what* happened and what to *do*, as of every outside system."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(f"{what} {do}")
        self.what = what
        self.do = do


def refuse(file: str, why: str, do: str = "Mend it in git and ask again.") -> SourceRefused:
    """*file* is refused."""
    return SourceRefused(f"{file[:300]} is not deployed.", why, do, file)


# What git says (in English: LC_ALL=C) → what happened, what to do. The first that fits counts.
_KNOWN: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"dubious ownership|safe\.directory", re.IGNORECASE),
        "The source lies in a folder that belongs to another user.",
        "Give the folder to the bot's user, or name the repository itself (its .git folder) in AIKEYS_SOURCE.",
    ),
    (
        re.compile(r"host key verification failed", re.IGNORECASE),
        "The git server could not prove who it is: its host key is not known.",
        "Add the server's key to ~/.ssh/known_hosts of the bot's user.",
    ),
    (
        re.compile(
            r"authentication failed|could not read (username|password)|permission denied|terminal prompts disabled"
            r"|returned error: 40[13]",
            re.IGNORECASE,
        ),
        "The git server did not let the bot in.",
        "Give the bot's user an SSH key that may read the repository (a deploy key) and use its ssh address.",
    ),
    (
        re.compile(r"could not resolve host|name or service not known", re.IGNORECASE),
        "The git server's name is not known.",
        "Check AIKEYS_SOURCE and the network of the bot's machine.",
    ),
    (
        re.compile(
            r"connection refused|failed to connect|couldn't connect|network is unreachable|no route", re.IGNORECASE
        ),
        "The git server takes no connections.",
        "Check AIKEYS_SOURCE, the network of the bot's machine and the server's status page.",
    ),
    (
        re.compile(
            r"does not appear to be a git repository|repository .*not found|does not exist|no such file", re.IGNORECASE
        ),
        "There is no git repository at AIKEYS_SOURCE.",
        "Check the address or the path, and that the bot's user may read it.",
    ),
    (
        re.compile(r"no space left|disk quota|input/output error|read-only file system", re.IGNORECASE),
        "The bot's disk took no more of the source.",
        "Make room where AIKEYS_DATA is.",
    ),
    (
        re.compile(r"transport '.*' not allowed|redirect", re.IGNORECASE),
        "The git server wanted to send the bot elsewhere. It did not go.",
        "Set AIKEYS_SOURCE to the final address of the repository.",
    ),
)


def away(said: str) -> SourceAway:
    """What git's complaint means."""
    for pattern, what, do in _KNOWN:
        if pattern.search(said):
            return SourceAway(what, do)
    lines = [line for line in said.splitlines() if line.startswith(("fatal:", "error:"))] or said.splitlines() or [""]
    quoted = hide(lines[0])[:_SAID]
    return SourceAway(
        f"Git could not read the source ({quoted or 'it gave no reason'}).",
        "Try `git fetch` by hand as the bot's user. If the bot's copy is damaged, delete “source” in AIKEYS_DATA.",
    )
