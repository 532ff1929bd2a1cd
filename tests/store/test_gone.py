"""The file is taken away, replaced or cut off while it is open: SQLite would go on and say that it is committed."""

import os
import shutil
from contextlib import suppress

import pytest

from store import pages
from store.errors import StoreDamaged, StoreError, StoreGone
from store.inbox import Arrival
from tests.store.harness import NOON

ONE = [Arrival("command:1", "command", "e", "{}")]


def wal(path):
    return path.with_name(f"{path.name}-wal")


@pytest.mark.parametrize("which", [lambda path: path, wal, lambda path: path.parent], ids=["file", "log", "folder"])
def test_gone_and_back(store, path, which):
    store.inbox.admit(ONE, NOON)
    there = which(path)
    aside = there.with_name("aside") if there != path.parent else path.parent.parent / "aside"
    there.rename(aside)
    with pytest.raises(StoreGone, match="aikeys restore"):
        store.inbox.admit([Arrival("command:2", "command", "e", "{}")], NOON)
    assert "was taken away" in store.unwritable()
    assert not store.steady()
    aside.rename(there)
    assert store.steady()
    assert len(store.inbox.unfinished()) == 1
    store.inbox.admit([Arrival("command:2", "command", "e", "{}")], NOON)


@pytest.mark.parametrize("writes", [lambda store: store.inbox.admit(ONE, NOON), lambda store: store.writable()])
def test_a_transaction_that_changes_no_row_says_nothing_of_the_disk(store, path, writes):
    """Such ones come every few seconds: what failed would be forgotten, and the heartbeat go on."""
    path.rename(path.with_name("aside"))
    with pytest.raises(StoreGone):
        store.inbox.admit(ONE, NOON)
    path.with_name("aside").rename(path)
    failed = store.connection.trouble
    assert "was taken away" in failed
    assert store.inbox.purge(NOON) == 0
    assert store.connection.trouble == failed
    assert writes(store)
    assert not store.connection.trouble


def test_another_file_in_its_place(store, path):
    store.inbox.admit(ONE, NOON)
    shutil.copy(path, path.with_name("other"))
    path.rename(path.with_name("aside"))
    path.with_name("other").rename(path)
    with pytest.raises(StoreGone, match="another file lies in its place"):
        store.events.append("a", "b", "c", {}, NOON)
    path.with_name("aside").replace(path)


def test_another_log_in_its_place(store, path):
    store.inbox.admit(ONE, NOON)
    shutil.copy(wal(path), path.with_name("other"))
    wal(path).rename(path.with_name("aside"))
    path.with_name("other").rename(wal(path))
    with pytest.raises(StoreGone, match="-wal was taken away, or another file lies in its place"):
        store.events.append("a", "b", "c", {}, NOON)
    path.with_name("aside").replace(wal(path))
    store.events.append("a", "b", "c", {}, NOON)


def test_cut_off_it_is_damaged_until_somebody_has_found_it_whole(store, path):
    store.inbox.admit(ONE, NOON)
    store.forget()  # all of it into the file
    store.inbox.admit([Arrival("command:2", "command", "e", "{}")], NOON)
    whole = path.read_bytes()
    os.truncate(path, len(whole) // 2)
    with pytest.raises(StoreDamaged, match="cut off"):
        store.inbox.admit([Arrival("command:3", "command", "e", "{}")], NOON)
    with pytest.raises(StoreDamaged):
        pages.check(path)
    with path.open("r+b") as file:
        file.write(whole)
    with pytest.raises(StoreDamaged, match="cut off"):
        store.inbox.admit([Arrival("command:3", "command", "e", "{}")], NOON)
    pages.check(path)
    store.connection.damaged = ""  # as who has checked it does
    store.inbox.admit([Arrival("command:3", "command", "e", "{}")], NOON)


def test_pages_that_do_not_fit_together_are_found_beside_the_bot(store, path):
    for number in range(60):
        store.inbox.admit([Arrival(f"command:{number}", "command", "e", "x" * 500)], NOON)
    store.forget()
    pages.check(path)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 3))
    with pytest.raises(StoreDamaged, match="aikeys restore"):
        pages.check(path)
    with suppress(StoreError):
        store.close()
