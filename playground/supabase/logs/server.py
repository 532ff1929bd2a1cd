"""What the real PostgreSQL wrote to its log (`jsonlog`, PostgreSQL docs 19.8) as rows of `postgres_logs`."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from bot.clock import Clock, SystemClock
from playground.supabase.logs import shapes
from playground.supabase.logs.book import Book

_REAL = SystemClock()  # a server of its own has the machine's time, whatever clock the playground runs on
_OURS = {"control", "seed", "template1"}  # databases that no Supabase project has


class ServerLog:
    """`read` carries what is new over into the book."""

    def __init__(self, clock: Clock, ref: str) -> None:
        self._clock = clock
        self._ref = ref
        self._at = 0
        self._since = _REAL.now()
        self._turn = Lock()  # several questions read in threads of their own: two would count a line twice

    def skip(self, path: Path) -> None:
        """What was written so far is nobody's business: the seed's own."""
        self._at = path.stat().st_size if path.is_file() else 0
        self._since = _REAL.now() - timedelta(milliseconds=1)  # the collector may be behind; its times end at a ms

    def read(self, path: Path, book: Book) -> None:
        """Blocks for the length of a read. A line that is not complete yet is read the next time."""
        if not path.is_file():
            return
        with self._turn, path.open("rb") as file:
            file.seek(self._at)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._at += len(line)
                self._write(json.loads(line), book)

    def _write(self, entry: dict[str, Any], book: Book) -> None:
        # "2026-11-25 16:00:00.123 UTC": `log_timezone` is UTC.
        written = datetime.strptime(entry["timestamp"], "%Y-%m-%d %H:%M:%S.%f UTC").replace(tzinfo=UTC)
        if entry.get("dbname") in _OURS or written < self._since:
            return
        severity, user = entry["error_severity"], entry.get("user", "")
        attributes = shapes.postgres(
            self._ref, severity, entry.get("state_code", "00000"), user, entry.get("application_name", "")
        )
        at = self._clock.now() - max(_REAL.now() - written, timedelta())  # by its age on the playground's clock
        book.write("postgres_logs", severity, entry.get("message", ""), attributes, at=at)
