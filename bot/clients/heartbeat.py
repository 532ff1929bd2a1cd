"""The beat that goes out to somebody else's alarm clock (healthchecks.io and others): its absence is the alarm."""

from urllib.parse import urlsplit

from bot.clients.address import host_of
from bot.clients.errors import Odd, Source
from bot.clients.http import Http
from bot.clients.replies import common
from bot.clock import Clock

_PATIENCE = 10.0  # seconds
_CAP = 100_000  # bytes of an answer that nobody reads


class Heartbeat:
    """Fetches *url*, whose path is a secret: it stands in no sentence."""

    def __init__(self, url: str, clock: Clock) -> None:
        parts = urlsplit(url)
        self._source = Source("Who waits for the heartbeat", host_of(url))
        self._http = Http(self._source, f"{parts.scheme}://{parts.netloc}", clock)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def __repr__(self) -> str:
        return f"Heartbeat({self._source.host!r})"

    async def beat(self) -> None:
        """GET, once or twice. Raises bot.clients.errors.Failure."""
        answer = await self._http.ask(
            "GET", self._path, accept="*/*", cap=_CAP, patience=_PATIENCE, repeatable=True, detail="(hidden)"
        )
        if not 200 <= answer.status < 300:
            raise common(answer) or Odd(
                self._source,
                answer.status,
                f"{self._source.name} answered {answer.status}.",
                "Look whether AIKEYS_HEARTBEAT_URL is still the right one.",
            )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()
