"""What can go wrong, drawn as a tree.

    AikeysError
    ├── PortTaken        the bot's own HTTP port cannot be listened on
    ├── Refused          asking again will not help: what was refused, why, what to do
    └── Unanswered       an outside system did not answer as it should (see bot.clients.errors)

A message is a sentence for the person in the channel; it never holds a secret or an unescaped value.
"""

from collections.abc import Sequence
from datetime import datetime


class AikeysError(Exception):
    """Everything the bot raises on purpose."""


class PortTaken(AikeysError):
    """The bot's own HTTP port cannot be listened on. Here, so that who looks out for it need not load a server."""


class Refused(AikeysError):
    """A person asked for something that will not be done.

    *what* was refused, *why*, and what to *do* about it: three short plain sentences without markup.
    They are escaped when shown; what stands between two ` in *do* is shown as code, to be copied. Each `{at}` in *why*
    and *do* stands for the next of *at*: whoever reads it sees their own time. `{by}` in *why* stands for *by*, an id.
    """

    def __init__(self, what: str, why: str, do: str, at: Sequence[datetime] = (), by: str = "") -> None:
        said = f"{what} {why} {do}"
        for one in at:
            said = said.replace("{at}", f"{one:%d %b %H:%M:%S} UTC", 1)
        super().__init__(said.replace("{by}", by) if by else said)
        self.what = what
        self.why = why
        self.do = do
        self.at = at
        self.by = by


class Unanswered(AikeysError):
    """An outside system did not answer as it should."""
