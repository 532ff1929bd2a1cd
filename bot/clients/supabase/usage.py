"""How much functions use: the figures of Supabase's own dashboard."""

from typing import Any, Literal

from pydantic import ConfigDict

from bot.clients.errors import LogsFailed
from bot.clients.supabase.door import Door, Read

Interval = Literal["15min", "1hr", "3hr", "1day"]
_SAID = 200  # characters of Supabase's own words that a sentence may quote


class _Wrong(Read):
    message: str = ""


class _Told(Read):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    result: list[dict[str, Any]] | None = None
    error: str | _Wrong | None = None


class UsageCalls(Door):
    """Permission: analytics_usage_read."""

    async def function_usage(self, function_id: str, interval: Interval = "1hr") -> list[dict[str, Any]]:
        """Buckets of the last *interval*, as they come: Supabase documents none of their fields.

        *function_id* is the id of the list, not the slug. Raises LogsFailed where the answer holds an error.
        """
        query = [("interval", interval), ("function_id", function_id)]
        told = await self._get("/analytics/endpoints/functions.combined-stats", _Told, query)
        if told.error is not None:
            said = (told.error if isinstance(told.error, str) else told.error.message)[:_SAID]
            raise LogsFailed(
                self.source,
                200,
                f"Supabase did not add up what the function uses{': ' if said else ''}{said.rstrip('.')}.",
                "Ask again; this says nothing about the wallet.",
            )
        return told.result or []
