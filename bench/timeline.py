"""`python -m bench.timeline`: a page of an incident, a search and a note, in timelines of 1,000 to 1,000,000 events.

Each timeline is the same hour over and over: an incident every hundred events, forty of them its own, the rest deploys
and questions around it. The page is that of the incident in the middle.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bench import chart, making
from bench.figures import Bench, Row, ratio
from bot.incidents.telling import page
from bot.views.story import found, told
from store.database import Store, open_store
from store.events import NewEvent

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 5  # with the timelines taking turns, so that a noisy minute hits all of them
TRIES = 12  # of a round; the first two warm
WARM = 2
START = datetime(2026, 1, 1, tzinfo=UTC)
EACH = 100  # events an incident
OWN = 38  # of them its notes
STEP = timedelta(seconds=20)
KEY = b"a key for figures, long enough"


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


Column = dict[str, list[float]]


def made(folder: Path, size: int) -> tuple[Store, Column]:
    """A timeline of *size* events, open; how long the making took, in seconds, and its megabytes."""
    path = folder / f"{size}.sqlite"
    store = open_store(path, audit_key=KEY)
    filled = making.fill(store, KEY, events(size))
    return store, {"filled": [filled], "size": [path.stat().st_size / 1e6]}


def measure(store: Store, size: int) -> dict[str, float]:
    """Milliseconds, the median of the tries."""
    middle = store.incidents.of(f"incident/{size // EACH // 2 + 1}")
    now = START + size * STEP
    return {
        "page": _taken(lambda: told(page(store, middle, now))),
        "often": _taken(lambda: found(store.story.search(["pool"], 25), "pool")),
        "rare": _taken(lambda: found(store.story.search(["zebra"], 25), "zebra")),
        "open": _taken(store.events.open_incidents),
        "note": _taken(lambda: store.events.append("incident/1", "incident.noted", "U0ANA", {}, now, text="more")),
    }


def _redact(store: Store, now: datetime) -> float:
    row = store.events.append("incident/1", "incident.noted", "U0ANA", {}, now, text="the password is hunter2")
    began = time.perf_counter()
    store.events.redact(row.id, "U0ANA", "U0BEN", now)
    return (time.perf_counter() - began) * 1000


def _taken(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(TRIES):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken[WARM:])


NAMES = {
    "page": "a page of an incident, read and drawn, ms",
    "open": "the open incidents, as /aikeys health reads them, ms",
    "rare": "a search for what stands in few, ms",
    "often": "a search for what stands in 38 of 100, ms",
    "note": "a note, committed, ms",
    "redact": "a text taken back: the index of words written anew (once), ms",
    "filled": "making all of them, s",
    "size": "the file, MB",
}
LIMIT = 1.2


async def part(bench: Bench) -> list[Row]:
    """All sizes; draws the chart anew where the page is written."""
    columns = await asyncio.to_thread(measured, SIZES, bench.rounds)
    if bench.write:
        chart.draw(dict(zip(SIZES, columns, strict=True)))
    return rows(SIZES, columns)


def measured(sizes: Sequence[int], rounds: int = ROUNDS) -> list[Column]:
    """A column a size; milliseconds, one entry a round."""
    with tempfile.TemporaryDirectory(prefix="aikeys-timeline-") as folder, ExitStack() as open_:
        all_ = []
        for size in sizes:
            store, column = made(Path(folder), size)
            open_.callback(store.close)
            all_.append((size, store, column))
        for _ in range(rounds):
            for size, store, column in all_:
                for name, figure in measure(store, size).items():
                    column.setdefault(name, []).append(figure)
        for size, store, column in all_:
            column["redact"] = [_redact(store, START + size * STEP)]
        return [column for _, _, column in all_]


def rows(sizes: Sequence[int], columns: Sequence[Column]) -> list[Row]:
    """For the screen and the page: the medians from size to size, and the largest against the smallest."""
    title = " → ".join(f"{size:,}" for size in sizes)
    lines = []
    for key, name in NAMES.items():
        figures = [f"{median(column[key]):,.{1 if median(column[key]) >= 100 else 2}f}" for column in columns]
        lines.append(Row(f"{name}, at {title} events" if key == "page" else name, " → ".join(figures)))
    first, last = columns[0], columns[-1]
    for key, limit in (("page", f"≤ {LIMIT} ×"), ("open", f"≤ {LIMIT} ×"), ("note", "")):
        what = f"{sizes[-1]:,} against {sizes[0]:,}: {NAMES[key].removesuffix(', ms')}"
        lines.append(Row(what, ratio(last[key], first[key]), limit))
    return lines


def main() -> int:
    """Print the figures; draw nothing."""
    parser = argparse.ArgumentParser(prog="python -m bench.timeline", description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="events of the largest timeline")
    sizes = [size for size in SIZES if size <= parser.parse_args().most]
    for row in rows(sizes, measured(sizes)):
        print(f"{row.what:<90}  {row.figure}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
