"""After an absence: how long it was, which timers were due meanwhile, and what has changed. Told once, in #ops."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog

from bot.clients.errors import Failure
from bot.context import Context
from bot.incidents.alerting import Alerts
from bot.post.outbox import Outbox
from bot.views import own as views
from store.last_known import LastKnown

log = structlog.get_logger(__name__)

EVERY = 30.0  # seconds between two signs of life
ASK = 300.0  # seconds between two times that the facts are asked
AWAY = timedelta(minutes=2)  # a restart takes less, and is nobody's business
PATIENCE = timedelta(minutes=2)  # so long what has changed may be asked in vain, before the rest is told without it
RETURNED = "bot.returned"
PARTS = ("functions", "secrets", "migrations", "signals")
T = TypeVar("T")
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Absence:
    """From *last_at* to *back_at* the bot was not there. *late*: kinds of timers that were due meanwhile."""

    last_at: datetime
    back_at: datetime
    late: tuple[str, ...]
    before: Facts = field(hash=False)


class Away:
    """`begin` before anything is done, then a `round` each half a minute."""

    def __init__(self, ctx: Context, outbox: Outbox, alerts: Alerts, titles: Mapping[str, str]) -> None:
        self._ctx = ctx
        self._outbox = outbox
        self._alerts = alerts
        self._titles = titles
        self._rows = LastKnown(ctx.store.connection)
        self._absence: Absence | None = None
        self._asked_at: float | None = None  # not the time of day: that jumps

    def begin(self) -> None:
        """Find out whether there was an absence. Before timers fire: afterwards nobody knows which were late."""
        now, known = self._ctx.clock.now(), self._rows.read()
        if known is None or now - known[0] < AWAY:
            return
        due = [one for one in self._ctx.store.timers.due(now) if one.due > known[0]]
        self._absence = Absence(known[0], now, tuple(one.kind for one in due), known[1])

    async def round(self) -> None:
        """A sign of life; the facts now and then; what is to be told of an absence, once they are there."""
        now, rows = self._ctx.clock.now(), self._rows
        facts, passed = None, self._ctx.clock.monotonic()
        if self._absence is not None or self._asked_at is None or passed - self._asked_at >= ASK:
            facts = await self._facts()
            self._asked_at = passed
        if self._absence is None:
            rows.alive(now, facts)
        elif facts is not None and (set(PARTS) <= set(facts) or now - self._absence.back_at >= PATIENCE):
            with self._ctx.store.transaction():
                self._tell(self._absence, facts, now)
                # What could not be asked now is held against the next time that it can.
                rows.alive(now, {**self._absence.before, **facts})
            self._absence = None

    def _tell(self, absence: Absence, facts: Facts, now: datetime) -> None:
        found, unknown = changes(absence.before, facts), [part for part in PARTS if part not in facts]
        data = {
            "from": absence.last_at.isoformat(),
            "to": absence.back_at.isoformat(),
            "late": list(absence.late),
            "changes": found,
            "unknown": unknown,
        }
        event = self._ctx.store.events.append("bot", RETURNED, "bot", data, now)
        log.warning("bot.returned", away=round((absence.back_at - absence.last_at).total_seconds()))
        if self._ctx.settings.ops_channel:
            message = views.returned(absence.last_at, absence.back_at, absence.late, found, unknown)
            self._outbox.say(f"returned/{event.id}", self._ctx.settings.ops_channel, message)

    async def _facts(self) -> Facts:
        """What can be known now, by part; a part that could not be asked is not there."""
        supabase = self._ctx.supabase
        functions, secrets, migrations = await asyncio.gather(
            _asked(supabase.functions()), _asked(supabase.secrets()), _asked(supabase.migrations())
        )
        found: dict[str, Any] = {}
        if functions is not None:
            found["functions"] = {one.slug: [one.version, (one.ezbr_sha256 or "")[:8]] for one in functions}
        if secrets is not None:
            found["secrets"] = {one.name: one.begins for one in secrets}
        if migrations is not None:
            found["migrations"] = [*sorted(one.version for one in migrations)[-1:], str(len(migrations))]
        if self._alerts.looked:
            found["signals"] = sorted(self._titles.get(one, one) for one in self._alerts.seen_now)
        return found


async def _asked(question: Awaitable[T]) -> T | None:
    try:
        return await question
    except Failure:
        return None


def changes(before: Facts, after: Facts) -> list[str]:
    """In sentences what is not as it was; parts that one of the two does not know are left out. Pure."""
    found: list[str] = []
    both = [part for part in PARTS if part in before and part in after]
    if "functions" in both:
        found += _moved("the function", before["functions"], after["functions"], _version)
    if "secrets" in both:
        found += _moved("the secret", before["secrets"], after["secrets"], _digest)
    if "migrations" in both and list(before["migrations"]) != list(after["migrations"]):
        was, now = before["migrations"], after["migrations"]
        found.append(f"{now[-1]} migrations are applied, up to {_head(now)}; before, {was[-1]}, up to {_head(was)}")
    if "signals" in both:
        new, gone = _without(after["signals"], before["signals"]), _without(before["signals"], after["signals"])
        found += [f"{one}: it is there now, and was not" for one in new]
        found += [f"{one}: it was there, and is not any more" for one in gone]
    return found


def _moved(what: str, before: Mapping[str, Any], after: Mapping[str, Any], say: Any) -> list[str]:
    lines = [f"{what} {name} is new" for name in _without(after, before)]
    lines += [f"{what} {name} is gone" for name in _without(before, after)]
    same = sorted(set(before) & set(after))
    return lines + [f"{what} {name} {say(before[name], after[name])}" for name in same if before[name] != after[name]]


def _version(was: Sequence[Any], now: Sequence[Any]) -> str:
    return f"is at version {now[0]}, and was at {was[0]}"


def _digest(was: str, now: str) -> str:
    return f"has another value: its digest begins with {now or '?'}, before with {was or '?'}"


def _head(migrations: Sequence[str]) -> str:
    return migrations[0] if len(migrations) > 1 else "none"


def _without(these: Any, those: Any) -> list[str]:
    return sorted(set(these) - set(those))
