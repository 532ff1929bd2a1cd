"""`aikeys audit` on a database with rows, whole and edited."""

import sqlite3
from datetime import UTC, datetime

import pytest

from bot.memory.keys import NoKey, audit_key, database
from bot.settings import read
from store.database import open_store

AT = datetime(2026, 11, 22, 3, 4, tzinfo=UTC)


@pytest.fixture
def written(needed, tmp_path):
    """An environment whose database has three rows; the key is the bot's own."""
    environ = needed | {"AIKEYS_DATA": str(tmp_path / "data")}
    settings = read(environ)
    (tmp_path / "data").mkdir()
    store = open_store(database(settings), audit_key=audit_key(settings))
    for number in range(3):
        store.events.append(subject="test/1", kind="test.happened", actor="bot", data={"number": number}, at=AT)
    store.close()
    return environ


async def test_a_whole_timeline_is_good(shell, written):
    """And its head, as printed, is what it can be held against."""
    ended = await shell("audit", "verify", environ=written)
    assert (ended.code, ended.out.startswith("good: 3 rows; not held against any posted head")) == (0, True)
    head = (await shell("audit", "head", environ=written)).out.strip()
    ended = await shell("audit", "verify", "--head", head, environ=written)
    assert ended.code == 0
    assert "held against 1 posted heads" in ended.out
    ended = await shell("audit", "verify", "--head", "4:" + "0" * 64, environ=written)
    assert ended.code == 1
    assert "the timeline ends before it" in ended.err


async def test_an_edited_row_is_named(shell, written):
    """By its number, with exit code 1."""
    db = sqlite3.connect(database(read(written)))
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    db.execute("UPDATE events SET actor = 'somebody' WHERE id = 2")
    db.commit()
    db.close()
    ended = await shell("audit", "verify", environ=written)
    assert ended.code == 1
    assert "NOT GOOD at row 2" in ended.err
    assert "then put back a copy from before" in ended.err


async def test_no_database_no_key_and_nonsense(shell, needed, tmp_path):
    """Each its own sentence and code."""
    ended = await shell("audit", "verify", environ=needed | {"AIKEYS_DATA": str(tmp_path)})
    assert ended.code == 3
    assert "There is no database" in ended.err
    assert (await shell("audit", "verify", "--head", "nonsense", environ=needed)).code == 2
    assert (await shell("audit", "verify", environ={})).code == 2


def test_the_bots_own_key_is_made_once_and_kept_private(needed, tmp_path):
    """Without a setting: beside the database, readable for its owner alone, the same at every start."""
    settings = read(needed | {"AIKEYS_DATA": str(tmp_path / "data")})
    with pytest.raises(NoKey):
        audit_key(settings, make=False)
    key = audit_key(settings)
    assert len(key) == 64
    assert audit_key(settings) == key
    file = tmp_path / "data" / "audit.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in (tmp_path / "data").iterdir()] == ["audit.key"]
    file.write_text("short")
    with pytest.raises(NoKey, match="cut short"):
        audit_key(settings)
    set_key = "0123456789abcdefghijklmnopqrstuv"
    assert audit_key(read(needed | {"AIKEYS_AUDIT_KEY": set_key})) == set_key.encode()
