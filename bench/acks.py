"""Durable ack: one at a time, a burst of 2,000, sustained with the whole dispatch behind; and a bare commit beside.

One at a time thrice: at once after the start, while the code for the answers is still being loaded; settled, one upon
the other; and each after a rest, as people ask: both processes then have to be woken, and their caches are cold.
"""

import asyncio
import re
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import aiohttp

from bench.figures import Bench, Row, ratio, spread
from bench.peer import BARE, JS, Peer, Running, running
from playground.town import Town

SINGLES = 1_000
BURST = 2_000
SUSTAINED = 12_000
AT_ONCE = 100
RESTED, REST = 300, 0.01  # as many once more, each after so many seconds in which nothing was asked: people pause
SETTLED = 4.0  # seconds after which a start is over: code is loaded, the first look at everything is done
LOOK = 0.1  # seconds between two looks at the backlog: asked without a pause, the bot is busy answering that
PAYLOAD = 400  # bytes that a row of a command keeps
LONGEST = 120.0  # seconds of one peer's round; none has taken a third of that
TRIES = 3  # of a round in which an ack never came
PORT = 8931  # of /metrics, where the backlog is read


@dataclass
class Acks:
    """The figures of one peer, one entry a round. *floor*: of a bare commit just then, where the peer commits."""

    early: list[float] = field(default_factory=list)  # p99 within the first second or two of its life
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    rested: list[float] = field(default_factory=list)  # p50 where everything has come to rest before each
    floor50: list[float] = field(default_factory=list)
    floor99: list[float] = field(default_factory=list)
    burst: list[float] = field(default_factory=list)
    sustained: list[float] = field(default_factory=list)
    drained: list[float] = field(default_factory=list)
    rss: list[float] = field(default_factory=list)
    rss_after: list[float] = field(default_factory=list)


async def measure(town: Town, peers: Sequence[Peer], rounds: int) -> dict[str, Acks]:
    """Return the figures by peer's name; the peers take turns, so that a noisy minute hits all of them."""
    found = {peer.name: Acks() for peer in peers}
    for _ in range(rounds):
        for peer in peers:
            for name, figure in (await _round(town, peer)).items():
                getattr(found[peer.name], name).append(figure)
            if peer is peers[0]:
                floor = await asyncio.to_thread(_floor)
                found[peer.name].floor50.append(median(floor) * 1000)
                found[peer.name].floor99.append(_p99(floor) * 1000)
    return found


def _floor() -> list[float]:
    """Seconds of each of as many commits: one row of that size, no index, nobody else; on the disk of the bots."""
    seconds = []
    with tempfile.TemporaryDirectory(prefix="aikeys-bench-") as folder:
        conn = sqlite3.connect(Path(folder) / "bare.sqlite", isolation_level=None)
        try:
            conn.execute("PRAGMA journal_mode = WAL")
            conn.execute("PRAGMA synchronous = FULL")
            conn.execute("CREATE TABLE deliveries (id INTEGER PRIMARY KEY, payload TEXT NOT NULL)")
            for _ in range(SINGLES):
                began = time.perf_counter()
                conn.execute("INSERT INTO deliveries (payload) VALUES (?)", ("x" * PAYLOAD,))
                seconds.append(time.perf_counter() - began)
        finally:
            conn.close()
    return seconds


def _p99(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=100)[98]


async def _round(town: Town, peer: Peer) -> dict[str, float]:
    """Its figures; once more where an ack never came, which is said. Raises TimeoutError where that is so each time."""
    tries = 0
    while True:
        try:
            async with running(peer, town, AIKEYS_HTTP=f"127.0.0.1:{PORT}", AIKEYS_LOOK_EVERY="3600") as process:
                async with asyncio.timeout(LONGEST):
                    return await _one(town, process)
        except TimeoutError:
            print(f"  {peer.name} did not acknowledge all of its commands within {LONGEST:.0f} s", flush=True)
            tries += 1
            if tries == TRIES:
                raise


