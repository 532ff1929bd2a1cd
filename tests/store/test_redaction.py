"""A secret pasted by mistake is taken back by two people: a tombstone stays, the chain holds, the bytes are gone."""

import pytest

from store.audit import verify
from store.database import look_into
from store.errors import TooLate
from tests.store.harness import KEY, NOON, failing_transaction

SECRET = "the new key is sk-canary-0451 whoops"


def test_a_redacted_text_leaves_a_tombstone(store):
    event = store.events.append("incident/1", "noted", "U1", {"n": 1}, NOON, text=SECRET)
    record = store.events.redact(event.id, "U1", "U2", NOON)

    assert (record.kind, record.subject, record.actor) == ("text.redacted", "incident/1", "U2")
    assert record.data == {"event": 1, "digest": event.digest, "asked_by": "U1", "agreed_by": "U2"}
    (stone, _) = store.events.of("incident/1")
    assert (stone.text, stone.redacted, stone.digest) == (None, True, event.digest)
    assert (stone.data, stone.mac) == ({"n": 1}, event.mac)
    assert verify(store.db, KEY).ok


def test_no_file_holds_the_bytes_any_more(store, path):
    many = [store.events.append("incident/1", "noted", "U1", {}, NOON, text=f"note {n} " * 300) for n in range(20)]
    event = store.events.append("incident/1", "noted", "U1", {}, NOON, text=SECRET * 200)
    store.events.append("incident/1", "noted", "U1", {}, NOON, text="and then")
    assert any(b"canary" in file.read_bytes() for file in path.parent.iterdir())  # it was there to be found
    store.events.redact(event.id, "U1", "U2", NOON)
    for file in path.parent.iterdir():
        assert b"canary" not in file.read_bytes(), file
    assert store.events.of("incident/1")[0].text == many[0].text


def test_what_was_replaced_before_is_nowhere_either(store, path):
    """A card that was drawn anew leaves its old words in the free part of a page, unless they are zeroed then."""
    for number in range(40):
        store.outbox.write("card", "C1", {"text": f"{number} sk-canary {'x' * (9000 - 200 * number)}"}, NOON)
    store.outbox.write("card", "C1", {"text": "short"}, NOON)
    store.forget()
    for file in path.parent.iterdir():
        assert b"canary" not in file.read_bytes(), file


def test_words_are_zeroed_also_after_somebody_has_taken_something_back(store):
    event = store.events.append("incident/1", "noted", "U1", {}, NOON, text=SECRET)
    store.events.redact(event.id, "U1", "U2", NOON)
    store.custody.purge(NOON)
    assert store.db.conn.execute("PRAGMA secure_delete").fetchone() == (1,)


def test_a_log_that_somebody_reads_is_cut_when_they_are_done(store, path):
    event = store.events.append("incident/1", "noted", "U1", {}, NOON, text=SECRET)
    reader = look_into(path)
    reader.conn.execute("BEGIN")
    reader.conn.execute("SELECT count(*) FROM texts").fetchone()
    store.events.redact(event.id, "U1", "U2", NOON)
    store.forget()
    log = path.with_name(f"{path.name}-wal")
    assert b"canary" in log.read_bytes(), "a reader needs the old page"
    store.forget_again()
    assert log.stat().st_size
    reader.conn.execute("ROLLBACK")
    reader.close()
    store.forget_again()
    assert log.stat().st_size == 0
    assert b"canary" not in path.read_bytes()
    store.events.append("incident/1", "noted", "U1", {}, NOON)
    store.forget_again()
    assert log.stat().st_size, "once is enough"


def test_it_takes_two(store):
    event = store.events.append("incident/1", "noted", "U1", {}, NOON, text=SECRET)
    with pytest.raises(ValueError, match="two people"):
        store.events.redact(event.id, "U1", "U1", NOON)
    assert store.events.of("incident/1")[0].text == SECRET


def test_it_happens_once(store):
    event = store.events.append("incident/1", "noted", "U1", {}, NOON, text=SECRET)
    store.events.redact(event.id, "U1", "U2", NOON)
    with pytest.raises(TooLate):
        store.events.redact(event.id, "U1", "U2", NOON)
    assert len(store.events.of("incident/1")) == 2


def test_there_has_to_be_a_text(store):
    event = store.events.append("incident/1", "noted", "U1", {}, NOON)
    for number in (event.id, 99):
        with pytest.raises(ValueError, match="has no text"):
            store.events.redact(number, "U1", "U2", NOON)


def test_the_same_words_go_everywhere_and_stay_gone(store):
    first = store.events.append("incident/1", "noted", "U1", {}, NOON, text=SECRET)
    store.events.append("incident/2", "noted", "U1", {}, NOON, text=SECRET)
    store.events.redact(first.id, "U1", "U2", NOON)
    third = store.events.append("incident/3", "noted", "U1", {}, NOON, text=SECRET)
    assert (third.text, third.redacted) == (None, True)
    for subject in ("incident/1", "incident/2", "incident/3"):
        assert store.events.of(subject)[0].redacted
    assert store.events.of("incident/3") == [third]
    assert verify(store.db, KEY).ok


def test_a_redaction_that_is_rolled_back_took_nothing(store):
    event = store.events.append("incident/1", "noted", "U1", {}, NOON, text=SECRET)
    with failing_transaction(store):
        store.events.redact(event.id, "U1", "U2", NOON)
    assert store.events.of("incident/1")[0].text == SECRET


def test_the_digest_does_not_tell_the_secret(store):
    """Without the audit key a guess cannot be tried."""
    import hashlib

    event = store.events.append("incident/1", "noted", "U1", {}, NOON, text="hunter2")
    assert event.digest != hashlib.sha256(b"hunter2").hexdigest()
