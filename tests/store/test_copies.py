"""Copies of the memory: whole, beside a writer; which are kept; what is put back, and what is refused."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from store import copies
from store.database import open_store
from store.errors import OtherMemory, StoreBusy, StoreDamaged, StoreError, StoreMissing

AT = datetime(2026, 11, 25, 19, 45, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "copies"


def say(store, number: int) -> None:
    store.events.append("test/1", "test.happened", "bot", {"number": number}, AT)


def test_a_copy_is_of_one_moment_and_goes_back_where_nothing_is(store, path, folder, key, tmp_path):
    say(store, 1)
    made = copies.make(path, folder, AT)
    say(store, 2)
    store.close()
    assert [one.path for one in copies.copies(folder)] == [made.path]
    assert made.path.stat().st_mode & 0o777 == 0o600

    elsewhere = tmp_path / "new" / "aikeys.sqlite"
    elsewhere.parent.mkdir()
    done = copies.restore(made.path, elsewhere, key, at=AT)

    assert (done.rows, done.aside, done.copy.at) == (1, None, AT)
    again = open_store(elsewhere, audit_key=key)
    say(again, 3)  # the chain goes on
    again.close()
    assert sorted(file.name for file in folder.iterdir()) == [made.path.name]


def test_what_is_there_is_laid_aside_or_left(store, path, folder, key):
    made = copies.make(path, folder, AT)
    with pytest.raises(StoreBusy):
        copies.restore(made.path, path, key, at=AT, replace=True)
    say(store, 1)
    killed = {file: file.read_bytes() for file in (path, path.with_name(f"{path.name}-wal"))}
    store.close()
    for file, held in killed.items():
        file.write_bytes(held)  # as a bot that was killed leaves them: the last writes lie in the -wal
    with pytest.raises(StoreDamaged, match="--replace"):
        copies.restore(made.path, path, key, at=AT)
    done = copies.restore(made.path, path, key, at=AT, replace=True)
    assert done.aside is not None
    assert done.rows == 0
    aside = sqlite3.connect(done.aside)
    assert aside.execute("select count(*) from events").fetchone() == (1,), "SQLite finds its -wal beside it"
    aside.close()


def test_a_copy_that_was_edited_or_cut_is_not_put_back(store, path, folder, key, tmp_path):
    say(store, 1)
    edited = copies.make(path, folder, AT).path
    cut = copies.make(path, folder, AT + timedelta(minutes=4)).path
    store.close()
    db = sqlite3.connect(edited)
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    db.execute("UPDATE events SET actor = 'somebody'")
    db.commit()
    db.close()
    cut.write_bytes(cut.read_bytes()[:20_000])
    target = tmp_path / "target.sqlite"
    for bad, why in ((edited, "not good at row 1"), (cut, "damaged")):
        with pytest.raises(StoreError, match=why):
            copies.restore(bad, target, key, at=AT)
    with pytest.raises(StoreDamaged, match="wrong key"):
        copies.restore(
            copies.make(path, folder, AT + timedelta(minutes=8)).path, target, b"another key of 32 bytes", at=AT
        )
    with pytest.raises(StoreMissing):
        copies.restore(folder / "none", target, key, at=AT)
    assert not target.exists()


def test_what_a_killed_process_left_is_removed_and_anothers_work_is_not(store, path, folder):
    folder.mkdir()
    dead, alive = folder / "aikeys-20261125T194000Z.999999999.part", folder / "aikeys-20261125T194100Z.1.part"
    odd = folder / "aikeys-x.part"
    for file in (dead, alive, odd):
        file.touch()
    made = copies.make(path, folder, AT)
    assert sorted(folder.iterdir()) == sorted([alive, made.path])


def test_an_empty_memory_does_not_cover_what_a_lost_one_left(store, path, folder, key, tmp_path):
    """The machine was lost and the bot started anew by itself: its copy would be the newest."""
    copies.make(path, folder, AT)  # nothing has happened yet: nobody's
    say(store, 1)
    lost = copies.make(path, folder, AT + timedelta(minutes=4))
    other = open_store(tmp_path / "other.sqlite", audit_key=key)
    for happens in (False, True):
        if happens:
            say(other, 2)
        with pytest.raises(OtherMemory, match="aikeys restore --replace"):
            copies.make(tmp_path / "other.sqlite", folder, AT + timedelta(minutes=8))
    other.close()
    assert copies.copies(folder)[0] == lost


def test_a_folder_that_cannot_be_written_is_said(store, path, folder):
    folder.write_text("a file")
    with pytest.raises(StoreError):
        copies.make(path, folder, AT)


def test_what_is_kept(folder):
    """All of two hours, one an hour for two days, one a day for thirty; the newest in any case."""
    made = [copies.Copy(folder / str(n), AT - timedelta(minutes=4 * n)) for n in range(60 * 24 * 40 // 4)]
    gone = {one.at for one in copies.surplus(made, AT)}
    kept = [one.at for one in made if one.at not in gone]
    assert len(kept) == pytest.approx(31 + 46 + 28, abs=3)
    assert copies.surplus([copies.Copy(folder, AT - timedelta(days=400))], AT) == []
    once = [one for one in made if one.at not in gone]
    assert copies.surplus(once, AT) == []  # what was kept stays kept
