"""One rotation with values that are nowhere else: on any of the ways in, with trouble at any of the steps."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.vault import door, sealing
from playground.town import Town
from tests.canaries.desk import PATIENCE, ControlError, Desk, Json

KEY, HOOK, OTHER = "CIRCLE_API_KEY", "CIRCLE_WEBHOOK_SECRET", "CANARY_TOKEN"
WAYS = ("modal", "sealed", "shell")
# What goes wrong, and how often beside the rest. Where: before asking, at entry, at each step, in the bot itself.
TROUBLES = {
    "": 70, "typed": 4, "mentioned": 3, "in a direct message": 3, "misshapen": 3, "sealed for another": 3, "closed": 3,
    "cancelled": 2, "unknown key": 2, "refused": 2, "answer lost": 2, "kept": 2, "Circle down": 2, "killed": 1,
}  # fmt: skip
OVER = ("done", "failed", "cancelled", "needs-human")
NEEDS_A_HUMAN = "needs-human"
PATIENT = 10  # times that somebody looks whether values are wanted once more


class NotTaken(Exception):
    """The bot has not taken what should be right."""


@dataclass
class Tally:
    """What came of it, by the words."""

    ends: dict[str, int] = field(default_factory=dict)
    troubles: dict[str, int] = field(default_factory=dict)
    ways: dict[str, int] = field(default_factory=dict)

    def count(self, what: dict[str, int], word: str) -> None:
        """One more."""
        what[word] = what.get(word, 0) + 1


class Rotations:
    """*values* grows by each value that was ever entered. *reborn* kills the bot and starts it again."""

    def __init__(
        self, town: Town, desk: Desk, data: Path, chance: Random, tally: Tally, reborn: Callable[[], Awaitable[None]]
    ) -> None:
        self._town, self._desk, self._data, self._chance, self._tally = town, desk, data, chance, tally
        self._reborn = reborn
        self.values: list[str] = []
        town.project.state.set_secrets({OTHER: secrets.token_urlsafe(48)})
        _, self._foreign = sealing.keypair()

    async def one(self, trouble: str | None = None) -> None:
        """Ask, approve, enter, and wait for the end."""
        if trouble is None:
            trouble = self._chance.choices(list(TROUBLES), list(TROUBLES.values()))[0]
        circle = trouble in ("unknown key", "Circle down") or self._chance.random() < 0.15
        way = self._chance.choice(WAYS)
        self._tally.count(self._tally.troubles, trouble or "none")
        self._tally.count(self._tally.ways, way)
        self._desk.forget()
        values = self._made((KEY, HOOK) if circle else (OTHER,), known=trouble != "unknown key")
        if trouble in ("typed", "mentioned", "in a direct message"):
            await self._blurted(trouble, "circle" if circle else OTHER, next(iter(values.values())))
        before = self._desk.state()
        await self._desk.says("ana", f"/aikeys rotate {'circle' if circle else OTHER}")
        async with self._broken(trouble):
            await self._desk.clicks("ben", "aikeys:approve")
            await self._entered(way, trouble, values)
            await self._ended(before, values, killed=trouble == "killed")

    def _made(self, names: tuple[str, ...], *, known: bool) -> dict[str, str]:
        made = {name: self._value(name) for name in names}
        self.values += made.values()
        if KEY in made and known:
            self._town.project.circle.keys.append(made[KEY])
        if HOOK in made:
            self._town.project.circle.secret = made[HOOK]
        return made

    def _value(self, name: str) -> str:
        if name == KEY:
            return f"TEST_API_KEY:{secrets.token_hex(16)}:{secrets.token_hex(16)}"
        return secrets.token_hex(32) if name == HOOK else secrets.token_urlsafe(48)

    async def _blurted(self, how: str, name: str, value: str) -> None:
        """Typed where it does not belong."""
        line = self._chance.choice([f"rotate {name} {value}", f"secrets set {OTHER}={value}", value])
        said = {"typed": f"/aikeys {line}", "mentioned": f"@aikeys {line}"}.get(how, line)
        await self._desk.says("ana", said, "@aikeys" if how == "in a direct message" else "#ops")
        await self._desk.hears("treat that value as leaked")

    @asynccontextmanager
    async def _broken(self, trouble: str) -> AsyncIterator[None]:
        project, faults = self._town.project, self._town.slack.faults
        if trouble == "refused":
            async with project.answers("POST", "/secrets", status=500, body={"message": "Internal"}):
                yield
        elif trouble == "answer lost":
            async with project.answers("POST", "/secrets", drop=True, after=self._chance.random() < 0.5):
                yield
        elif trouble in ("kept", "Circle down"):
            name = "secrets_kept" if trouble == "kept" else "circle_down"
            await faults.set(name, True)
            try:
                yield
            finally:
                await faults.set(name, False)
        else:
            yield

    async def _entered(self, way: str, trouble: str, values: dict[str, str]) -> None:
        modal = await self._desk.modal()
        if trouble == "misshapen":
            await self._refused(modal, {name: f"{value} " for name, value in values.items()})
        elif trouble == "sealed for another":
            await self._refused(modal, {n: sealing.seal(v.encode(), self._foreign) for n, v in values.items()})
        elif trouble == "closed":
            await self._desk.closes(modal)
            modal = await self._desk.modal()
        elif trouble == "cancelled":
            await self._desk.closes(modal)
            await self._desk.clicks("ana", "aikeys:cancel")
            return
        await self._given(way, modal, values)
        if trouble == "killed":
            await asyncio.sleep(self._chance.uniform(0, 0.3))
            await self._reborn()

    async def _refused(self, modal: Json, values: dict[str, str]) -> None:
        answer = await self._desk.submits(modal, values)
        if not answer.get("errors"):
            raise NotTaken(f"it was taken: {answer}")

    async def _given(self, way: str, modal: Json, values: dict[str, str]) -> None:
        public = _key_in(modal)
        sealed = {name: sealing.seal(value.encode(), public) for name, value in values.items()}
        if way == "shell":
            request = {"approval": modal["private_metadata"], "values": sealed}
            answer = await asyncio.to_thread(door.ask, self._data, request)
            if "kept" not in answer:
                raise NotTaken(str(answer))
            await self._desk.closes(modal)
            return
        answer = await self._desk.submits(modal, sealed if way == "sealed" else values)
        if answer != {"ok": True}:
            raise NotTaken(str(answer))

    async def _ended(self, before: str, values: dict[str, str], *, killed: bool) -> None:
        """Wait until the operation is over; give up what needs a human; enter again what a restart has forgotten."""

        def over() -> str:
            now = self._desk.state()
            return now.partition(" ")[2] if now != before and now.endswith(OVER) else ""

        for left in reversed(range(PATIENT if killed else 1)):
            try:
                state = await self._desk.until(over, 3.0 if killed and left else PATIENCE)
                break
            except TimeoutError:
                if not left:
                    raise
                await self._once_more(values)
        self._tally.count(self._tally.ends, state)
        if state == NEEDS_A_HUMAN:
            await self._desk.clicks("ana", "aikeys:settle:give-up")
            await self._desk.until(lambda: not over().startswith(NEEDS_A_HUMAN))
        self._desk.close_modals()

    async def _once_more(self, values: dict[str, str]) -> None:
        """After a restart: if a modal opens, the values are wanted again."""
        self._desk.close_modals()
        if self._desk.button("aikeys:enter") is None:
            return
        with suppress(TimeoutError, NotTaken, ControlError):
            await self._given("modal", await self._desk.modal(3.0), values)


def _key_in(modal: Json) -> bytes:
    text = str(modal["blocks"])
    begin = text.index(sealing.KEY)
    return sealing.key_of(text[begin : begin + len(sealing.KEY) + 43])
