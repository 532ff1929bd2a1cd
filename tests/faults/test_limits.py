"""What is full, what is too many, what is in the way."""

import asyncio

import pytest

from bot.clock import SystemClock
from bot.door.inbox import Delivery
from bot.door.work import AT_ONCE, Work
from bot.memory.keys import audit_key
from store.errors import StoreError
from store.lock import Lock
from tests.chat import verdict, words
from tests.wait import eventually

ROOM = 1_000_000  # pages


async def test_a_full_disk_is_not_acknowledged_and_mends_itself(chat, bot, town):
    """Slack tells the person that it failed, which is true; with room again the next question is answered."""
    town.slack.limits.off = True
    raw = bot.store.connection.raw
    raw.execute("PRAGMA max_page_count = 1")  # SQLite raises it to the present size
    acked, number = True, 0
    while acked and number < 200:
        acked, number = (await chat.says("ana", f"/aikeys nonsense{'x' * 3000}{number}"))["acked"], number + 1
    assert not acked

    raw.execute(f"PRAGMA max_page_count = {ROOM}")
    await chat.says("ana", "/aikeys roomagain")
    await chat.until("roomagain")


async def test_averdict_is_shown_though_its_place_cannot_be_kept(chat, bot, project):
    """Full between the ack and the first reply: the person gets the card, a restart would post it once more."""
    refused = bot.store.connection
    async with project.answers("GET", "/secrets$", delay=0.3):
        await chat.says("zoe", "/aikeys help")
        refused.raw.execute("CREATE TEMP TRIGGER full BEFORE UPDATE OF reply_ts ON deliveries "
                            "BEGIN SELECT RAISE(ABORT, 'full'); END")  # fmt: skip
        await chat.says("ana", "/aikeys health")
        card = await chat.until(verdict)
    refused.raw.execute("DROP TRIGGER full")
    assert "broke" not in words(card)
    assert not [one for one in chat.sees("ana") if one.get("bot_id") and "broke" in words(one)]


async def test_nothing_is_begun_once_the_bot_stops(clock):
    """One more than are worked on together waits; the first to end does not make room for it any more."""
    begun, first, end = [], asyncio.Event(), asyncio.Event()

    async def dispatch(delivery: Delivery) -> None:
        begun.append(delivery.id)
        await (end if delivery.id else first).wait()

    work = Work(dispatch, SystemClock())
    work.release()
    for number in range(AT_ONCE + 1):
        work.add(Delivery(id=number, kind="command", text="{}", received_at=clock.now()))
    await eventually(lambda: len(begun) == AT_ONCE)
    draining = asyncio.create_task(work.drain(5))
    await eventually(lambda: work.stopping)
    first.set()
    await eventually(lambda: work.depth == AT_ONCE)
    assert work._pump is not None
    await asyncio.wait_for(work._pump, 2)
    end.set()
    assert await draining == 1
    assert len(begun) == AT_ONCE


def test_the_lock_cuts_nobody_elses_file(tmp_path):
    """A link in the place of the lock file: what it points to stays as it is."""
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "aikeys.sqlite.lock").symlink_to(victim)
    with pytest.raises(StoreError):
        Lock.take(tmp_path / "aikeys.sqlite")
    assert victim.read_text() == "precious"


def test_a_key_half_made_by_a_dead_start_is_in_nobodys_way(settings, tmp_path):
    """In a container every start has the same process id."""
    import os

    settings.data.mkdir(parents=True)
    (settings.data / f"audit.key.{os.getpid()}").write_text("half")
    assert len(audit_key(settings)) == 64
    assert (settings.data / "audit.key").stat().st_mode & 0o777 == 0o600
