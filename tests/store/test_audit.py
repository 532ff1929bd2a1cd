"""Whatever is edited in the timeline is noticed, and the first bad row is named; intact ones raise no alarm."""

import random
import shutil
import sqlite3
import string
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import chain
from store.audit import Verdict, verify, verify_against
from store.database import look_into, open_store
from store.events import Head, NewEvent
from tests.store.harness import KEY, NOON

ROWS = 40


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed database with forty events, six texts, one of them redacted."""
    path = tmp_path_factory.mktemp("original") / "aikeys.db"
    store = open_store(path, audit_key=KEY)
    incident = {"severity": "P1", "title": "slow", "dedup_key": "slow"}
    store.events.append("incident/1", "incident.opened", "bot", incident, NOON)
    for number in range(6):
        store.events.append("incident/1", "noted", "U1", {"n": number}, NOON, text=f"note \N{BUG} {number}")
    store.events.append("incident/1", "incident.resolved", "U1", {}, NOON)
    store.events.redact(4, "U1", "U2", NOON)
    for number in range(ROWS - 9):
        store.events.append(f"function/{number % 3}", "noted", "U2", {"n": number, "x": "ü"}, NOON)
    store.close()
    return path


@pytest.fixture
def edited(original, tmp_path) -> Callable[[Callable[[sqlite3.Connection], None]], Verdict]:
    """Edits a copy as somebody with the file, a SQLite shell and no key would; returns the verdict on it."""
    copy = tmp_path / "copy.db"

    def edit(how: Callable[[sqlite3.Connection], None], *, key: bytes = KEY, heads: tuple[Head, ...] = ()) -> Verdict:
        shutil.copy(original, copy)
        with closing(sqlite3.connect(copy, isolation_level=None)) as raw:
            guards = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            for name, _ in guards:
                raw.execute(f"DROP TRIGGER {name}")
            raw.execute("PRAGMA ignore_check_constraints = ON")
            how(raw)
            for _, sql in guards:
                raw.execute(sql)
        db = look_into(copy)
        verdict = verify_against(db, key, heads)
        db.close()
        return verdict

    return edit


def sql(*statements: str) -> Callable[[sqlite3.Connection], None]:
    def run(raw: sqlite3.Connection) -> None:
        for statement in statements:
            raw.execute(statement)

    return run


def rechain(raw: sqlite3.Connection, key: bytes) -> None:
    """Sign every row and the seal anew, with *key*."""
    before, last = chain.GENESIS, 0
    for row in raw.execute("SELECT id, at, subject, kind, actor, data, digest FROM events ORDER BY id").fetchall():
        last, before = row[0], chain.row_mac(key, before, row[0], row[1:])
        raw.execute("UPDATE events SET mac = ? WHERE id = ?", (before, last))
    raw.execute("UPDATE chain SET last_id = ?, seal = ?", (last, chain.seal(key, last, before)))


def test_untouched_it_is_good(edited):
    verdict = edited(lambda _: None)
    assert verdict.ok
    assert (verdict.rows, verdict.bad_id, verdict.why) == (ROWS, None, "")
    assert verdict.head is not None
    assert verdict.head.id == ROWS


def test_no_row_is_good_too(store):
    assert verify(store.db, KEY) == Verdict(True, 0, None)


def test_another_key_is_called_that(edited):
    verdict = edited(lambda _: None, key=b"x" * 32)
    assert (verdict.ok, verdict.rows, verdict.why[:9]) == (False, 0, "wrong key")


@pytest.mark.parametrize(
    ("how", "bad_id", "says"),
    [
        (sql("UPDATE events SET actor = 'U9' WHERE id = 17"), 17, "row 17 was changed"),
        (sql("UPDATE events SET data = '{}' WHERE id = 40"), 40, "row 40"),
        (sql("UPDATE events SET at = '2026-07-04T12:00:01.000000+00:00' WHERE id = 1"), 1, "row 1 was changed"),
        (sql("UPDATE events SET digest = NULL WHERE id = 3"), 3, "row 3 was changed"),
        (sql("UPDATE events SET mac = upper(mac) WHERE id = 20"), 20, "chain broken"),
        (sql("DELETE FROM events WHERE id = 9"), 9, "missing: row 9 was removed"),
        (sql("DELETE FROM events WHERE id BETWEEN 9 AND 12"), 9, "missing: row 9 to 12 was removed"),
        (sql("DELETE FROM events WHERE id = 1"), 1, "missing: row 1 was removed"),
        (sql("DELETE FROM events WHERE id = 40"), 40, "missing: the end was cut off, rows 40 to 40"),
        (sql("DELETE FROM events WHERE id > 30"), 31, "missing: the end was cut off, rows 31 to 40"),
        (sql("DELETE FROM events", "UPDATE chain SET last_id = 0"), None, "seal"),
        (sql("DELETE FROM events WHERE id > 30", "UPDATE chain SET last_id = 30"), 30, "seal"),
        (sql("DELETE FROM events WHERE id = 9", "UPDATE events SET id = id - 1 WHERE id > 9"), 9, "chain broken"),
        (sql("UPDATE events SET id = 0 WHERE id = 1"), 0, "row 0 was added"),
        (sql("INSERT INTO events SELECT 41, at, '', 'x', 'U9', data, NULL, mac FROM events LIMIT 1"), 41, "row 41"),
        (sql("UPDATE texts SET text = text || '!' WHERE text LIKE '%5'"), 7, "the text of row 7 was changed"),
        (sql("DELETE FROM texts WHERE text LIKE '%5'"), 7, "missing: the text of row 7"),
        (sql("UPDATE texts SET text = NULL WHERE text LIKE '%0'"), 2, "without a record"),
        (sql("UPDATE texts SET text = 'never said' WHERE text IS NULL"), 4, "the text of row 4 was changed"),
        (sql("DELETE FROM chain"), None, "seal"),
        (sql("UPDATE chain SET key = 'another'"), None, "was changed"),
    ],
)
def test_each_edit_is_named(edited, how, bad_id, says):
    verdict = edited(how)
    assert not verdict.ok
    assert says in verdict.why
    assert verdict.bad_id == bad_id


def test_signing_anew_needs_the_key(edited):
    def forge(raw: sqlite3.Connection) -> None:
        raw.execute("UPDATE events SET actor = 'U9' WHERE id = 17")
        rechain(raw, b"guessed, not the key")

    verdict = edited(forge)
    assert (verdict.ok, verdict.bad_id) == (False, 1)
    assert "chain broken" in verdict.why


def test_a_removed_guard_is_noticed(store):
    store.db.execute("DROP TRIGGER events_are_never_deleted")
    assert "events_are_never_deleted was removed" in verify(store.db, KEY).why


def test_posted_heads_show_what_the_file_cannot(edited, original):
    db = look_into(original)
    posted = [Head(*row) for row in db.execute("SELECT id, mac FROM events WHERE id IN (10, 20, 40)")]
    db.close()
    heads = tuple(posted)
    assert edited(lambda _: None, heads=heads).ok

    def cut(raw: sqlite3.Connection) -> None:  # with the key, and so with a good seal
        raw.execute("DELETE FROM events WHERE id > 30")
        rechain(raw, KEY)

    assert edited(cut).ok
    verdict = edited(cut, heads=heads)
    assert (verdict.ok, verdict.bad_id) == (False, 31)
    assert "a head was posted for row 40, the timeline ends before it" in verdict.why

    def rewrite(raw: sqlite3.Connection) -> None:
        raw.execute("UPDATE events SET actor = 'U9' WHERE id = 15")
        rechain(raw, KEY)

    assert edited(rewrite).ok
    verdict = edited(rewrite, heads=heads)
    assert (verdict.ok, verdict.bad_id) == (False, 20)
    assert "rewritten" in verdict.why
    assert edited(rewrite, heads=heads[:1]).ok  # row 10 comes before the change
    assert not edited(lambda _: None, heads=(*heads, Head(20, "0" * 64))).ok  # two heads cannot both be true


COLUMNS = ("id", "at", "subject", "kind", "actor", "data", "digest", "mac")


def mutate(raw: sqlite3.Connection, dice: random.Random) -> int:
    """One random edit without the key. Returns the first row it touches."""
    kind = dice.choice(("flip", "flip", "flip", "text", "delete", "tail", "swap", "rehash", "insert"))
    row = dice.randint(1, ROWS)
    if kind == "flip":
        column = dice.choice(COLUMNS[1:])
        (value,) = raw.execute(f"SELECT {column} FROM events WHERE id = ?", (row,)).fetchone()
        raw.execute(f"UPDATE events SET {column} = CAST(? AS TEXT) WHERE id = ?", (_flipped(value, dice), row))
    elif kind == "text":
        (row, digest, text) = dice.choice(
            raw.execute("SELECT e.id, t.digest, t.text FROM texts AS t JOIN events AS e USING (digest)").fetchall()
        )
        raw.execute("UPDATE texts SET text = CAST(? AS TEXT) WHERE digest = ?", (_flipped(text, dice), digest))
    elif kind == "delete":
        raw.execute("DELETE FROM events WHERE id = ?", (row,))
    elif kind == "tail":
        raw.execute("DELETE FROM events WHERE id >= ?", (row,))
        if dice.random() < 0.5:
            raw.execute("UPDATE chain SET last_id = ?", (row - 1,))
            row = max(row - 1, 0)
    elif kind == "swap":
        other = dice.choice([number for number in range(1, ROWS + 1) if number != row])
        raw.execute("UPDATE events SET id = 1000 WHERE id = ?", (row,))
        raw.execute("UPDATE events SET id = ? WHERE id = ?", (row, other))
        raw.execute("UPDATE events SET id = ? WHERE id = 1000", (other,))
        row = min(row, other)
    elif kind == "rehash":
        raw.execute("UPDATE events SET actor = actor || 'x' WHERE id = ?", (row,))
        rechain(raw, dice.randbytes(32))
        row = 1
    else:
        raw.execute("UPDATE events SET id = -id WHERE id >= ?", (row,))
        raw.execute("UPDATE events SET id = 1 - id WHERE id < 0")
        copied = ", ".join(COLUMNS[1:])
        # Any but the row that stood here: that one would be the original, and the next one the copy.
        noted = raw.execute("SELECT id FROM events WHERE kind = 'noted' AND id <> ?", (row + 1,)).fetchall()
        raw.execute(f"INSERT INTO events SELECT ?, {copied} FROM events WHERE id = ?", (row, *dice.choice(noted)))
    return row


def _flipped(value: str | None, dice: random.Random) -> bytes:
    """One bit of one byte; what is no UTF-8 any more is a case too."""
    if not value:
        return dice.choice(string.ascii_letters).encode()
    changed = bytearray(value.encode())
    changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


@pytest.mark.parametrize("seed", range(6))
def test_random_edits_are_all_noticed_where_they_begin(edited, seed):
    dice = random.Random(seed)
    for round_ in range(50):
        touched: list[int] = []
        verdict = edited(lambda raw, touched=touched: touched.append(mutate(raw, dice)))
        assert not verdict.ok, (seed, round_)
        assert verdict.bad_id == (touched[0] or None), (seed, round_, verdict)


words = st.text(st.characters(codec="utf-8"), max_size=20)
events = st.lists(
    st.builds(
        NewEvent,
        subject=words,
        kind=st.sampled_from(("noted", "asked")),
        actor=words,
        data=st.dictionaries(st.text(max_size=5), st.none() | st.booleans() | st.integers() | st.text(max_size=20)),
        at=st.just(NOON),
        text=st.none() | st.text(max_size=30),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(events, max_size=4))
def test_no_honest_timeline_raises_an_alarm(tmp_path, batches):
    path = tmp_path / "honest.db"
    for leftover in tmp_path.iterdir():
        leftover.unlink()
    store = open_store(path, audit_key=KEY)
    heads = []
    for batch in batches:
        made = store.events.append_many(batch)
        heads += [Head(event.id, event.mac) for event in made[-1:]]
        with_text = [event for event in made if event.text is not None]
        if with_text:
            store.events.redact(with_text[0].id, "U1", "U2", NOON)
    verdict = verify_against(store.db, KEY, heads)
    store.close()
    assert verdict.ok, verdict.why
