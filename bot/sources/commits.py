"""Pure: commits as git writes them. Every text in them is the outside's, and anyone can write any name."""

from dataclasses import dataclass
from datetime import UTC, datetime

FORMAT = "%H%x00%T%x00%an%x00%ae%x00%ct%x00%s%x00%x1e"
_NAME = 100  # characters
_SUBJECT = 300


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit. *ref* says how it was named, as “branch main”, or is empty.

    *reachable* is False where no branch or tag holds it any more: the history was rewritten.
    """

    sha: str
    tree: str
    author: str
    email: str
    at: datetime
    subject: str
    ref: str = ""
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class Distance:
    """How many commits lie between two: *ahead* only in the newer, *behind* only in the older."""

    ahead: int
    behind: int


def read(out: bytes) -> list[Commit]:
    """Read what `git log --format=FORMAT` wrote; a commit that was cut off at the end is left out."""
    found = []
    for piece in out.decode(errors="replace").split("\x00\x1e"):
        fields = piece.lstrip("\n").split("\x00")
        if len(fields) == 6:
            sha, tree, author, email, at, subject = fields
            found.append(Commit(sha, tree, author[:_NAME], email[:_NAME], _moment(at), subject[:_SUBJECT]))
    return found


def _moment(seconds: str) -> datetime:
    """The date, as far as it is one: a commit can claim any."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
