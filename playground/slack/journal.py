"""Every frame and call, both ways, with secrets hidden: the frame inspector's and the tests' view of the wire."""

import json
import re
from collections import deque
from collections.abc import Callable
from typing import Any, Literal

from bot.clock import Clock
from playground.slack.feed import Feed

KEPT = 5000
TOO_DEEP = "(nested too deeply to show)"
_TOKEN = re.compile(r"\b(xox[a-z]|xapp)-[\w-]+")
_TICKET = re.compile(r"(ticket=)([\w-]+)")
_SECRET_KEYS = {"token", "authorization"}


class Journal:
    """A ring of the last 5,000 entries. Bodies are made readable only when somebody looks."""

    def __init__(self, clock: Clock, feed: Feed) -> None:
        self._clock = clock
        self._feed = feed
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._next = 1
        self.listeners: set[Callable[[dict[str, Any]], None]] = set()

    def note(
        self,
        way: Literal["in", "out"],
        kind: Literal["call", "socket", "hook", "upload", "control"],
        name: str,
        body: Any,
        *,
        status: int | str | None = None,
        ms: float | None = None,
    ) -> None:
        """Add an entry. `in` is from the app to Slack. `body` is JSON text, or a value that is copied here."""
        raw = body if isinstance(body, str) else _dumped(body)
        entry: dict[str, Any] = {
            "n": self._next,
            "at": self._clock.now().isoformat(),
            "way": way,
            "kind": kind,
            "name": name,
            "raw": raw,
        }
        if status is not None:
            entry["status"] = status
        if ms is not None:
            entry["ms"] = round(ms, 2)
        self._next += 1
        self._entries.append(entry)
        for listener in tuple(self.listeners):
            listener(entry)
        self._feed.stir()

    def after(self, number: int = 0, limit: int = 1000) -> tuple[list[dict[str, Any]], int]:
        """The entries after *number*, oldest first (the newest *limit* of them), and the number to ask for next."""
        found = [entry for entry in self._entries if entry["n"] > number][-limit:]
        return [readable(entry) for entry in found], found[-1]["n"] if found else number

    def entries(self, name: str | None = None) -> list[dict[str, Any]]:
        """Those of one name, or all."""
        return [readable(entry) for entry in self._entries if name is None or entry["name"] == name]


def readable(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry with its body parsed and its secrets shown by their last four characters."""
    shown = {key: value for key, value in entry.items() if key != "raw"}
    try:
        shown["body"] = hidden(json.loads(entry["raw"]))
    except ValueError:
        shown["body"] = hidden(entry["raw"])
    except RecursionError:
        shown["body"] = TOO_DEEP
    return shown


def _dumped(body: Any) -> str:
    try:
        return json.dumps(body, default=str)
    except RecursionError:
        return json.dumps(TOO_DEEP)


def hidden(value: Any) -> Any:
    """The same value with tokens and socket tickets cut to their last four characters."""
    if isinstance(value, dict):
        return {
            key: _last4(item) if key.lower() in _SECRET_KEYS and isinstance(item, str) else hidden(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [hidden(item) for item in value]
    if isinstance(value, str):
        text = _TOKEN.sub(lambda found: f"{found[1]}-{_last4(found[0])}", value)
        return _TICKET.sub(lambda found: found[1] + _last4(found[2]), text)
    return value


def _last4(secret: str) -> str:
    return "…" + secret[-4:]
