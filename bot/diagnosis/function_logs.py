"""How calls of functions ended in the last hour, and what functions said: from Supabase's logs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clients.supabase import Supabase
from bot.diagnosis.database import HOUR
from bot.logbook.asked import asked
from bot.logbook.clickhouse import attribute, moment, number, outside, whole
from bot.logbook.own import OWN_PROBE
from bot.logbook.span import Span

_ID, _LEVEL, _TYPE = (attribute(name) for name in ("function_id", "level", "event_type"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Calls of one function in the last hour that ended with one status."""

    function_id: str
    status: int
    number: int


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error that a function wrote to its console, *number* times in the last hour."""

    function_id: str
    text: str
    number: int


async def calls(supabase: Supabase, now: datetime, without: Sequence[Span] = ()) -> list[Outcome]:
    """All functions' calls by their outcome, but for the bot's own probes and the times of *without*.

    Raises bot.clients.errors.Failure.
    """
    sql = f"""
        select {_ID} as function_id, {whole("response.status_code")} as status, count() as number
        from logs where source = 'function_edge_logs' and {_ID} != '' and timestamp >= {moment(now - HOUR)}
          and not {OWN_PROBE}{outside(without)}
        group by function_id, status order by number desc limit 300
    """  # noqa: S608  # every value went through literal or moment
    return await asked(
        supabase,
        sql,
        now - HOUR,
        now,
        lambda row: Outcome(str(row["function_id"]), int(number(row["status"])), int(number(row["number"]))),
    )


async def complaints(supabase: Supabase, now: datetime, without: Sequence[Span] = ()) -> list[Complaint]:
    """What functions wrote as errors, or died of, outside of *without*. Raises bot.clients.errors.Failure."""
    sql = f"""
        select {_ID} as function_id, event_message, count() as number
        from logs where source = 'function_logs' and timestamp >= {moment(now - HOUR)}
          and ({_LEVEL} in ('error', 'fatal') or {_TYPE} = 'UncaughtException'){outside(without)}
        group by function_id, event_message order by number desc limit 100
    """  # noqa: S608  # every value went through literal or moment
    return await asked(
        supabase,
        sql,
        now - HOUR,
        now,
        lambda row: Complaint(str(row["function_id"]), str(row["event_message"]), int(number(row["number"]))),
    )
