"""Which secrets there are, which of them the running function sees, who rotated them through the bot."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.clients.errors import Failure
from bot.clients.supabase import Secret
from bot.clients.wallet import Health
from bot.context import Context, Target
from bot.questions.asking import ask
from bot.rotations.record import SET
from store.database import Store


@dataclass(frozen=True, slots=True)
class Rotated:
    """The last rotation of a secret through the bot."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Seen:
    """*rotated* by name; *old*: from which age on a secret is to be rotated."""

    target: Target
    at: datetime
    secrets: list[Secret] | Failure | None = None
    wallet: Health | Failure | None = None
    rotated: Mapping[str, Rotated] = field(default_factory=dict)
    old: timedelta = timedelta(days=90)  # the owners' policy


async def gather(ctx: Context) -> AsyncIterator[Seen]:
    """Ask Supabase for the list and the wallet for what it sees; read the timeline."""
    blank = Seen(ctx.target, ctx.clock.now(), old=timedelta(days=ctx.settings.secret_age))
    async for seen in ask(ctx, blank, secrets=ctx.supabase.secrets(), wallet=ctx.wallet.health()):
        yield replace(seen, rotated=_rotated(ctx.store, seen.secrets))


def _rotated(store: Store, secrets: list[Secret] | Failure | None) -> dict[str, Rotated]:
    listed = secrets if isinstance(secrets, list) else []
    found = {one.name: store.events.latest(SET, f"secret/{one.name}") for one in listed}
    return {name: Rotated(event.at, event.actor) for name, event in found.items() if event is not None}
