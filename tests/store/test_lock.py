"""One process on one database; the lock dies with its holder."""

import pytest

from store.database import open_store
from store.errors import StoreBusy
from tests.store.harness import KEY, NOON

HOLD = "store = open_store(path, audit_key=key)\nsay(os.getpid())\n"


def test_a_second_process_is_refused_with_the_holders_number(path, another):
    holder = another(HOLD + "wait()\n")
    pid = int(holder.hears())
    with pytest.raises(StoreBusy, match=rf"in use by process {pid}.*stop that one first") as refused:
        open_store(path, audit_key=KEY)
    assert refused.value.pid == pid == holder.process.pid


def test_the_lock_dies_with_kill_9(path, another):
    holder = another(HOLD + "wait()\n")
    holder.hears()
    holder.killed()
    store = open_store(path, audit_key=KEY)
    store.events.append("a", "b", "c", {}, NOON)
    store.close()


def test_a_child_of_the_dead_holder_does_not_inherit_it(path, another):
    """The bot starts git; a git that outlives it keeps nobody out."""
    holder = another(
        HOLD
        + "import subprocess\n"
        + "child = subprocess.Popen([sys.executable, '-c', 'import sys; sys.stdin.read()'])\n"
        + "say(child.pid)\nwait()\n"
    )
    holder.hears()
    holder.hears()
    holder.process.kill()  # the child goes on until its stdin, which it shares, is closed
    holder.process.wait()
    open_store(path, audit_key=KEY).close()


def test_the_same_process_is_refused_too(store, path):
    with pytest.raises(StoreBusy):
        open_store(path, audit_key=KEY)
    store.events.append("a", "b", "c", {}, NOON)  # and the refusal took nothing from the first


def test_a_lock_file_that_lies_around_locks_nobody_out(path):
    path.with_name(path.name + ".lock").write_text("4242\n")
    open_store(path, audit_key=KEY).close()


def test_closing_lets_the_next_one_in(path, another):
    store = open_store(path, audit_key=KEY)
    store.close()
    assert int(another(HOLD).hears())
