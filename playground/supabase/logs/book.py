"""The rows of all sources: those that were written since the start, and the scenery around them."""

import re
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from random import Random

from bot.clock import Clock
from playground.supabase.logs.row import Row

KEPT = timedelta(days=7)  # of the Pro plan (Supabase docs, pricing)
_MOST = 20_000  # rows written since the start
_LONGEST = 10_000  # characters of a message (Supabase docs, "Edge Functions limits")
_TEXT = re.compile(r"\x00")  # no log keeps a NUL
Scenery = Callable[[frozenset[str] | None, datetime, datetime], Iterator[Row]]


class Book:
    """`write` adds a row; `rows` gives those of a time, the scenery's with them.

    *scenery* is asked for what would have happened between two moments. It may be slow: it is asked only when somebody
    reads.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._random = Random(0)
        self._rows: deque[Row] = deque(maxlen=_MOST)
        self._away: list[tuple[datetime, datetime | None]] = []
        self.scenery: Scenery | None = None
        self.began = clock.now()

    def clear(self) -> None:
        """Nothing has happened yet; the scenery ends now."""
        self._rows.clear()
        self._away.clear()
        self.began = self._clock.now()

    def write(
        self,
        source: str,
        severity: str,
        message: str,
        attributes: Mapping[str, str],
        *,
        at: datetime | None = None,
    ) -> None:
        """One row, of now where *at* does not say otherwise."""
        name = str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        text = _TEXT.sub("", message)[:_LONGEST]
        self._rows.append(Row(name, at or self._clock.now(), source, severity, text, dict(attributes)))

    def database_away(self, away: bool) -> None:
        """From now on the services say that the database is away, or well again."""
        if self._away and self._away[-1][1] is None:
            self._away[-1] = (self._away[-1][0], self._clock.now())
        if away:
            self._away.append((self._clock.now(), None))

    def down(self, at: datetime) -> bool:
        """Whether the database was away at that moment."""
        return any(start <= at and (end is None or at < end) for start, end in self._away)

    def rows(self, sources: frozenset[str] | None, start: datetime, end: datetime) -> Iterator[Row]:
        """Rows of *sources* (None: of all) from *start* until before *end*, in no order; never of the future."""
        now = self._clock.now()
        start = max(start, now - KEPT)
        if self.scenery is not None:
            for row in self.scenery(sources, start, min(end, now)):
                if start <= row.timestamp < end and row.timestamp <= now:
                    yield row
        for row in list(self._rows):
            if start <= row.timestamp < end and (sources is None or row.source in sources):
                yield row
