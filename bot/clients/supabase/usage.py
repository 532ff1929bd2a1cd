"""How much functions use: the figures of Supabase's own dashboard."""

from typing import Any, Literal

from bot.clients.errors import LogsFailed
from bot.clients.supabase.door import Door
from bot.clients.supabase.told import Told

Interval = Literal["15min", "1hr", "3hr", "1day"]


class UsageCalls(Door):
    """Permission: analytics_usage_read."""

    async def function_usage(self, function_id: str, interval: Interval = "1hr") -> list[dict[str, Any]]:
        """Buckets of the last *interval*, as they come: Supabase documents none of their fields.

        *function_id* is the id of the list, not the slug. Raises LogsFailed where the answer holds an error.
        """
        query = [("interval", interval), ("function_id", function_id)]
        told = await self._get("/analytics/endpoints/functions.combined-stats", Told, query)
        if told.error is not None:
            raise LogsFailed(
                self.source,
                200,
                f"Supabase did not add up what the function uses{told.quote.rstrip('.')}.",
                "Ask again; this says nothing about the wallet.",
            )
        return told.result or []
