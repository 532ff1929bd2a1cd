"""Payloads, from the envelope to what would be run: cut, committed, acknowledged, read by the real inbox and router.

Where a question would be answered, a button's desk asked or Slack called, the router comes to an end of ours, which
writes down what would be run: the rest needs sockets, and is tests/fuzz.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, cast

from bot.answers import Answer
from bot.clock import SystemClock
from bot.command import Command, Risk
from bot.context import Caller
from bot.errors import Refused
from bot.grammar import parse
from bot.inbox import Delivery, Inbox
from bot.payload import reasoned, typed
from bot.pressing import BUTTONS, MODALS, may_press
from bot.replying import Replying
from bot.router import Router
from bot.ruling import Ruling, ruling
from bot.shortcuts import place
from bot.startup import Identity
from bot.vault.typed import CUT
from bot.views import refusals
from bot.views.blocks import Message
from store.database import Store
from tests.attack.million import rules
from tests.attack.million.kind import shorter
from tests.attack.million.shapes import Envelope, envelope

Drawn = tuple[tuple[Envelope, str], ...]  # envelopes, each with the secret that was pasted into it
_ROLES = (frozenset[str](), frozenset({"viewer"}), frozenset({"viewer", "operator"}), frozenset({"approver", "viewer"}))
_BATCH = 10


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
        roles = _ROLES[len(user + team) % 4 if user != "U0ANA" else 3]
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


@dataclass(slots=True)
class _Bare:
    store: Store
    clock: SystemClock


@dataclass(slots=True)
class _Desk:
    ctx: _Bare


@dataclass
class Payloads:
    """*store*: an empty memory, whose inbox takes them. *loop*: of its own. *may*: who may press what."""

    commands: dict[str, Command[Any, Any]]
    store: Store
    loop: asyncio.AbstractEventLoop
    may: Callable[..., bool] = may_press
    name: str = "payloads"
    share: int = 2500

    def draw(self, chance: Random) -> Drawn:
        """Ten envelopes, which come at once and share a commit."""
        return tuple(envelope(chance) for _ in range(_BATCH))

    def size(self, drawn: Drawn) -> int:
        """Each envelope is one."""
        return len(drawn)

    def wrong(self, drawn: Drawn) -> Iterator[str]:
        """Each is acknowledged and ends once; no secret is in its row; no click comes to more than a question."""
        return iter(self.loop.run_until_complete(self._through(drawn)))

    async def _through(self, drawn: Drawn) -> list[str]:
        found: list[str] = []
        clock, line, came = SystemClock(), Nowhere(), list[Delivery]()
        desks: Any = Desks()
        ends = Ends(
            cast("Any", _Desk(_Bare(self.store, clock))), cast("Any", None), self.store.inbox, cast("Any", None), _WHO
        )
        router = Router(ends, desks, desks, desks, desks)

        async def validate(delivery: Delivery) -> dict[str, Any] | None:
            came.append(delivery)
            return {"errors": errors} if (errors := await router.submission(delivery)) else None

        inbox = Inbox(self.store.inbox, clock, came.append, validate)
        for one, _ in drawn:
            inbox.arrive(line, one)
        await inbox.idle()
        try:
            for delivery in came:
                if (way := _WAYS.get(delivery.kind)) is not None:
                    await way(router, delivery)
        finally:
            for delivery in came:
                self.store.inbox.later_settled(delivery.id, "judged", clock.now())
            self.store.inbox.purge(clock.now() + timedelta(days=1))
        acked = sum(f'"envelope_id":"{one["envelope_id"]}"' in frame for one, _ in drawn for frame in line.frames)
        least = sum(not too_deep(one) for one, _ in drawn)
        if not least <= acked == len(line.frames) == len({*line.frames}) == len(came):
            found.append(f"{len(drawn)} came, {len(line.frames)} acknowledged, {len(came)} worked on")
        rows = "\n".join(delivery.text for delivery in came)
        found += ["a pasted secret is in a row" for _, secret in drawn if secret and secret in rows]
        for delivery in came:
            found += self._judged(delivery, ends.ended.get(delivery.id, Ended()))
        return found

    def _judged(self, delivery: Delivery, ended: Ended) -> Iterator[str]:
        if delivery.kind not in ("closed", "options") and len(ended.how) != 1:
            yield f"a {delivery.kind} ended {len(ended.how)} times: {', '.join(ended.how) or 'not at all'}"
        for said in ended.said:
            yield from rules.message(said.text, list(said.blocks))
        if not ended.line or CUT in ended.line:
            return
        try:
            command = parse(ended.line, self.commands).command
        except Refused as error:
            said = refusals.refused(error)
            yield from rules.message(said.text, list(said.blocks))
            return
        clicked = delivery.kind == "click"
        if clicked and ended.only is not Risk.READ and command.name != "rollback":
            yield f"a click would run {command.name}"
        may = ruling(command, _ROLES[2] | _ROLES[3], only=ended.only) is Ruling.YES
        if clicked and ended.only is Risk.READ and command.risk is not Risk.READ and may:
            yield f"a click may run {command.name}"

    def smaller(self, drawn: Drawn) -> Iterator[Drawn]:
        """One envelope alone, then without one of its fields, then with less in one."""
        if len(drawn) > 1:
            yield from ((one,) for one in drawn)
            return
        for one, secret in drawn:
            for less in _less(one["payload"]):
                if isinstance(less, dict):
                    yield ((one | {"payload": less}, secret),)


def too_deep(one: Envelope) -> bool:
    """Nested as nothing of Slack's is: it need not be written down."""
    try:
        return not json.dumps(one)
    except RecursionError:
        return True


def _less(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key in value:
            yield {name: kept for name, kept in value.items() if name != key}
        for key, below in value.items():
            yield from (value | {key: less} for less in _less(below))
    elif isinstance(value, list) and value:
        yield []
        yield from ([less, *value[1:]] for less in _less(value[0]))
    elif isinstance(value, str):
        yield from shorter(value)


_WHO = Identity("T0AIKEYS", "AIKeys", "U0BOT", "B0BOT", frozenset())
_WAYS: Mapping[str, Callable[[Router, Delivery], Awaitable[object]]] = {
    "command": Router.command,
    "event": Router.event,
    "click": Router.click,
    "shortcut": Router.shortcut,
}
