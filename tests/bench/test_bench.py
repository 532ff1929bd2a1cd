"""The bench measures what it says: its figures, its page, and the timeline that it makes in bulk."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from bench import making, start, timeline, written
from bench.chart import draw
from bench.figures import Row, middle, missed, ratio, spread, took
from bench.parts import PARTS
from bench.sending import send
from store.audit import verify
from store.database import open_store
from store.events import COLUMNS
from tests.wait import eventually


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (spread([3.0, 1.0, 2.0]), "2 (1–3)"),
        (spread([1234.5], 1), "1,234.5"),
        (middle([1, 2, 3, 4, 100]), "3 (2–4; worst 100)"),
        (ratio([2.0, 9.0, 4.0], [1.0, 3.0, 4.0]), "2.00 (1.00–3.00) ×"),  # round by round, not of the medians
    ],
)
def test_a_figure_comes_with_its_spread(said, wanted):
    assert said == wanted


@pytest.mark.parametrize(
    ("figure", "asked", "wanted"),
    [
        ("1,200 (1–2)", "≤ 90", True),
        ("88 (80–93)", "≤ 90", False),
        ("20 (10–30; worst 31.5)", "worst ≤ 30", True),
        ("40 (10–30; worst 29)", "worst ≤ 30", False),
        ("0.26 (0.2–0.3); ours 1.65 (1.40–1.90) ×", "≤ 1.5 ×", True),
        ("9,000; ours 1.65 ×", "≥ 1.5 ×", False),
        ("1.21 × (the middle half: 1–2 ms, of the smallest 1–2 ms)", "≤ 1.2 ×", True),
        ("3", "all of them", False),
        ("3", "", False),
    ],
)
def test_an_aim_that_is_missed_is_told(figure, asked, wanted):
    assert missed(Row("a", figure, asked)) is wanted


def test_a_slow_start_misses_its_aim():
    found = {"ours": [(1.65, 2.0)], "bare Bolt for Python": [(1.0, 1.0)], "another": [(9.0, 9.0)]}
    assert [missed(row) for row in start.rows(found)] == [False, True, False, False, False, False]


def test_how_long_it_took():
    assert [took(0.57), took(1), took(2.5), took(28.4)] == ["34 s", "1 min", "2.5 min", "28 min"]


def test_each_part_has_its_place_on_the_page_and_is_written_there_alone():
    text = written.PAGE.read_text()
    for part in PARTS:
        lines = written.table([Row("a | b", "1")], "today")
        new = written.placed(text, part, lines)
        assert "| a \\| b | 1 |  |" in new
        assert written.placed(new, part, lines) == new
        before, _, after = text.partition(f"<!-- bench:begin {part.name} -->")
        assert new.startswith(before)
        assert new.endswith(after.partition(f"<!-- bench:end {part.name} -->")[2])


def test_a_page_without_the_place_is_refused():
    with pytest.raises(written.NoRegion, match="has no region for start"):
        written.placed("nothing", PARTS[0], [])


def test_a_timeline_made_in_bulk_is_the_one_that_would_have_grown(tmp_path: Path):
    """Row for row, mac for mac, text for text, word for word; and nobody has edited it."""
    events = list(timeline.events(300))
    kept = []
    for name in ("bulk", "grown"):
        store = open_store(tmp_path / name, audit_key=timeline.KEY)
        if name == "bulk":
            making.fill(store, timeline.KEY, events)
        else:
            store.events.append_many(events)
        assert verify(store.db, timeline.KEY).ok
        found = store.story.search(["pool"], 25)
        kept.append((store.events.read(COLUMNS + "ORDER BY e.id", ()), [one.id for one in found], store.events.head()))
        store.close()
    assert kept[0] == kept[1]


def test_its_cost_is_drawn(tmp_path: Path):
    columns = {size: {key: [0.1 * n for n in range(1, 9)] for key in timeline.NAMES} for size in (1_000, 10_000)}
    draw(columns, tmp_path / "cost.svg")
    assert "events in the timeline" in (tmp_path / "cost.svg").read_text()


async def test_the_sender_waits_for_nobody():
    """Whoever answers slowly gets as many, over more lines."""
    heard: Counter[bytes] = Counter()
    answering: set[asyncio.StreamWriter] = set()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            size = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            heard[await reader.readexactly(size)] += 1
            await asyncio.sleep(0.2)
            writer.write(b'HTTP/1.1 202 Accepted\r\nContent-Length: 11\r\n\r\n{"taken":1}')

    async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answering.add(writer)
        try:
            await slow(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            answering.discard(writer)

    server = await asyncio.start_server(quietly, "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        told = await send(f"http://127.0.0.1:{port}/alerts", "token", 400, 1_000)
    finally:
        server.close()
        await server.wait_closed()
        await eventually(lambda: not answering)
    assert told["sent"] == told["taken"] == sum(heard.values()) == 400
    assert len(heard) == 200
