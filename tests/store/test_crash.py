"""kill -9 at any moment: what was said to be committed is there, what was half done is not."""

import random

import pytest

from store.audit import verify

BUSY = """
store = open_store(path, audit_key=key)
say("ready")
number = 0
while True:
    number += 1
    with store.transaction():
        event = store.events.append("a", "b", "c", {"n": number}, now, text=f"word {number}")
        (row,) = store.inbox.admit([Arrival(str(number), "command", "e", "{}")], now)
    say(f"{number} {event.mac}")
"""


@pytest.mark.parametrize("seed", range(4))
def test_what_was_promised_survives(another, reopen, seed):
    other = another(BUSY)
    assert other.hears() == "ready"
    heard = [other.hears() for _ in range(random.Random(seed).randint(1, 150))]
    heard += [line for line in other.killed() if len(line.split()[-1]) == 64]  # the last line may be cut
    store = reopen()
    events = [f"{event.data['n']} {event.mac}" for event in store.events.of("a")]
    assert events[: len(heard)] == heard
    assert len(events) <= len(heard) + 1  # committed, and killed before it could say so
    assert len(store.inbox.unfinished()) == len(events)
    assert verify(store.db, b"the audit key of the tests, 32 b").ok


def test_half_a_transaction_never_was(another, reopen):
    other = another(
        "store = open_store(path, audit_key=key)\n"
        "store.events.append('a', 'b', 'c', {'n': 1}, now)\n"
        "with store.transaction():\n"
        "    store.events.append('a', 'b', 'c', {'n': 2}, now)\n"
        "    store.inbox.admit([Arrival('x', 'command', 'e', '{}')], now)\n"
        "    say('half way')\n"
        "    wait()\n"
    )
    assert other.hears() == "half way"
    other.killed()
    store = reopen()
    assert [event.data["n"] for event in store.events.of("a")] == [1]
    assert store.inbox.unfinished() == []
    assert store.events.append("a", "b", "c", {"n": 2}, store.events.of("a")[0].at).id == 2


def test_killed_while_it_makes_the_tables(another, reopen):
    """Each migration and its record are one transaction: the next start goes on."""
    other = another(
        "from store import schema\n"
        "made = schema.migrations._migrations[2].fn\n"
        "def stop_here(db):\n"
        "    made(db)\n"
        "    say('made, not recorded')\n"
        "    wait()\n"
        "schema.migrations._migrations[2].fn = stop_here\n"
        "open_store(path, audit_key=key)\n"
    )
    assert other.hears() == "made, not recorded"
    other.killed()
    store = reopen()
    assert store.samples.latest("wallet") == []
    assert store.writable()
