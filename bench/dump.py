"""`/aikeys backup dump` of 100 MB by the real bot: seconds of each step, its memory at the peak, its acks."""

import asyncio
import re
import tempfile
from pathlib import Path

from bench.figures import Bench, Row, spread
from bench.peer import Peer, running
from playground import keeping
from playground.town import Town
from store.database import look_into
from store.times import from_text

PEAK = 110  # MB at most: what is dumped is passed on in pieces, and held it would be twice as much
SIZE = 100  # MB of rows that hardly compress
_EMPTY = "drop table if exists public.ledger"  # of the round before
_FILL = """
create table public.ledger as
select id, now() as at, md5(id::text) || md5((id * 7)::text) || md5((id * 13)::text) as entry
from generate_series(1, $1::int) as id
"""
_ROW = 128  # bytes of a row of it, with its header


async def measure(bot: Peer, town: Town) -> dict[str, float]:
    """Return seconds of each step, MB of memory before and at the peak, ms of the slowest acknowledgement meanwhile."""
    async with town.project.postgres.superuser() as connection:
        await connection.execute(_EMPTY)
        await connection.execute(_FILL.replace("$1::int", str(SIZE * 1024**2 // _ROW)))
        size = await connection.fetchval("select pg_table_size('public.ledger')")
    with tempfile.TemporaryDirectory(prefix="aikeys-bench-") as folder:
        data = Path(folder) / "data"
        more = {"AIKEYS_DATA": str(data), **keeping.settings(town, Path(folder))}
        data.mkdir()
        async with running(bot, town, **more) as one:
            await _asked(town, "/aikeys backup", "made through me")
            before, seen = one.rss(), len(town.slack.messages("#ops", "ana"))
            dumping = asyncio.create_task(_asked(town, "/aikeys backup dump", "restored and counted", seen))
            slowest = 0.0
            while not dumping.done():
                began = asyncio.get_running_loop().time()
                await town.slack.say("zoe", "#general", "/aikeys contacts")
                slowest = max(slowest, asyncio.get_running_loop().time() - began)
                await asyncio.sleep(0.2)
            await dumping
            peak = _peak(one.process.pid)
            steps = await asyncio.to_thread(_steps, data)
    return {"table": size / 1e6, **steps, "before": before, "peak": peak, "ack": slowest * 1000}


async def part(bench: Bench) -> list[Row]:
    """Each round of a bot of its own."""
    units = {"table": "the table, MB", "before": "memory before, MB", "peak": "memory at its peak, MB"}
    units["ack"] = "slowest acknowledgement meanwhile, ms"
    limits = {"peak": f"≤ {PEAK}"}
    found = [await measure(bench.real, bench.town) for _ in range(bench.rounds)]
    return [
        Row(units.get(name, f"{name}, s"), spread([one[name] for one in found], 1), limits.get(name, ""))
        for name in found[0]
    ]


async def _asked(town: Town, line: str, wanted: str, seen: int = 0) -> None:
    await town.slack.say("ana", "#ops", line)
    await town.slack.until(
        lambda: any(wanted in str(one) for one in town.slack.messages("#ops", "ana")[seen:]), timeout=300
    )


def _peak(pid: int) -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _steps(data: Path) -> dict[str, float]:
    db = look_into(data / "aikeys.sqlite")
    try:
        rows = db.query("SELECT name, begun_at, ended_at FROM operation_steps")
        return {row["name"]: (from_text(row["ended_at"]) - from_text(row["begun_at"])).total_seconds() for row in rows}
    finally:
        db.close()
