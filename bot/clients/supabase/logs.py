"""The logs, in ClickHouse's SQL on one table (Supabase docs, "Querying logs"; the older endpoint is gone)."""

from datetime import UTC, datetime, timedelta
from functools import cached_property
from inspect import cleandoc
from typing import Any

from bot.clients.errors import Gone, LogsFailed, MustPay, TooMany, WrongShape
from bot.clients.supabase.door import Door
from bot.clients.supabase.quota import LogQuota, Urgency
from bot.clients.supabase.told import Told

LONGEST = timedelta(hours=24)  # between the two moments of one question
MOST = 1000  # rows of one answer
_PATH = "/analytics/endpoints/logs"
_PATIENCE = 20.0  # seconds: a day of a busy source takes its time
_CAP = 9_000_000  # bytes: 1,000 rows of 2,000 characters, each of up to four bytes
_MINUTE = timedelta(minutes=1)


class LogCalls(Door):
    """Permission: analytics_logs_read."""

    @cached_property
    def log_quota(self) -> LogQuota:
        """Who may ask when: one for all who ask about this project's logs."""
        return LogQuota(self._clock)

    async def log_rows(
        self, sql: str, start: datetime, end: datetime, *, urgency: Urgency = Urgency.PERSON
    ) -> list[dict[str, Any]]:
        """The rows of one SELECT on `logs`, 1,000 at most, of the whole minutes around *start* to *end*.

        Supabase rounds both to the minute: a question that needs them exact says so in its WHERE. 24 hours at most.
        No rows are no proof of health: rows come late, and the same question may get none a moment later
        (supabase/supabase#49705). Raises LogsFailed, MustPay, Gone, TooMany and the others.
        """
        start, end = _floor(start), _ceiling(end)
        if end - start > LONGEST:
            raise ValueError("one question about the logs is about 24 hours at most")
        if wait := await self.log_quota.turn(urgency):
            raise self._too_many(wait)
        sql = cleandoc(sql)
        query = [("sql", sql), ("iso_timestamp_start", _iso(start)), ("iso_timestamp_end", _iso(end))]
        try:
            answer = await self._ask(
                "GET",
                _PATH,
                query=query,
                cap=_CAP,
                patience=_PATIENCE,
                detail=f"{sql}\n-- from {_iso(start)} to {_iso(end)}",
            )
        except TooMany as failed:
            wait = failed.wait if failed.wait is not None else 60.0
            self.log_quota.refused(wait)
            raise self._too_many(wait) from None
        except MustPay:
            raise self._used_up() from None
        except Gone:
            raise self._removed() from None
        limit = answer.headers.get("x-ratelimit-limit", "")
        self.log_quota.learned(int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 6 else None)
        told = answer.read(Told)
        if told.error is not None:
            raise self._failed(told.quote)
        if told.result is None:
            raise WrongShape(self.source, "result", "it is missing")
        return told.result

    def _failed(self, quote: str) -> LogsFailed:
        return LogsFailed(
            self.source,
            200,
            f"Supabase did not carry out the question about the logs{quote}",
            f"Ask again; this says nothing about the wallet. If it stays so, look at {self.source.dashboard}/logs.",
        )

    def _used_up(self) -> MustPay:
        return MustPay(
            self.source,
            402,
            "Supabase answers no more questions about the logs: their allowance is used up (402).",
            f"An owner of the organisation raises it at {self.source.dashboard}; the logs themselves go on.",
        )

    def _removed(self) -> Gone:
        return Gone(
            self.source,
            410,
            "Supabase has removed the logs endpoint that the bot asks (410).",
            f"Update the bot. Until then look at {self.source.dashboard}/logs.",
        )

    def _too_many(self, wait: float) -> TooMany:
        limit = self.log_quota.limit
        return TooMany(
            self.source,
            wait,
            f"Supabase takes {limit} questions about the logs a minute, and they are used up (429).",
        )


def _floor(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def _ceiling(at: datetime) -> datetime:
    floor = _floor(at)
    return floor if floor == at else floor + _MINUTE


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
