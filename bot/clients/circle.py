"""Circle, asked one thing: does it know this API key? By a read that its documents name for that."""

from urllib.parse import urlsplit

from bot.clients.errors import Failure, Source
from bot.clients.http import Http
from bot.clients.replies import common
from bot.clock import Clock

PATIENCE = 8.0  # seconds


class Circle:
    """*check_url*: the address that answers 200 to a valid key. Raises bot.clients.errors.Failure and nothing else."""

    def __init__(self, check_url: str, clock: Clock) -> None:
        parts = urlsplit(check_url)
        self._path = parts.path or "/"
        self._source = Source("Circle", parts.netloc)
        self._http = Http(self._source, f"{parts.scheme}://{parts.netloc}", clock)

    def __repr__(self) -> str:
        return f"Circle({self._source.host!r})"

    async def knows(self, key: str) -> bool:
        """True where *key* is valid, false where Circle says that it is not (401, 403). It goes into one header."""
        if not key.isascii() or not key.isprintable() or not key:
            return False  # nothing of that kind fits into a header, and an error would quote it
        headers = {"Authorization": f"Bearer {key}"}
        answer = await self._http.ask("GET", self._path, headers=headers, patience=PATIENCE, repeatable=True)
        if answer.status in (401, 403):
            return False
        if 200 <= answer.status < 300:
            return True
        raise common(answer) or Failure(
            self._source,
            f"Circle answered {answer.status}, which says nothing about the key.",
            "Check AIKEYS_CIRCLE_CHECK_URL: it must answer 200 to a valid key.",
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()
