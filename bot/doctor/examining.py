"""All of it, in the order in which one would mend it."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.doctor import calling, keeping, machine, outside, slack
from bot.doctor.line import Line, note, unknown, wrong
from bot.doctor.reaching import reached
from bot.own.facts import Dates
from bot.settings import Settings


async def examine(
    settings: Settings, clock: Clock, *, files: Mapping[str, Path] | None = None, unread: Sequence[str] = ()
) -> list[Line]:
    """Look at everything at once; what breaks in looking is a line as well.

    *files*: those that settings come from, by the setting that names them; *unread*: a sentence for each variable that
    no setting reads, as bot.settings.near_misses makes it.
    """
    dates = Dates(clock)
    own = await asyncio.to_thread(machine.look, settings, clock)
    found = await asyncio.gather(
        _safely("Slack", slack.look(settings, clock, lambda date: dates.note("Slack", date))),
        _safely("Supabase", outside.supabase(settings, clock, lambda date: dates.note("Supabase", date))),
        _safely("AIKEYS_FUNCTIONS_URL", outside.wallet(settings, clock)),
        _safely("AIKEYS_SOURCE", outside.source(settings, clock)),
        _safely("AIKEYS_SMTP_URL", outside.mail(settings)),
        _safely("AIKEYS_WEBHOOK_SECRET_PATH", outside.webhook_copy(settings, clock)),
        _safely("AIKEYS_HEARTBEAT_URL", _one(_heartbeat(settings))),
        _safely("Dumps", _dumps(settings, clock)),
        _safely("AIKEYS_HTTP", _one(machine.port(settings))),
    )
    lines = [_unread(sentence) for sentence in unread]
    lines += [line for part in found for line in part]
    lines += calling.called(settings)
    kept = [
        *keeping.files(files or {}),
        *keeping.copied(settings, clock),
        *keeping.user(),
        keeping.thresholds(settings),
    ]
    return [*lines, outside.clock(dates), *own, *kept]


def _unread(sentence: str) -> Line:
    name, _, hint = sentence.partition(": ")
    return wrong(name, f"no setting has that name: {hint}", "Put it right, or take it away.")


async def _heartbeat(settings: Settings) -> Line:
    what = "AIKEYS_HEARTBEAT_URL"
    if settings.heartbeat_url is None:
        return note(what, "not set: nobody notices when I am gone", "docs/production.md, section 6.")
    # Not fetched, since a beat means that all is well.
    return await reached(what, settings.heartbeat_url.get_secret_value(), "who waits for the beat")


async def _dumps(settings: Settings, clock: Clock) -> list[Line]:
    version = await outside.postgres(settings, clock) if settings.dumping else None
    return await keeping.dumps(settings, version)


async def _one(line: Coroutine[Any, Any, Line]) -> list[Line]:
    return [await line]


async def _safely(what: str, lines: Coroutine[Any, Any, list[Line]]) -> list[Line]:
    try:
        return await lines
    except Exception as error:  # noqa: BLE001  # the doctor is for when things are broken: the others are still told
        return [unknown(what, f"looking at it failed ({type(error).__name__})", "Report this, it is a bug.")]
