"""What Slack hands over is kept once, until it is settled."""

import sqlite3
from datetime import timedelta

import pytest

from store import chain
from store.database import open_store
from store.inbox import Admitted, Arrival
from tests.store.harness import KEY, NOON, crash, failing_transaction

LATER = NOON + timedelta(seconds=5)


def command(key: str, payload: str = '{"text":"health"}') -> Arrival:
    return Arrival(key=key, kind="command", envelope_id=f"envelope-{key}", payload_json=payload)


def test_what_arrives_is_committed_before_admit_returns(store, path):
    assert store.inbox.admit([command("a"), command("b")], NOON) == [
        Admitted(1, "a", fresh=True, ack=None, settled=False),
        Admitted(2, "b", fresh=True, ack=None, settled=False),
    ]
    crash(store)
    again = open_store(path, audit_key=KEY)
    first, second = again.inbox.unfinished()
    again.close()
    assert (first.id, first.key, first.kind, first.envelope_id) == (1, "a", "command", "envelope-a")
    assert (first.payload, first.received_at, first.acked_at) == ('{"text":"health"}', NOON, None)
    assert (first.reply_channel, first.reply_ts) == (None, None)
    assert second.id == 2


def test_a_repeated_delivery_gets_the_first_ones_ack(store):
    (first,) = store.inbox.admit([command("a")], NOON)
    store.inbox.later_acked(first.id, NOON, '{"response_action":"clear"}')
    store.inbox.later_acked(first.id, LATER, '{"response_action":"errors"}')
    store.inbox.flush()
    (second,) = store.inbox.admit([command("a", "{}")], LATER)
    assert second == Admitted(first.id, "a", fresh=False, ack='{"response_action":"clear"}', settled=False)
    (row,) = store.inbox.unfinished()
    assert (row.received_at, row.acked_at, row.payload) == (NOON, NOON, '{"text":"health"}')


def test_a_bare_ack_stays_bare(store):
    (first,) = store.inbox.admit([command("a")], NOON)
    store.inbox.later_acked(first.id, NOON)
    store.inbox.later_acked(first.id, LATER, '{"late":true}')
    store.inbox.flush()
    assert store.inbox.admit([command("a")], LATER)[0].ack is None


def test_twice_in_one_batch_is_once(store):
    a, again, b = store.inbox.admit([command("a"), command("a"), command("b")], NOON)
    assert [one.fresh for one in (a, again, b)] == [True, False, True]
    assert again.id == a.id
    assert [(one.id, one.key) for one in store.inbox.unfinished()] == [(a.id, a.key), (b.id, b.key)]


def test_a_row_with_the_last_number_of_all_holds_up_nobody(store):
    """Somebody with the file has put it there."""
    columns = "id, key, kind, envelope_id, received_at, payload"
    store.db.conn.execute(f"INSERT INTO deliveries ({columns}) VALUES (?, 'x', 'event', '', '', '')", (2**63 - 1,))
    a, b = (store.inbox.admit([command(key)], NOON)[0] for key in "ab")
    assert a.fresh
    assert b.fresh
    assert len({a.id, b.id, 2**63 - 1}) == 3


@pytest.mark.parametrize(
    ("edit", "signed"),
    [
        ("envelope_id = 'another', reply_ts = '1.1'", True),  # bookkeeping
        ("key = 'b'", False),
        ("kind = 'click'", False),
        ("received_at = '2026-07-04T12:00:05.000000+00:00'", False),  # an old one made young
        ("payload = '{}'", False),
        ("mac = ''", False),
        ("mac = 'é'", False),
        ("mac = NULL", None),
        ("payload = ''", None),  # emptied: there is nothing to heed
    ],
)
def test_a_row_that_somebody_edits_says_so(store, edit, signed):
    store.inbox.admit([command("a")], NOON)
    store.connection.raw.execute(f"UPDATE deliveries SET {edit}")
    (row,) = store.inbox.unfinished()
    assert row.signed is signed
    assert store.inbox.payload(row.id) == (row.payload, signed)


def test_what_is_taken_back_leaves_nothing_to_heed(store):
    (one,) = store.inbox.admit([command("a", '{"text":"note: the password is hunter2"}')], NOON)
    store.quotes.rewrite(["the password is hunter2"], lambda body: body)
    assert store.inbox.unfinished() == []
    assert store.inbox.payload(one.id) == ("", None)


def test_another_key_signs_otherwise():
    mac = chain.delivery_mac(chain.delivery_key(KEY), "a", "click", "now", "{}")
    others = [
        chain.delivery_mac(KEY, "a", "click", "now", "{}"),
        chain.delivery_mac(chain.delivery_key(KEY[::-1]), "a", "click", "now", "{}"),
        chain.delivery_mac(chain.delivery_key(KEY), "ac", "lick", "now", "{}"),  # the parts keep apart
        chain.delivery_mac(chain.delivery_key(KEY), "a", "click", "now{", "}"),
    ]
    assert len({mac, *others}) == 5


