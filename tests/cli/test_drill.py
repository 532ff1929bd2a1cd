"""`aikeys restore --drill`: the copy is put back and looked at, and what the bot lives on is not touched."""

import sqlite3
from datetime import UTC, datetime

import pytest

from bot.memory.keys import KEPT, audit_key, database
from bot.settings import read
from store import copies
from store.database import open_store
from store.lock import Lock

AT = datetime(2026, 11, 22, 3, 4, tzinfo=UTC)


@pytest.fixture
def environment(needed, tmp_path):
    return needed | {"AIKEYS_DATA": str(tmp_path / "data"), "AIKEYS_COPIES": str(tmp_path / "copies")}


@pytest.fixture
def live(environment, tmp_path):
    """A bot runs, and has said more since its two copies were made; the key lies beside them."""
    settings = read(environment)
    settings.data.mkdir(mode=0o700)
    store = open_store(database(settings), audit_key=audit_key(settings))
    for number in range(3):
        store.events.append("test/1", "test.happened", "bot", {"number": number}, AT)
        if number < 2:
            copies.make(store.path, tmp_path / "copies", AT.replace(hour=number))
    (tmp_path / "copies" / KEPT).write_bytes((settings.data / KEPT).read_bytes())
    yield store
    store.close()


def lies(folder) -> dict[str, bytes]:
    """All that lies under *folder*, folders too."""
    return {str(one): one.read_bytes() if one.is_file() else b"" for one in sorted(folder.rglob("*"))}


async def test_the_newest_copy_is_tried_beside_a_running_bot(shell, environment, live, tmp_path):
    before = lies(tmp_path)
    ended = await shell("restore", "--drill", environ=environment)
    assert ended.code == 0, ended.err
    said = ended.out.splitlines()
    assert said[0].startswith("good: aikeys-20261122T010400Z.sqlite, ")
    assert said[1].startswith("  the timeline is good: 2 rows;"), "those of the copy, not the three that the bot has"
    assert "nothing else was touched" in said[-1]
    assert "Start the bot" not in ended.out
    assert lies(tmp_path) == before


async def test_one_that_is_not_good_is_called_so(shell, environment, live, tmp_path):
    """Though what the bot lives on is good: that is not what was asked."""
    (newest, older) = copies.copies(tmp_path / "copies")
    with sqlite3.connect(newest.path) as edited:
        for (name,) in edited.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            edited.execute(f"DROP TRIGGER {name}")
        edited.execute("UPDATE events SET actor = 'somebody' WHERE id = 2")
    edited.close()
    before = lies(tmp_path)
    ended = await shell("restore", "--drill", environ=environment)
    assert (ended.code, "The copy is not good at row 2" in ended.err, ended.out) == (3, True, "")
    assert lies(tmp_path) == before
    other = await shell("restore", "--drill", str(older.path), environ=environment)
    assert other.code == 0, other.err
    gone = await shell("restore", "--drill", str(tmp_path / "nowhere.sqlite"), environ=environment)
    assert (gone.code, "There is no copy at" in gone.err) == (2, True)


async def test_a_key_that_lies_with_the_database_alone_would_be_lost_with_it(shell, environment, live, tmp_path):
    (tmp_path / "copies" / KEPT).unlink()
    ended = await shell("restore", "--drill", environ=environment)
    assert (ended.code, "the key would be lost" in ended.err) == (2, True)
    key = (tmp_path / "data" / KEPT).read_text().strip()
    ended = await shell("restore", "--drill", environ=environment | {"AIKEYS_AUDIT_KEY": key})
    assert ended.code == 0, ended.err


async def test_what_a_killed_one_left_is_taken_away(shell, environment, live, tmp_path):
    """One that goes on is not."""
    killed, under_way = tmp_path / "data" / "drill-killed", tmp_path / "data" / "drill-under-way"
    for one in (killed, under_way):
        one.mkdir()
        (one / "aikeys.sqlite").write_bytes(b"half of it")
    lock = Lock.take(under_way / "aikeys.sqlite")
    try:
        ended = await shell("restore", "--drill", environ=environment)
        assert ended.code == 0, ended.err
        assert sorted(one.name for one in (tmp_path / "data").glob("drill-*")) == ["drill-under-way"]
    finally:
        lock.release()


async def test_a_drill_replaces_nothing(shell, environment, live, tmp_path):
    before = lies(tmp_path)
    ended = await shell("restore", "--drill", "--replace", environ=environment)
    assert (ended.code, "a drill replaces nothing" in ended.err) == (2, True)
    assert lies(tmp_path) == before


async def test_without_room_it_is_not_begun(shell, environment, live, tmp_path):
    """The bot lives on the same disk: a drill must not fill it."""
    (newest, _) = copies.copies(tmp_path / "copies")
    with newest.path.open("r+b") as file:
        file.truncate(2**60)  # a hole: it is that long, and takes no room
    ended = await shell("restore", "--drill", environ=environment)
    assert (ended.code, "make room" in ended.err, list((tmp_path / "data").glob("drill-*"))) == (3, True, [])
