"""What makes an outside value harmless where a moment is shown: in Slack, in plain text."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.views.blocks import code, date_and_time, escape, one_line, person


class Pen(Protocol):
    """Writes outside values."""

    def person(self, user: str) -> str:
        """Somebody, by their Slack id."""
        ...

    def text(self, value: object, limit: int = 300) -> str:
        """Anything that came from outside."""
        ...

    def name(self, value: object) -> str:
        """A name of a thing: a function, a subject."""
        ...

    def at(self, time: datetime) -> str:
        """A date and time."""
        ...


class SlackPen:
    """For mrkdwn."""

    def person(self, user: str) -> str:
        """A mention, which in a block pings nobody anew when it is edited in."""
        return person(user)

    def text(self, value: object, limit: int = 300) -> str:
        """Escaped."""
        return escape(value, limit)

    def name(self, value: object) -> str:
        """In code style."""
        return code(value, 100)

    def at(self, time: datetime) -> str:
        """As each reader's zone has it."""
        return date_and_time(time)


class PlainPen:
    """For plain text. *names* by id; who has none is called by the id. Whoever writes it out escapes the whole."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def person(self, user: str) -> str:
        """The name."""
        return "the bot" if user == "bot" else one_line(self._names.get(user, user or "nobody"), 80)

    def text(self, value: object, limit: int = 300) -> str:
        """One line of it."""
        return one_line(value, limit)

    def name(self, value: object) -> str:
        """As it is."""
        return one_line(value, 100)

    def at(self, time: datetime) -> str:
        """In UTC, as the times beside it."""
        return f"{time:%d %b %H:%M} UTC"
