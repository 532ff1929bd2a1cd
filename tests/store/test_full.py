"""A full or failing disk: nothing half-written, a sentence for the person, and on it goes when there is room."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest

from store.audit import verify
from store.database import open_store
from store.errors import StoreFull
from store.events import NewEvent
from store.inbox import Arrival
from tests.store.harness import KEY, NOON

LIMIT = 640 * 1024


def fill(store) -> int:
    """Admit until it is full; how many were taken."""
    number = 0
    while True:
        batch = [Arrival(f"{number + n}", "command", "e", "x" * 3000) for n in range(10)]
        try:
            store.inbox.admit(batch, NOON)
        except StoreFull:
            return number
        number += 10


def fill_up(store, number: int) -> int:
    """One by one, until not even one fits."""
    with suppress(StoreFull):
        while True:
            store.inbox.admit([Arrival(f"{number}", "command", "e", "x" * 3000)], NOON)
            number += 1
    return number


def test_a_full_database_says_so_and_keeps_what_it_had(path):
    store = open_store(path, audit_key=KEY, max_bytes=LIMIT)
    assert store.writable()
    taken = fill(store)
    assert taken
    assert len(store.inbox.unfinished()) == taken  # of the batch that did not fit, not one row
    assert store.writable()  # a smaller one would
    taken = fill_up(store, taken)
    with pytest.raises(StoreFull, match="Free some space or raise the limit"):
        store.events.append_many([NewEvent("a", "b", "c", {"x": "y" * 5000}, NOON) for _ in range(10)])
    assert store.events.head() is None
    assert not store.writable()
    assert path.stat().st_size <= LIMIT

    store.inbox.later_settled(1, "answered", NOON)
    for id_ in range(2, taken + 1):
        store.inbox.later_settled(id_, "answered", NOON)  # works in a full file: the row gets smaller
        store.inbox.flush()
    assert store.inbox.purge(NOON + timedelta(seconds=1))
    assert store.writable()
    assert store.db.table("deliveries").count == 0  # the trial itself left nothing
    store.inbox.admit([Arrival("one more", "command", "e", "x" * 3000)], NOON)
    assert len(store.inbox.unfinished()) == 1
    assert verify(store.db, KEY).ok
    store.close()


def test_a_full_one_can_be_opened_and_read(path):
    store = open_store(path, audit_key=KEY, max_bytes=LIMIT)
    taken = fill(store)
    store.close()
    again = open_store(path, audit_key=KEY, max_bytes=LIMIT)
    assert len(again.inbox.unfinished()) == taken
    again.close()


def test_no_room_for_the_tables_leaves_no_half_made_ones(path):
    with pytest.raises(StoreFull):
        open_store(path, audit_key=KEY, max_bytes=20_000)
    store = open_store(path, audit_key=KEY)  # the same file goes on from where it stopped
    store.events.append("a", "b", "c", {}, NOON)
    assert verify(store.db, KEY).ok
    store.close()


# The n-th byte cannot be written, for many n: the kernel's file size limit fails the write as a broken disk would.
FAILING = """
import json, resource, shutil
from store.audit import verify
from store.errors import StoreError
kinds, broken = set(), []
for limit in range(0, 200_000, 4_000):
    folder = path.with_name(f"disk-{limit}")
    folder.mkdir()
    file = folder / "aikeys.db"
    kept = []
    store = open_store(file, audit_key=key)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    for number in range(60):
        try:
            with store.transaction():
                store.events.append("a", "b", "c", {"n": number}, now)
                store.inbox.admit([Arrival(str(number), "command", "e", "x" * 2000)], now)
            kept.append(number)
        except StoreError as error:
            kinds.add(type(error).__name__)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.held.close()
    store.db.close()
    store.lock.release()
    store = open_store(file, audit_key=key)
    events = [event.data["n"] for event in store.events.of("a")]
    rows = [int(row.key) for row in store.inbox.unfinished()]
    if not (events == rows == kept and verify(store.db, key).ok):
        broken.append([limit, kept, events, rows])
    store.close()
    shutil.rmtree(folder)
say(json.dumps([sorted(kinds), broken]))
"""


@pytest.mark.slow
def test_a_disk_that_fails_at_any_byte_loses_no_promise(another):
    kinds, broken = json.loads(another(FAILING).hears())
    assert broken == []
    assert kinds
    assert set(kinds) <= {"StoreFailed", "StoreFull"}
