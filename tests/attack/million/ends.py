"""Where a payload comes to an end in this programme: what would be run is written down, and nothing is.

The router and what reads a payload are the product's; behind them stand the desks, Slack and the commands, which need
sockets: through those go the payloads of tests/fuzz.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.clock import SystemClock
from bot.command import Risk
from bot.context import Caller
from bot.desks.replying import Replying
from bot.desks.shortcuts import place
from bot.door.inbox import Delivery
from bot.door.payload import reasoned, typed
from bot.post.answers import Answer
from bot.rights.pressing import BUTTONS, MODALS
from bot.views.blocks import Message
from store.database import Store

ROLES = (frozenset[str](), frozenset({"viewer"}), frozenset({"viewer", "operator"}), frozenset({"approver", "viewer"}))


@dataclass(slots=True)
class Ended:
    """How one delivery ended, in words; *line* that would be run, of *only* that risk; *said* to who asked."""

    how: list[str] = field(default_factory=list)
    line: str = ""
    only: Risk | None = None
    said: list[Message] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ends(Replying):
    """Reads who asked and where; then writes down what would be done. Roles go by the id that asks."""

    ended: dict[int, Ended] = field(default_factory=dict)

    async def to(
        self, delivery: Delivery, *, user: str, team: str, channel: str, response_url: str = "", thread: str = ""
    ) -> Answer:
        roles = ROLES[len(user + team) % 4 if user != "U0ANA" else 3]
        caller = Caller(user, channel, roles, delivery.received_at, "", thread or None, delivery.id)
        return Answer(None, self.rows, self.desk.ctx.clock, self.pages, caller, response_url=response_url)  # type: ignore[arg-type]  # nothing is said through it

    async def settle(self, delivery: Delivery, answer: Answer, line: str, *, only: Risk | None = None) -> None:
        one = self.of(delivery)
        one.how.append("asked" if answer.caller.roles else "refused")
        one.line, one.only = line if answer.caller.roles else "", only

    async def becomes(self, delivery: Delivery, answer: Answer, work: Awaitable[str]) -> None:  # noqa: ARG002  # its shape
        await work
        self.done(delivery, "decided")

    async def whisper(
        self,
        delivery: Delivery,
        answer: Answer,  # noqa: ARG002  # its shape
        message: Message,
        outcome: str = "answered",
    ) -> None:
        self.of(delivery).said.append(message)
        self.done(delivery, outcome)

    def done(self, delivery: Delivery, outcome: str) -> None:
        self.of(delivery).how.append(outcome)
        self.rows.later_settled(delivery.id, outcome, self.desk.ctx.clock.now())

    def of(self, delivery: Delivery) -> Ended:
        return self.ended.setdefault(delivery.id, Ended())


class Desks:
    """Behind the door: each button and modal is known, reads what all of them read, and does nothing."""

    routes = dict.fromkeys(BUTTONS.keys() - {"ask", "below", "refresh", "where", "how", "way-back"})
    go_on: frozenset[str] = frozenset()

    @property
    def modals(self) -> dict[str, Callable[[Delivery, Answer], Awaitable[dict[str, str]]]]:
        return {f"aikeys:{name}": self._read for name in MODALS}

    async def click(self, *_: object) -> str:
        return "decided"

    async def _read(self, delivery: Delivery, _: Answer) -> dict[str, str]:
        reasoned(delivery.payload), typed(delivery.payload), place(delivery.payload)
        return {}

    async def draw(self, *_: object) -> None: ...

    async def clicked(self, *_: object) -> None: ...

    async def asked(self, *_: object) -> None: ...

    async def reacted(self, *_: object) -> str:
        return "reacted"

    async def open(self, payload: Mapping[str, Any], who: Awaitable[Caller]) -> None:
        place(payload)
        await who


class Nowhere:
    """The end of a socket: *frames* are what went back to Slack."""

    def __init__(self) -> None:
        self.frames: list[str] = []

    async def send(self, texts: list[str]) -> None:
        self.frames += texts


class Bare:
    """A desk with nothing on it: the memory, and the time."""

    def __init__(self, store: Store, clock: SystemClock) -> None:
        self.store, self.clock, self.ctx = store, clock, self
