"""A question about the logs whose rows are figures: each row is read, or the answer is one that nobody understands."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from bot.clients.errors import WrongShape
from bot.clients.supabase import Supabase, Urgency

T = TypeVar("T")


async def asked(
    supabase: Supabase,
    sql: str,
    start: datetime,
    end: datetime,
    read: Callable[[dict[str, Any]], T],
    *,
    urgency: Urgency = Urgency.PERSON,
) -> list[T]:
    """What *read* makes of each row of *sql*; it may raise KeyError, ValueError and TypeError. Raises Failure."""
    rows = await supabase.log_rows(sql, start, end, urgency=urgency)
    try:
        return [read(row) for row in rows]
    except (KeyError, ValueError, TypeError) as wrong:
        raise WrongShape(supabase.source, "result", type(wrong).__name__) from None
