"""Which project, with which token: asked by harmless reads."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.clients.errors import Failure, LogsFailed
from bot.clients.supabase import READS, Project, Supabase
from bot.clock import Clock
from bot.context import Context, Target
from bot.health.probes import caught
from bot.questions.asking import ask
from bot.questions.token import Kind, kind
from bot.vault.keyfile import KeyUnusable

_A_ROW = "select id from logs where source = 'edge_logs' limit 1"
Permissions = Mapping[str, Failure | bool]


@dataclass(frozen=True, slots=True)
class Seen:
    """*permissions* by name: true, or why not. *left* of the tightest endpoint asked in the running minute.

    *seal*: the fingerprint of the key that new values are sealed for, or why there is none. *own*: the tokens
    for one kind of change each, by the name of their setting.
    """

    target: Target
    token: Kind
    at: datetime
    project: Project | Failure | None = None
    permissions: Permissions | Failure | None = None
    left: tuple[str, int] | None = None
    seal: str = ""
    own: Mapping[str, Kind] = field(default_factory=dict)


async def gather(ctx: Context) -> AsyncIterator[Seen]:
    """Ask for the project, and for each permission whether the token has it."""
    token = kind(ctx.settings.supabase_access_token.get_secret_value())
    own = {setting: kind(one.get_secret_value()) for setting, one in ctx.settings.tokens.items()}
    blank = Seen(ctx.target, token, ctx.clock.now(), seal=_seal(ctx), own=own)
    async for seen in ask(ctx, blank, project=ctx.supabase.project(), permissions=_permissions(ctx)):
        yield replace(seen, left=ctx.supabase.tightest)


def _seal(ctx: Context) -> str:
    try:
        return ctx.vault.box.fingerprint if ctx.vault is not None else ""
    except KeyUnusable as error:
        return str(error)


async def _permissions(ctx: Context) -> Permissions:
    supabase = ctx.supabase
    tries = {name: supabase.try_to_read(name) for name in READS}
    tries["analytics_logs_read"] = may_read_logs(supabase, ctx.clock)
    answers = await asyncio.gather(*(caught(each, supabase.source) for each in tries.values()))
    return dict(zip(tries, answers, strict=True))


async def may_read_logs(supabase: Supabase, clock: Clock) -> bool:
    """True where the token may. Raises NotAllowed where it may not, and the other failures."""
    now = clock.now()
    with suppress(LogsFailed):  # it was let in, and then something went wrong
        await supabase.log_rows(_A_ROW, now - timedelta(minutes=1), now)
    return True
