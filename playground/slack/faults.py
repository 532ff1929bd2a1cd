"""The Slack faults of the control panel, and the wallet's and Supabase's beside them."""

import random
from collections.abc import Iterable
from typing import Any

from playground.slack.errors import ControlError
from playground.slack.feed import Feed
from playground.slack.sockets import Sockets
from playground.switches import Switch

LATENCY = 2.0
RETRY_AFTER = 3


class Faults:
    """Every switch by name. A call fault may be partial, `await set("slack_429", True, rate=0.3)`, or one method's."""

    def __init__(self, feed: Feed, sockets: Sockets, others: Iterable[Switch], seed: int = 7) -> None:
        self._feed = feed
        self._random = random.Random(seed)
        self._rates: dict[str, float] = {}
        self._only: dict[str, str] = {}
        self._left: dict[str, int] = {}  # until the one that it hits; 0: it hits all
        self._switches = {switch.name: switch for switch in (*_slack(sockets), *others)}

    async def set(self, name: str, on: bool, rate: float = 1.0, only: str = "", nth: int = 0) -> None:
        """Put a switch on or off; *rate* is the share of calls it hits, *only* the one method that suffers it.

        With *nth* no call but that one from now on, 1 being the next.

        Raises ControlError(no_such_fault).
        """
        switch = self._switches.get(name)
        if switch is None:
            raise ControlError("no_such_fault", f"There is no switch {name!r}.")
        self._rates[name], self._only[name], self._left[name] = rate, only, nth
        await switch.set(on)
        self._feed.publish({"type": "faults", "faults": self.as_json()})

    async def clear(self) -> None:
        """Everything off."""
        for name in [name for name, switch in self._switches.items() if switch.on]:
            await self.set(name, False)

    def hits(self, name: str, method: str = "") -> bool:
        """True if this call, of *method*, is to suffer that fault."""
        if not self._switches[name].on or self._only.get(name, "") not in ("", method):
            return False
        if left := self._left.get(name, 0):
            self._left[name] = left - 1 or -1
            return left == 1
        rate = self._rates.get(name, 1.0)
        return rate >= 1 or self._random.random() < rate

    def spent(self, name: str) -> bool:
        """True once the n-th call has come by, of a switch that was put on for that one alone."""
        return self._left.get(name, 0) < 0

    def as_json(self) -> list[dict[str, Any]]:
        """All of them, as docs/playground.md shows a fault."""
        return [switch.as_json() for switch in self._switches.values()]


def _slack(sockets: Sockets) -> list[Switch]:
    async def away(on: bool) -> None:
        sockets.refusing = on
        if on:
            await sockets.kill()

    async def kill(_on: bool) -> None:
        await sockets.kill()

    async def refresh(_on: bool) -> None:
        await sockets.refresh()

    async def refresh_now(_on: bool) -> None:
        await sockets.refresh(notice=False)

    return [
        Switch("slack_429", "slack", "Slack: 429", f"every call is rate limited, Retry-After: {RETRY_AFTER}"),
        Switch("slack_5xx", "slack", "Slack: 5xx", "every call answers 503"),
        Switch(
            "slack_store_then_drop",
            "slack",
            "Slack: done, but no answer",
            "the call is carried out, then the connection breaks before the answer",
        ),
        Switch("slack_no_files", "slack", "Slack: no files", "the workspace does not allow uploads"),
        Switch("slack_latency", "slack", "Slack: slow", f"{LATENCY:.0f} s on every call"),
        Switch("slack_away", "slack", "Slack: away", "no call gets through, no socket opens", apply=away),
        Switch(
            "socket_kill",
            "slack",
            "Sockets: cut",
            "all sockets cut without a close frame",
            momentary=True,
            apply=kill,
        ),
        Switch(
            "socket_freeze",
            "slack",
            "Sockets: silent",
            "those open now stay open and say nothing, not even pong",
            apply=sockets.freeze,
        ),
        Switch(
            "socket_wedge",
            "slack",
            "Sockets: wedge",
            "after the next refresh each new ticket is refused once (408), and is then spent",
            apply=sockets.wedge,
        ),
        Switch(
            "socket_refresh",
            "slack",
            "Sockets: refresh",
            "`warning` now, and the close ten seconds later",
            momentary=True,
            apply=refresh,
        ),
        Switch(
            "socket_refresh_now",
            "slack",
            "Sockets: refresh at once",
            "`refresh_requested`, and the close with it",
            momentary=True,
            apply=refresh_now,
        ),
        Switch(
            "socket_disabled",
            "slack",
            "Socket Mode switched off",
            "`link_disabled`, and new connections get the same",
            apply=sockets.disable,
        ),
    ]
