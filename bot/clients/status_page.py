"""Supabase's own status page: what they say of themselves, for all their customers (a Statuspage of Atlassian's)."""

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from bot.clients.address import host_of
from bot.clients.errors import Odd, Source
from bot.clients.http import Http
from bot.clients.replies import common
from bot.clock import Clock

_PATIENCE = 5.0  # seconds: nothing waits for it, and it is slow when it matters most


class Said(BaseModel):
    """*indicator* is none, minor, major, critical or maintenance: an open list; *description* their words."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    indicator: str
    description: str = ""


class _Page(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    status: Said


class StatusPage:
    """The page whose JSON is at *url*, asked without a token. Raises bot.clients.errors.Failure and nothing else."""

    def __init__(self, url: str, clock: Clock) -> None:
        parts = urlsplit(url)
        self._source = Source("Supabase's status page", host_of(url))
        self._http = Http(self._source, f"{parts.scheme}://{parts.netloc}", clock)
        self._path = parts.path or "/"

    def __repr__(self) -> str:
        return f"StatusPage({self._source.host!r})"

    @property
    def source(self) -> Source:
        """Who is asked, for sentences."""
        return self._source

    async def said(self) -> Said:
        """What the page says now."""
        answer = await self._http.ask("GET", self._path, patience=_PATIENCE, repeatable=True)
        if answer.status == 200:
            return answer.read(_Page).status
        raise common(answer) or Odd(
            self._source,
            answer.status,
            f"{self._source.name} answered {answer.status}, which the bot did not expect.",
            f"Open {self._source.host} yourself.",
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()
