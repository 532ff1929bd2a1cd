"""A database that cannot be used is refused with what, why and what to do, and stays as it was."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from store.database import look_into, open_store
from store.errors import (
    StoreDamaged,
    StoreError,
    StoreMissing,
    StoreNewer,
    WrongAuditKey,
)
from tests.store.harness import KEY, NOON


def test_a_new_database_is_for_its_owner_only(store, path):
    store.events.append("a", "b", "c", {}, at=NOON)
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert len(list(path.parent.iterdir())) >= 3  # the file, its log, its lock


def test_it_is_set_up_for_durability(store):
    def pragma(name: str) -> object:
        return store.db.conn.execute(f"PRAGMA {name}").fetchone()[0]

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2
    assert pragma("foreign_keys") == 1
    assert pragma("busy_timeout") == 2000
    # SQLite makes the index of words itself.
    own = [one for one in store.db.tables if one.name != "_sqlite_migrations" and not one.name.startswith("words")]
    assert own
    assert all(table.strict for table in own)


def test_its_folder_is_made_where_only_that_is_missing(tmp_path):
    open_store(tmp_path / "data" / "aikeys.db", audit_key=KEY).close()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    with pytest.raises(StoreMissing, match="Make its folder"):
        open_store(tmp_path / "no" / "such" / "aikeys.db", audit_key=KEY)
    with pytest.raises(StoreMissing, match="correct the path"):
        open_store(tmp_path / "data", audit_key=KEY)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"Dear diary, today I was a text file. " * 200, "not a database", id="a text file"),
        pytest.param(b"SQLite format 3\0" + b"\xff" * 4080, "damaged", id="a header and noise"),
    ],
)
def test_what_is_not_a_database_is_refused_and_left_alone(path, content, says):
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match=says):
        open_store(path, audit_key=KEY)
    assert path.read_bytes() == content


def test_every_kind_of_torn_page_is_found(path):
    store = open_store(path, audit_key=KEY)
    for number in range(400):
        store.events.append(f"thing/{number}", "noted", "bot", {"n": "x" * 50}, at=NOON)
    store.close()
    whole = path.read_bytes()
    size = 4096
    for page in range(len(whole) // size):
        torn = bytearray(whole)
        torn[page * size : (page + 1) * size] = b"\xa5" * size
        path.write_bytes(torn)
        with pytest.raises(StoreDamaged, match="aikeys restore --replace"):
            open_store(path, audit_key=KEY).close()
        assert path.read_bytes() == torn
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreDamaged):
        open_store(path, audit_key=KEY)


def test_another_programs_database_is_not_touched(path):
    with sqlite3.connect(path) as theirs:
        theirs.execute("CREATE TABLE bookmarks (url TEXT)")
    theirs.close()
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="not the bot's"):
        open_store(path, audit_key=KEY)
    assert path.read_bytes() == before


def test_a_newer_database_is_refused_by_name(path):
    open_store(path, audit_key=KEY).close()
    with sqlite3.connect(path) as future:
        future.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('aikeys', 'm999_hats', '2030')"
        )
    future.close()
    before = path.read_bytes()
    with pytest.raises(StoreNewer, match=r"m999_hats.*Start that version"):
        open_store(path, audit_key=KEY)
    assert path.read_bytes() == before


def test_another_audit_key_is_refused(path):
    open_store(path, audit_key=KEY).close()
    with pytest.raises(WrongAuditKey, match="another audit key"):
        open_store(path, audit_key=b"x" * 32)
    with pytest.raises(ValueError, match="16 bytes"):
        open_store(path, audit_key=b"")
    open_store(path, audit_key=KEY).close()  # and none of these kept the lock


READ_ONLY = """
import json, os, sys
from pathlib import Path
from store.database import open_store
from store.errors import StoreError
folder = Path(sys.argv[1])
if os.getuid() == 0:  # root may write everywhere: become nobody
    os.setgid(65534)
    os.setuid(65534)
said = []
for name in ("locked/aikeys.db", "open/aikeys.db"):
    try:
        open_store(folder / name, audit_key=b"k" * 32).close()
        said.append(["opened", name])
    except StoreError as error:
        said.append([type(error).__name__, str(error)])
print(json.dumps(said))
"""


def test_a_read_only_file_or_folder_is_refused():
    """Run as nobody where the tests run as root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for sub in ("locked", "open"):
            (folder / sub).mkdir()
            open_store(folder / sub / "aikeys.db", audit_key=b"k" * 32).close()
        (folder / "open" / "aikeys.db.lock").chmod(0o666)
        (folder / "open" / "aikeys.db").chmod(0o444)
        (folder / "open").chmod(0o777)
        (folder / "locked").chmod(0o555)
        folder.chmod(0o755)
        ran = subprocess.run(
            [sys.executable, "-c", READ_ONLY, name],
            cwd=Path(__file__).parents[2],
            env=os.environ | {"PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        )
        (folder / "locked").chmod(0o755)
    said = json.loads(ran.stdout)
    assert [kind for kind, _ in said] == ["StoreReadOnly", "StoreReadOnly"]
    assert all("Give the bot's user the right to write" in text for _, text in said)


def test_looking_in_needs_no_lock_and_cannot_write(store, path):
    store.events.append("a", "b", "c", {}, at=NOON)
    db = look_into(path)
    assert db.table("events").count == 1
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM deliveries")
    db.close()
    with pytest.raises(StoreMissing, match="There is no database"):
        look_into(path.parent / "other.db")
    (path.parent / "other.db").write_bytes(b"no database, but some words to read" * 40)
    with pytest.raises(StoreDamaged):
        look_into(path.parent / "other.db")


def test_the_error_tree_is_the_one_that_is_drawn():
    import store.errors as module

    drawn = {word for word in (module.__doc__ or "").split() if word[0].isupper() and word.isidentifier()}
    made = {name for name, thing in vars(module).items() if isinstance(thing, type) and issubclass(thing, StoreError)}
    assert made <= drawn
