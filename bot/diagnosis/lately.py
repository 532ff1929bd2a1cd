"""What the watch counts in the logs each minute: calls of functions, errors of sign-ins, of the last hour.

A question about an hour, put each minute, reads the log 60 times over: Supabase's allowance is a hundred times.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.clients.supabase import Supabase, Urgency
from bot.incidents.wider import Called
from bot.logbook.asked import asked
from bot.logbook.clickhouse import attribute, moment, number, whole
from bot.logbook.own import OWN_PROBE

_HOUR, _FIVE = timedelta(hours=1), timedelta(minutes=5)
_STATUS, _ID = whole("response.status_code"), attribute("function_id")


async def calls(supabase: Supabase, now: datetime) -> dict[str, Called]:
    """By the function's id. Raises bot.clients.errors.Failure."""
    recent = f"timestamp >= {moment(now - _FIVE)}"
    sql = f"""
        select {_ID} as function_id, count() as hour, countIf({_STATUS} >= 500) as failed,
               countIf({recent}) as five, countIf({recent} and {_STATUS} >= 500) as five_failed,
               quantile(0.95)(toFloat64OrZero({attribute("execution_time_ms")})) as p95
        from logs where source = 'function_edge_logs' and {_ID} != '' and not {OWN_PROBE}
          and timestamp >= {moment(now - _HOUR)}
        group by function_id order by hour desc limit 300
    """  # noqa: S608  # every value went through literal or moment
    return dict(await asked(supabase, sql, now - _HOUR, now, _read, urgency=Urgency.WATCH))


async def sign_ins(supabase: Supabase, now: datetime) -> int:
    """Errors of sign-ins. Raises bot.clients.errors.Failure."""
    sql = f"""
        select count(id) as number from logs
        where source = 'auth_logs' and timestamp >= {moment(now - _HOUR)}
          and ({attribute("level")} in ('error', 'fatal') or {whole("status")} >= 400)
    """  # noqa: S608  # every value went through literal or moment
    found = await asked(supabase, sql, now - _HOUR, now, _number, urgency=Urgency.WATCH)
    return found[0] if found else 0


def _read(row: Mapping[str, Any]) -> tuple[str, Called]:
    hour, failed, five, five_failed = (int(number(row[name])) for name in ("hour", "failed", "five", "five_failed"))
    return str(row["function_id"]), Called(hour, failed, five, five_failed, number(row["p95"]))


def _number(row: Mapping[str, Any]) -> int:
    return int(number(row["number"]))
