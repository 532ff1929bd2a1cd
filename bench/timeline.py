"""`python -m bench.timeline`: a page of an incident, a search and a note, in timelines of 1,000 to 1,000,000 events.

Each timeline is the same hour over and over: an incident every hundred events, forty of them its own, the rest deploys
and questions around it. The page is that of the incident in the middle.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median

from bot.incidents.telling import page
from bot.views.story import found, told
from store.database import Store, open_store
from store.events import NewEvent

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 60
START = datetime(2026, 1, 1, tzinfo=UTC)
EACH = 100  # events an incident
OWN = 38  # of them its notes
STEP = timedelta(seconds=20)


def events(size: int) -> Iterator[NewEvent]:
    """*size* events, oldest first."""
    for number in range(size):
        incident, place = divmod(number, EACH)
        at, subject = START + number * STEP, f"incident/{incident + 1}"
        if place == 0:
            data = {"severity": "P1", "title": "Slow", "dedup_key": f"slow/{incident}", "since": at.isoformat()}
            yield NewEvent(subject, "incident.opened", "bot", data, at)
        elif place == EACH - 1:
            yield NewEvent(subject, "incident.resolved", "bot", {"calm": 60}, at)
        elif place <= OWN:
            rare = " zebra" if incident % 1_000 == 7 else ""
            yield NewEvent(subject, "incident.noted", "U0ANA", {}, at, f"the pool is full, note {number}{rare}")
        elif place % 2:
            yield NewEvent("function/health", "deploy.finished", "U0BEN", {"function": "health", "ok": 1}, at)
        else:
            yield NewEvent(f"question/{number}", "question.asked", "U0CY", {"command": "health"}, at, "/aikeys health")


def fill(store: Store, size: int) -> float:
    """Write them; return the seconds."""
    began, waiting = time.perf_counter(), events(size)
    while batch := list(islice(waiting, 5_000)):
        store.events.append_many(batch)
    return time.perf_counter() - began


def measure(folder: Path, size: int) -> dict[str, float]:
    """Milliseconds, medians; megabytes of the file."""
    path = folder / f"{size}.sqlite"
    store = open_store(path, audit_key=b"a key for figures, long enough")
    try:
        filled = fill(store, size)
        middle = store.incidents.of(f"incident/{size // EACH // 2 + 1}")
        now = START + size * STEP
        figures = {
            "page": _median(lambda: told(page(store, middle, now))),
            "often": _median(lambda: found(store.story.search(["pool"], 25), "pool")),
            "rare": _median(lambda: found(store.story.search(["zebra"], 25), "zebra")),
            "open": _median(store.events.open_incidents),
            "note": _median(lambda: store.events.append("incident/1", "incident.noted", "U0ANA", {}, now, text="more")),
        }
        row = store.events.append("incident/1", "incident.noted", "U0ANA", {}, now, text="the password is hunter2")
        began = time.perf_counter()
        store.events.redact(row.id, "U0ANA", "U0BEN", now)
        return figures | {
            "redact": (time.perf_counter() - began) * 1000,
            "filled": filled,
            "size": path.stat().st_size / 1e6,
        }
    finally:
        store.close()
        path.unlink(missing_ok=True)


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken[5:])


NAMES = {
    "page": "a page of an incident, read and drawn, ms",
    "often": "a search for what stands in 38 of 100, ms",
    "rare": "a search for what stands in few, ms",
    "open": "the open incidents, ms",
    "note": "a note, committed, ms",
    "redact": "a redaction (once), ms",
    "filled": "writing all of them, s",
    "size": "the file, MB",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.timeline", description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="events of the largest timeline")
    sizes = [size for size in SIZES if size <= parser.parse_args().most]
    with tempfile.TemporaryDirectory(prefix="aikeys-timeline-") as folder:
        columns = [measure(Path(folder), size) for size in sizes]
    width = max(map(len, NAMES.values()))
    print(" " * width, *(f"{size:>12,}" for size in sizes))
    for key, name in NAMES.items():
        print(f"{name:<{width}}", *(f"{column[key]:>12,.2f}" for column in columns))
    ratio = columns[-1]["page"] / columns[0]["page"]
    print(f"page at {sizes[-1]:,} against {sizes[0]:,}: {ratio:.2f} ×")
    return 0


if __name__ == "__main__":
    sys.exit(main())
