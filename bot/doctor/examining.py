"""All of it, in the order in which one would mend it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.clock import Clock
from bot.doctor import machine, outside, slack
from bot.doctor.line import Line, note, unknown
from bot.own.facts import Dates
from bot.settings import Settings


async def examine(settings: Settings, clock: Clock) -> list[Line]:
    """Look at everything at once; what breaks in looking is a line as well."""
    dates = Dates(clock)
    own = await asyncio.to_thread(machine.look, settings, clock)
    running = any(one.what == "Lock" and "runs" in one.said and "no bot" not in one.said for one in own)
    found = await asyncio.gather(
        _safely("Slack", slack.look(settings, clock, lambda date: dates.note("Slack", date))),
        _safely("Supabase", outside.supabase(settings, clock, lambda date: dates.note("Supabase", date))),
        _safely("AIKEYS_SOURCE", outside.source(settings, clock)),
        _safely("AIKEYS_SMTP_URL", outside.mail(settings)),
        _safely("AIKEYS_HTTP", _one(machine.port(settings, running=running))),
    )
    lines = [line for part in found for line in part]
    if settings.heartbeat_url is None:
        lines.append(note("AIKEYS_HEARTBEAT_URL", "not set: nobody notices when I am gone"))
    else:
        lines.append(note("AIKEYS_HEARTBEAT_URL", "set; not fetched, since a beat means that all is well"))
    return [*lines, outside.clock(dates), *own]


async def _one(line: Coroutine[Any, Any, Line]) -> list[Line]:
    return [await line]


async def _safely(what: str, lines: Coroutine[Any, Any, list[Line]]) -> list[Line]:
    try:
        return await lines
    except Exception as error:  # noqa: BLE001  # the doctor is for when things are broken: the others are still told
        return [unknown(what, f"looking at it failed ({type(error).__name__})", "Report this, it is a bug.")]