async def _one(town: Town, process: Running) -> dict[str, float]:
    await town.slack.flood(200, "nothing", at_once=20)  # warm: the first commands fill caches
    found = {"rss": process.rss()}
    found["early"] = _p99(await town.slack.flood(SINGLES, "nothing", at_once=1)) * 1000
    await _backlog_gone()
    await asyncio.sleep(SETTLED)  # each of the peers alike
    single = await town.slack.flood(SINGLES, "nothing", at_once=1)
    found["p50"], found["p99"] = median(single) * 1000, _p99(single) * 1000
    found["rested"] = median([await _after_a_rest(town) for _ in range(RESTED)]) * 1000
    found["burst"] = await _rate(town, BURST, 0)
    await _backlog_gone()
    found["sustained"] = await _rate(town, SUSTAINED, AT_ONCE)
    found["drained"] = await _backlog_gone()
    found["rss_after"] = process.rss()
    return found


async def _after_a_rest(town: Town) -> float:
    await asyncio.sleep(REST)
    (took,) = await town.slack.flood(1, "nothing", at_once=1)
    return took


async def _rate(town: Town, count: int, at_once: int) -> float:
    started = time.perf_counter()
    await town.slack.flood(count, "nothing", at_once=at_once)
    return count / (time.perf_counter() - started)


async def _backlog_gone() -> float:
    """Seconds until our bot has worked off what it acknowledged; 0 where there is no backlog to read."""
    started = time.perf_counter()
    async with aiohttp.ClientSession() as session:
        while time.perf_counter() - started < 60:
            try:
                async with session.get(f"http://127.0.0.1:{PORT}/metrics") as response:
                    depth = re.search(r"^aikeys_inbox_depth (\S+)", await response.text(), re.MULTILINE)
            except aiohttp.ClientError:
                return 0.0
            if depth is None or float(depth[1]) == 0:
                break
            await asyncio.sleep(LOOK)
    return time.perf_counter() - started


async def part(bench: Bench) -> list[Row]:
    """All of them in turn, and ours against each."""
    return rows(await measure(bench.town, bench.peers, bench.rounds))


ROWS: tuple[tuple[str, str, int, dict[str, str]], ...] = (
    ("ack, one at a time, p50, ms", "p50", 2, {"": "≤ 1.0"}),
    ("ack, one at a time, p99, ms", "p99", 2, {"": "≤ 4"}),
    ("the same, p99 of the first 1,000 after the start, ms", "early", 2, {}),
    (f"the same, each after {REST * 1000:.0f} ms of rest, p50, ms", "rested", 2, {}),
    (f"burst of {BURST:,}, acks/s", "burst", 0, {JS: "≥ 1.5 ×"}),
    (f"sustained ({SUSTAINED:,}, {AT_ONCE} at once), acks/s", "sustained", 0, {BARE.name: "≥ 1.0 ×"}),
    ("backlog of that gone after, s", "drained", 2, {"": "≤ 5"}),
    ("resident memory warm, MB", "rss", 0, {}),
    ("resident memory after the load, MB", "rss_after", 0, {"": "≤ 90"}),
)  # a limit by whose row it stands in, ours first


FLOOR = {"p50": "floor50", "p99": "floor99"}  # what each is held against: sqlite3 alone on the same disk


def rows(found: dict[str, Acks]) -> list[Row]:
    """For the screen and the page: each figure of each peer, and ours against it, round by round."""
    (own, mine), *others = found.items()
    made = []
    for label, name, digits, limits in ROWS:
        ours: list[float] = getattr(mine, name)
        made.append(Row(f"{label}: {own}", spread(ours, digits), limits.get("", "")))
        for peer, acks in others:
            theirs: list[float] = getattr(acks, name)
            if all(theirs):  # who answers from memory has no backlog
                figure = f"{spread(theirs, digits)}; ours {ratio(ours, theirs)}"
                made.append(Row(f"{label}: {peer}", figure, limits.get(peer, "")))
        if floor := FLOOR.get(name):
            bare: list[float] = getattr(mine, floor)
            made.append(Row(f"{label}: a bare commit, the floor", f"{spread(bare, digits)}; ours {ratio(ours, bare)}"))
    return made
