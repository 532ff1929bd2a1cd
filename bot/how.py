"""How the bot knows: every question put to the outside while a command runs is noted, for the button “How I know”.

The note is made where the question is asked (bot.clients.http), found through a context variable: tasks that a command
starts inherit it, and what the bot asks by itself is noted nowhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any

from bot.hide import hide

MOST = 40  # questions of one answer; a page of logs over a week asks eight
LONGEST = 4000  # characters of one question's detail


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. *what*: method and address; *detail*: its query or SQL, never a header and never a secret.

    *outcome*: the status, or in a word why none came; *seconds* from the question to the last byte.
    """

    what: str
    detail: str
    outcome: str
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Plain data, to be kept (store.traces)."""
        return asdict(self)


_notes: ContextVar[list[Asked] | None] = ContextVar("asked", default=None)


@contextmanager
def remembering() -> Iterator[list[Asked]]:
    """Note what is asked inside; the list grows as answers come."""
    notes: list[Asked] = []
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def note(what: str, detail: str, outcome: str, seconds: float) -> None:
    """Note a question, if somebody wants to know."""
    notes = _notes.get()
    if notes is not None and len(notes) < MOST:
        notes.append(Asked(what, hide(detail)[:LONGEST], outcome, seconds))
