"""The lock without a second process: who holds it, how it is let go, and a folder that cannot be used."""

import os
import resource
from pathlib import Path

import pytest

from store import lock
from store.errors import StoreBusy, StoreError


def handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_taken_looked_at_and_let_go(path):
    beside = path.with_name(path.name + ".lock")
    assert lock.holder(path) is None
    held = lock.Lock.take(path)
    assert (held.held, lock.holder(path), beside.read_text()) == (True, os.getpid(), f"{os.getpid()}\n")
    assert beside.stat().st_mode & 0o777 == 0o600
    with pytest.raises(StoreBusy, match=f"in use by process {os.getpid()}") as refused:
        lock.Lock.take(path)
    assert refused.value.pid == os.getpid()
    before = handles()
    for _ in range(3):
        assert lock.holder(path) == os.getpid(), "a look takes nothing"
        with pytest.raises(StoreBusy):
            lock.Lock.take(path)
    assert handles() == before, "and leaves nothing open"
    held.release()
    held.release()
    assert (held.held, beside.read_text(), lock.holder(path)) == (False, "", None)
    assert handles() == before - 1
    lock.Lock.take(path).release()


@pytest.mark.parametrize(("written", "pid"), [("", 0), ("who?", 0), (" 42\n", 42), ("9" * 40, int("9" * 32))])
def test_a_holder_that_has_not_said_who_it_is(path, written, pid):
    held = lock.Lock.take(path)
    beside = path.with_name(path.name + ".lock")
    beside.write_text(written)
    assert lock.holder(path) == pid
    with pytest.raises(StoreBusy, match=f"process {pid}" if pid else "another process") as refused:
        lock.Lock.take(path)
    assert refused.value.pid == (pid or None)
    held.release()


def test_a_longer_number_of_who_died_is_cut(path):
    path.with_name(path.name + ".lock").write_text("99999999999999\n")
    held = lock.Lock.take(path)
    assert lock.holder(path) == os.getpid()
    held.release()


def test_somebody_elses_file_in_its_place_is_not_touched(path, tmp_path):
    other = tmp_path / "other"
    other.write_text("precious")
    path.with_name(path.name + ".lock").symlink_to(other)
    with pytest.raises(StoreError):
        lock.Lock.take(path)
    with pytest.raises(OSError, match="symbolic"):
        lock.holder(path)
    assert other.read_text() == "precious"


def test_the_folder_is_made_where_only_it_is_missing(tmp_path):
    path = tmp_path / "data" / "aikeys.sqlite"
    held = lock.claim(path)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    held.release()
    lock.claim(path).release()
    with pytest.raises(StoreError):
        lock.claim(tmp_path / "a" / "b" / "aikeys.sqlite")
    assert not path.exists()


def test_a_disk_that_takes_no_more(path):
    """Nothing may grow: the lock is not held by somebody who could not say so."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = handles()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))  # Python ignores the signal: it is an error like any other
    try:
        with pytest.raises(StoreError):
            lock.Lock.take(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (handles(), lock.holder(path)) == (before, None)
    lock.Lock.take(path).release()
