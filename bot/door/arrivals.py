"""What Slack hands over before the memory is open: it waits, acknowledged by nobody, and is taken in its order."""

from collections.abc import Callable
from typing import Any

Take = Callable[[Any, dict[str, Any]], None]


class Arrivals:
    """Between the sockets and the inbox. Until `open` a person waits; Slack allows three seconds (docs.slack.dev)."""

    def __init__(self) -> None:
        self._take: Take | None = None
        self._early: list[tuple[Any, dict[str, Any]]] = []

    def arrive(self, line: Any, envelope: dict[str, Any]) -> None:
        """Take an envelope off a socket, or keep it until somebody does."""
        if self._take is None:
            self._early.append((line, envelope))
        else:
            self._take(line, envelope)

    @property
    def opened(self) -> bool:
        """True once the inbox takes what comes."""
        return self._take is not None

    def open(self, take: Take) -> None:
        """From now on *take* gets what comes, first what has come already."""
        self._take = take
        early, self._early = self._early, []
        for line, envelope in early:
            take(line, envelope)
