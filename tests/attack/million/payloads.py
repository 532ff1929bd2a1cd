"""Payloads, from the envelope to what would be run: cut, committed, acknowledged, read by the real inbox and router.

Where a question would be answered, a button's desk asked or Slack called, the router comes to an end of ours, which
writes down what would be run: the rest needs sockets, and is tests/fuzz.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, cast

from bot.clock import SystemClock
from bot.command import Command, Risk
from bot.desks.submitting import Submitting
from bot.door.inbox import Delivery, Inbox
from bot.errors import Refused
from bot.grammar import parse
from bot.rights.ruling import Ruling, ruling
from bot.router import Router
from bot.start.startup import Identity
from bot.vault.typed import CUT
from bot.views import refusals
from store.database import Store
from tests.attack.million import rules
from tests.attack.million.ends import ROLES, Bare, Desks, Ended, Ends, Nowhere
from tests.attack.million.kind import shorter
from tests.attack.million.shapes import Envelope, envelope

Drawn = tuple[tuple[Envelope, str], ...]  # envelopes, each with the secret that was pasted into it
_BATCH = 10


@dataclass
class Payloads:
    """*store*: an empty memory, whose inbox takes them. *loop*: of its own."""

    commands: dict[str, Command[Any, Any]]
    store: Store
    loop: asyncio.AbstractEventLoop
    router: type[Router] = Router
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
        ends = Ends(cast("Any", Bare(self.store, clock)), cast("Any", None), self.store.inbox, cast("Any", None), _WHO)
        router = self.router(ends, desks, desks, desks, desks, Submitting(ends, desks))

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
        taken = len(line.frames)
        missing = 0 if taken == len(drawn) else sum(too_deep(one) for one, _ in drawn)
        if not len(drawn) - missing <= taken == acked == len({*line.frames}) == len(came):
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
        may = ruling(command, ROLES[2] | ROLES[3], only=ended.only) is Ruling.YES
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