def test_settling_empties_the_payload_and_keeps_the_first_outcome(store):
    (one,) = store.inbox.admit([command("a", '{"secret":"in the payload"}')], NOON)
    store.inbox.later_settled(one.id, "answered", NOON)
    store.inbox.flush()
    store.inbox.later_settled(one.id, "failed", LATER)
    store.inbox.flush()
    assert store.inbox.unfinished() == []
    assert store.db.table("deliveries").get(1) | {"key": ""} == {
        "id": 1,
        "key": "",
        "kind": "command",
        "envelope_id": "envelope-a",
        "received_at": "2026-07-04T12:00:00.000000+00:00",
        "payload": "",
        "acked_at": None,
        "ack": None,
        "reply_channel": None,
        "reply_ts": None,
        "settled_at": "2026-07-04T12:00:00.000000+00:00",
        "outcome": "answered",
        "mac": None,
    }
    assert store.inbox.admit([command("a")], LATER) == [Admitted(1, "a", fresh=False, ack=None, settled=True)]


def test_waiting_marks_are_written_with_the_next_commit(store):
    store.inbox.admit([command("a"), command("b")], NOON)
    store.inbox.later_acked(1, NOON, '{"ok":1}')
    store.inbox.later_settled(2, "answered", NOON)
    assert [row.acked_at for row in store.inbox.unfinished()] == [None, None]
    store.inbox.admit([command("c")], LATER)
    assert [(row.key, row.acked_at) for row in store.inbox.unfinished()] == [("a", NOON), ("c", None)]
    assert store.inbox.admit([command("a")], LATER)[0].ack == '{"ok":1}'
    store.inbox.later_settled(1, "answered", LATER)
    store.inbox.flush()
    assert [row.key for row in store.inbox.unfinished()] == ["c"]


def test_the_repeat_in_the_same_admit_sees_the_mark(store):
    """The ack went out, its mark waits, the repeat comes: it gets the same ack."""
    store.inbox.admit([command("a")], NOON)
    store.inbox.later_acked(1, NOON, '{"ok":1}')
    assert store.inbox.admit([command("a")], LATER)[0].ack == '{"ok":1}'


def test_closing_writes_the_waiting_marks(store, path):
    store.inbox.admit([command("a")], NOON)
    store.inbox.later_settled(1, "answered", NOON)
    store.close()
    again = open_store(path, audit_key=KEY)
    assert again.inbox.unfinished() == []
    again.close()


def test_marks_wait_on_where_the_transaction_around_them_fails(store):
    store.inbox.admit([command("a")], NOON)
    store.inbox.later_settled(1, "answered", NOON)
    with failing_transaction(store):
        store.inbox.flush()
    assert len(store.inbox.unfinished()) == 1
    store.inbox.flush()
    assert len(store.inbox.unfinished()) == 0


def test_the_answers_place_is_remembered(store):
    store.inbox.admit([command("a")], NOON)
    store.inbox.keep_reply(1, "C0OPS", "1751630400.000100")
    (row,) = store.inbox.unfinished()
    assert (row.reply_channel, row.reply_ts) == ("C0OPS", "1751630400.000100")


def test_an_event_and_a_settlement_commit_together(store):
    store.inbox.admit([command("a")], NOON)
    with failing_transaction(store):
        store.events.append("a", "b", "c", {}, NOON)
        store.inbox.later_settled(1, "answered", NOON)
        store.inbox.flush()
    assert store.events.head() is None
    assert len(store.inbox.unfinished()) == 1


def test_old_settled_rows_go_and_unsettled_ones_stay(store):
    for number in range(10):
        store.inbox.admit([command(str(number))], NOON + timedelta(days=number))
    for id_ in (1, 2, 4, 9):
        store.inbox.later_settled(id_, "answered", NOON + timedelta(days=20))
        store.inbox.flush()
    week = timedelta(days=7)
    assert store.inbox.purge(NOON + timedelta(days=12) - week) == 3
    assert [row["id"] for row in store.db.query("SELECT id FROM deliveries ORDER BY id")] == [3, 5, 6, 7, 8, 9, 10]
    assert [row.id for row in store.inbox.unfinished()] == [3, 5, 6, 7, 8, 10]
    assert store.inbox.purge(NOON + timedelta(days=12) - week) == 0


def test_purging_is_done_in_bites(store):
    store.inbox.admit([command(str(number)) for number in range(10)], NOON)
    for id_ in range(1, 11):
        store.inbox.later_settled(id_, "answered", NOON)
        store.inbox.flush()
    assert [store.inbox.purge(LATER, at_most=4) for _ in range(4)] == [4, 4, 2, 0]


def test_reading_the_backlog_does_not_read_the_settled(store):
    plan = store.db.execute("EXPLAIN QUERY PLAN SELECT count(*) FROM deliveries WHERE settled_at IS NULL").fetchall()
    assert any("deliveries_unfinished" in row[3] for row in plan)


def test_only_the_thread_that_opened_it_may_use_it(store):
    """Two threads on one connection would write into each other's transactions."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor() as pool, pytest.raises(sqlite3.ProgrammingError, match="thread"):
        pool.submit(store.inbox.admit, [command("a")], NOON).result()
    assert len(store.inbox.unfinished()) == 0
