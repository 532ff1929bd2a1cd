"""What the store's tests share: a key, a time, a crash, another process."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from store.database import Store

KEY = b"the audit key of the tests, 32 b"
NOON = datetime(2026, 7, 4, 12, tzinfo=UTC)


def crash(store: Store) -> None:
    """What kill -9 leaves: nothing is flushed, nothing is committed, the lock falls."""
    store.held.close()
    store.db.close()
    store.lock.release()


class HalfWay(Exception):
    pass


@contextmanager
def failing_transaction(store: Store) -> Iterator[None]:
    """A transaction that comes to nothing after all that is done inside."""
    with suppress(HalfWay), store.transaction():
        yield
        raise HalfWay


@contextmanager
def commits(store: Store) -> Iterator[list[list[str]]]:
    """The kinds of the events that are appended inside, a list a commit: empty where it appended none."""
    found: list[list[str]] = [[]]
    heard: set[str] = set()  # a statement is told once more for each trigger that it sets off

    def said(sql: str) -> None:
        if sql.startswith("INSERT INTO events ") and sql not in heard:
            heard.add(sql)
            found[-1] += re.findall(r"'([a-z]+\.[a-z-]+)'", sql)[:1]
        elif sql == "COMMIT":
            found.append([])

    store.connection.raw.set_trace_callback(said)
    try:
        yield found
    finally:
        store.connection.raw.set_trace_callback(None)
        found.pop()  # begun by the last commit


class Other:
    """Another process that runs *program* with `path` and `key` set. It says things line by line on stdout."""

    def __init__(self, program: str, path: Path) -> None:
        head = (
            "import os, sys\nfrom datetime import UTC, datetime\nfrom pathlib import Path\n"
            "from store.database import look_into, open_store\nfrom store.inbox import Arrival\n"
            f"path, key, now = Path({str(path)!r}), {KEY!r}, datetime(2026, 7, 4, 12, tzinfo=UTC)\n"
            "def say(text): print(text, flush=True)\n"
            "def wait(): sys.stdin.read()\n"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", head + program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env=os.environ | {"PYTHONPATH": "."},
        )

    def hears(self) -> str:
        """The next line it says; fails the test where it ends without one."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the other process ended without a word"
        return line.strip()

    def killed(self) -> list[str]:
        """Kill -9, and what it had said until then."""
        self.process.send_signal(signal.SIGKILL)
        return self.rest()

    def rest(self) -> list[str]:
        """Wait for its end; the lines not heard yet."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with self.process:
            self.process.stdin.close()
            return self.process.stdout.read().splitlines()  # `communicate` would miss what `hears` has read ahead
