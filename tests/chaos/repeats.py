"""What Slack hands over comes one to four times, in any order, for five minutes of a made-up clock."""

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from playground.slack.sockets import NoAckError, NotConnectedError
from playground.town import Town

KINDS = ("slash_commands", "interactive", "events_api")
LONGEST = 300.0  # seconds until the last copy
AT_ONCE = 0.3  # of the copies come with the first
TRIES = 4  # Slack's own and its three repeats


@dataclass
class Figures:
    """What was handed over, and what was *wrong*. *things*: distinct ones, by kind; *copies* beside them."""

    rounds: int = 0
    things: Counter[str] = field(default_factory=Counter)
    copies: int = 0
    lost: int = 0  # went down a socket that was being closed, and came again
    restarts: int = 0
    deploys: int = 0
    incidents: int = 0
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        """In words."""
        things = ", ".join(f"{count} {kind}" for kind, count in sorted(self.things.items()))
        return (
            f"{self.things.total()} distinct things ({things}) in {self.rounds} rounds, {self.copies} copies of them, "
            f"{self.lost} times none was heard at first, {self.restarts} restarts: "
            f"{self.deploys} deploys and {self.incidents} incidents, each once; "
            f"{len(self.wrong)} violations"
        )


@dataclass(frozen=True, slots=True)
class Copy:
    """To be delivered at *due*, seconds of the made-up clock."""

    due: float
    kind: str
    payload: dict[str, Any]


class Repeats:
    """Of one town: notes what goes out for the first time, and hands it over again. *delivering*: those under way."""

    def __init__(self, town: Town, chance: random.Random, figures: Figures) -> None:
        self._town, self._chance, self._figures = town, chance, figures
        self._copies: list[Copy] = []
        self._said: list[tuple[str, dict[str, Any]]] = []  # in this life
        self._seen: set[str] = set()
        self._under_way: dict[str, str] = {}  # by envelope: whose
        self._arrived: set[str] = set()  # acknowledged at least once
        self.delivering: set[asyncio.Task[None]] = set()
        town.slack.journal.listeners.add(self._note)

    def _note(self, entry: dict[str, Any]) -> None:
        """What goes out for the first time will come again, up to three times."""
        if entry["kind"] != "socket" or entry["name"] not in (*KINDS, "ack"):
            return
        frame = json.loads(entry["raw"])
        if entry["way"] == "in":
            if str(entry.get("status", "")) in ("", "payload ignored"):
                self._arrived.add(self._under_way.pop(frame["envelope_id"], ""))
            return
        payload = frame["payload"]
        own = self._under_way[frame["envelope_id"]] = _own(payload)
        if own in self._seen:
            return
        self._seen.add(own)
        self._figures.things[_name(entry["name"], payload)] += 1
        self._said.append((entry["name"], payload))
        for _ in range(self._chance.randint(0, 3)):
            wait = 0.0 if self._chance.random() < AT_ONCE else self._chance.uniform(0, LONGEST)
            self._copies.append(Copy(self._now() + wait, entry["name"], payload))
            if not wait:
                asyncio.get_running_loop().call_soon(self.due)

    def _now(self) -> float:
        return self._town.clock.now().timestamp()

    def due(self, until: float | None = None) -> None:
        """Deliver what is due, in any order."""
        until = self._now() if until is None else until
        due = [one for one in self._copies if one.due <= until]
        self._copies = [one for one in self._copies if one.due > until]
        self._chance.shuffle(due)
        for one in due:
            task = asyncio.create_task(self._delivers(one))
            self.delivering.add(task)
            task.add_done_callback(self.delivering.discard)

    async def _delivers(self, one: Copy) -> None:
        retry = {"retry_attempt": 1, "retry_reason": "timeout"} if one.kind == "events_api" else {}
        self._figures.copies += 1
        for _ in range(TRIES):
            try:
                await self._town.slack.sockets.deliver(
                    one.kind, one.payload, accepts=one.payload.get("type") == "view_submission", **retry
                )
            except (NoAckError, NotConnectedError):
                self._figures.lost += 1
                await asyncio.sleep(0.2)
            else:
                return
        self._figures.wrong.append(f"a copy was not acknowledged in {TRIES} tries: {one.kind}")

    def unheard(self) -> None:
        """Deliver what was never acknowledged: it may never have been heard."""
        never = [(kind, payload) for kind, payload in self._said if _own(payload) not in self._arrived]
        self._figures.lost += len(never)
        others, self._copies = self._copies, [Copy(self._now(), kind, payload) for kind, payload in never]
        self.due()
        self._copies += others

    def all_once_more(self) -> None:
        """Deliver all that is left, and all of this life, which ends with it."""
        self._copies += [Copy(self._now(), kind, payload) for kind, payload in self._said]
        self._said.clear()
        self.due(until=float("inf"))


def _own(payload: dict[str, Any]) -> str:
    """What a copy has in common with the first."""
    return str(payload.get("event_id") or payload.get("trigger_id") or json.dumps(payload))


def _name(envelope: str, payload: dict[str, Any]) -> str:
    if envelope == "slash_commands":
        return "commands"
    if envelope == "events_api":
        return "events"
    return "submissions" if payload["type"] == "view_submission" else "clicks"
