"""What somebody with the file does to a timeline: one function a kind, each at a random place.

Only `all_anew` has the key. Each returns what was posted in Slack, where only that can tell.
"""

import random
import sqlite3
from collections.abc import Callable, Sequence

from store import chain
from store.events import Head
from store.replay import TABLES
from tests.chaos.timelines import KEY

COLUMNS = ("at", "subject", "kind", "actor", "data", "digest", "mac")
Edit = Callable[[sqlite3.Connection, random.Random, tuple[Head, ...]], Sequence[Head] | None]


def _any_row(raw: sqlite3.Connection, chance: random.Random) -> int:
    (last,) = raw.execute("SELECT max(id) FROM events").fetchone()
    return chance.randint(1, last)


def _flipped(value: str | None, chance: random.Random) -> str | None:
    """Another text: one bit of one of its characters, or no text at all."""
    if not value:
        return "x"
    at = chance.randrange(len(value))
    other = chr(ord(value[at]) ^ (1 << chance.randrange(6)))
    return value[:at] + ("?" if other == "\0" else other) + value[at + 1 :]


def flip(raw: sqlite3.Connection, chance: random.Random, _: tuple[Head, ...]) -> None:
    """A bit in any column of any row."""
    id_, column = _any_row(raw, chance), chance.choice(COLUMNS)
    (value,) = raw.execute(f"SELECT {column} FROM events WHERE id = ?", (id_,)).fetchone()
    raw.execute(f"UPDATE events SET {column} = ? WHERE id = ?", (_flipped(value, chance), id_))


def flip_text(raw: sqlite3.Connection, chance: random.Random, _: tuple[Head, ...]) -> None:
    """A bit in what somebody wrote, or in what holds it."""
    rows = raw.execute("SELECT rowid, text, digest FROM texts WHERE text IS NOT NULL").fetchall()
    if not rows:
        return flip(raw, chance, _)
    rowid, text, digest = chance.choice(rows)
    how = chance.choice(["text", "digest", "nothing", "gone"])
    if how == "gone":
        raw.execute("DELETE FROM texts WHERE rowid = ?", (rowid,))
    elif how == "nothing":
        raw.execute("UPDATE texts SET text = NULL WHERE rowid = ?", (rowid,))
    else:
        value = _flipped(text if how == "text" else digest, chance)
        raw.execute(f"UPDATE texts SET {how} = ? WHERE rowid = ?", (value, rowid))
    return None


def seal(raw: sqlite3.Connection, chance: random.Random, _: tuple[Head, ...]) -> None:
    """The end of the chain: flipped, or taken away."""
    column = chance.choice(["key", "last_id", "seal", ""])
    if not column:
        raw.execute("DELETE FROM chain")
    elif column == "last_id":
        raw.execute("UPDATE chain SET last_id = last_id + ?", (chance.choice([-1, 1, 7]),))
    else:
        (value,) = raw.execute(f"SELECT {column} FROM chain").fetchone()
        raw.execute(f"UPDATE chain SET {column} = ?", (_flipped(value, chance),))


def delete(raw: sqlite3.Connection, chance: random.Random, _: tuple[Head, ...]) -> None:
    """A row or some in a row; now and then those after it move up, so that no number is missing."""
    first = _any_row(raw, chance)
    count = chance.choice([1, 1, 1, 2, 5])
    raw.execute("DELETE FROM events WHERE id BETWEEN ? AND ?", (first, first + count - 1))
    if chance.random() < 0.5:
        for (id_,) in raw.execute("SELECT id FROM events WHERE id > ? ORDER BY id", (first,)).fetchall():
            raw.execute("UPDATE events SET id = id - ? WHERE id = ?", (count, id_))
        raw.execute("UPDATE chain SET last_id = (SELECT coalesce(max(id), 0) FROM events)")


def swap(raw: sqlite3.Connection, chance: random.Random, _: tuple[Head, ...]) -> None:
    """Two rows change places, with their macs or without."""
    one, other = _any_row(raw, chance), _any_row(raw, chance)
    names = ", ".join(COLUMNS if chance.random() < 0.5 else COLUMNS[:-1])
    values = {id_: raw.execute(f"SELECT {names} FROM events WHERE id = ?", (id_,)).fetchone() for id_ in (one, other)}
    if values[one] == values[other]:
        return delete(raw, chance, _)
    for id_, new in ((one, values[other]), (other, values[one])):
        raw.execute(f"UPDATE events SET ({names}) = ({', '.join('?' * len(new))}) WHERE id = ?", (*new, id_))
    return None


def cut(raw: sqlite3.Connection, chance: random.Random, _: tuple[Head, ...]) -> None:
    """The end is cut off; now and then the seal says so too."""
    raw.execute("DELETE FROM events WHERE id >= ?", (_any_row(raw, chance),))
    if chance.random() < 0.5:
        raw.execute("UPDATE chain SET last_id = (SELECT coalesce(max(id), 0) FROM events)")


def add(raw: sqlite3.Connection, chance: random.Random, _: tuple[Head, ...]) -> None:
    """A row that nobody wrote: before the first, or at the end, with the mac of another."""
    (last,) = raw.execute("SELECT max(id) FROM events").fetchone()
    id_ = chance.choice([0, -3, last + 1, last + 1, last + 2])
    row = "?, at, subject, 'approval.granted', 'U0BEN', data, digest, mac"
    raw.execute(f"INSERT INTO events SELECT {row} FROM events WHERE id = ?", (id_, _any_row(raw, chance)))
    if id_ > last and chance.random() < 0.5:
        raw.execute("UPDATE chain SET last_id = ?", (id_,))


def sign_anew(raw: sqlite3.Connection, chance: random.Random, _: tuple[Head, ...]) -> None:
    """A row is changed, and all from there on signed with a key that was guessed; the seal too."""
    key, first = chance.randbytes(32), _any_row(raw, chance)
    raw.execute("UPDATE events SET actor = actor || '9' WHERE id = ?", (first,))
    before = raw.execute("SELECT mac FROM events WHERE id = ?", (first - 1,)).fetchone()
    mac = before[0] if before else chain.GENESIS
    sql = "SELECT id, at, subject, kind, actor, data, digest FROM events WHERE id >= ? ORDER BY id"
    last = first
    for row in raw.execute(sql, (first,)).fetchall():
        last, mac = row[0], chain.row_mac(key, mac, row[0], row[1:])
        raw.execute("UPDATE events SET mac = ? WHERE id = ?", (mac, last))
    raw.execute("UPDATE chain SET seal = ?", (chain.seal(key, last, mac),))


def guard(raw: sqlite3.Connection, chance: random.Random, _: tuple[Head, ...]) -> None:
    """What refuses edits is taken away, or lets one through."""
    guards = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name").fetchall()
    name, sql = chance.choice(guards)
    raw.execute(f"DROP TRIGGER {name}")
    if chance.random() < 0.5:
        raw.execute(
            sql.replace("BEGIN", "WHEN 0 BEGIN", 1) if " WHEN" not in sql else sql.replace("WHEN", "WHEN 0 AND", 1)
        )


def older(raw: sqlite3.Connection, chance: random.Random, heads: tuple[Head, ...]) -> Sequence[Head] | None:
    """A whole older timeline is put back, well sealed: only what was posted since can tell."""
    (last,) = raw.execute("SELECT max(id) FROM events").fetchone()
    if last < 2:
        return flip(raw, chance, heads)  # type: ignore[func-returns-value]
    until = chance.randint(1, last - 1)
    raw.execute("DELETE FROM events WHERE id > ?", (until,))
    raw.execute("UPDATE texts SET text = text")  # what was written since stays behind: it harms nobody
    (mac,) = raw.execute("SELECT mac FROM events WHERE id = ?", (until,)).fetchone()
    raw.execute("UPDATE chain SET last_id = ?, seal = ?", (until, chain.seal(KEY, until, mac)))
    return [one for one in heads if one.id > until] or heads[-1:]


def all_anew(raw: sqlite3.Connection, chance: random.Random, heads: tuple[Head, ...]) -> Sequence[Head]:
    """Somebody has the key, and signs all of it anew after an edit: only what was posted can tell."""
    posted = chance.choice(heads)
    first = chance.randint(1, posted.id)
    raw.execute("UPDATE events SET actor = actor || '9' WHERE id = ?", (first,))
    mac, last = chain.GENESIS, 0
    for row in raw.execute("SELECT id, at, subject, kind, actor, data, digest FROM events ORDER BY id").fetchall():
        last, mac = row[0], chain.row_mac(KEY, mac, row[0], row[1:])
        raw.execute("UPDATE events SET mac = ? WHERE id = ?", (mac, last))
    raw.execute("UPDATE chain SET seal = ?", (chain.seal(KEY, last, mac),))
    return [posted]


def posted_flipped(raw: sqlite3.Connection, chance: random.Random, heads: tuple[Head, ...]) -> Sequence[Head]:
    """What stands in Slack is not what the timeline holds."""
    one = chance.choice(heads)
    at = chance.randrange(64)
    digit = chance.choice([d for d in "0123456789abcdef" if d != one.mac[at]])
    return [Head(one.id, one.mac[:at] + digit + one.mac[at + 1 :])]


def _any_table(raw: sqlite3.Connection, chance: random.Random) -> tuple[str, list[str], int] | None:
    """One of the tables of what is true now that has rows, its columns, and how many rows it has."""
    counts = {table: raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}
    there = [table for table, count in counts.items() if count]
    if not there:
        return None
    table = chance.choice(there)
    return table, [row[1] for row in raw.execute(f"PRAGMA table_info({table})")], counts[table]


def table_cell(raw: sqlite3.Connection, chance: random.Random, _: tuple[Head, ...]) -> None:
    """A cell of what is true now says something else: a state, a name, how many are needed."""
    if (found := _any_table(raw, chance)) is None:
        return flip(raw, chance, _)
    table, names, count = found
    name, nth = chance.choice(names), chance.randrange(count)
    (value,) = raw.execute(f"SELECT {name} FROM {table} LIMIT 1 OFFSET {nth}").fetchone()
    (number,) = raw.execute(
        f"SELECT type IN ('INTEGER') FROM pragma_table_info('{table}') WHERE name = '{name}'"
    ).fetchone()
    new = (value or 0) + 7 if number else _flipped(value, chance)
    where = " AND ".join(f"{one} IS ?" for one in names)
    row = raw.execute(f"SELECT * FROM {table} LIMIT 1 OFFSET {nth}").fetchone()
    raw.execute(f"UPDATE {table} SET {name} = ? WHERE {where}", (new, *row))
    return None


def table_row(raw: sqlite3.Connection, chance: random.Random, _: tuple[Head, ...]) -> None:
    """A row of what is true now is taken away, or one is added that nobody brought about: a vote, a silence."""
    if (found := _any_table(raw, chance)) is None:
        return flip(raw, chance, _)
    table, names, count = found
    row = list(raw.execute(f"SELECT * FROM {table} LIMIT 1 OFFSET {chance.randrange(count)}").fetchone())
    if chance.random() < 0.5:
        raw.execute(f"DELETE FROM {table} WHERE {' AND '.join(f'{one} IS ?' for one in names)}", row)
        return None
    for at, value in enumerate(row):  # another key, whichever columns it is of
        row[at] = value + 1000 if isinstance(value, int) and names[at] not in ("alone", "needed") else value
        row[at] = (
            f"{value}9" if isinstance(value, str) and names[at] not in ("state", "severity", "outcome") else row[at]
        )
    raw.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    return None


EDITS: dict[Edit, int] = {
    flip: 30, flip_text: 12, seal: 6, delete: 14, swap: 10, cut: 8, add: 8, sign_anew: 8, guard: 4, older: 4,
    all_anew: 3, posted_flipped: 3, table_cell: 12, table_row: 12,
}  # fmt: skip
# Where the fault is in what was posted, the row is that of the head; in the guards and the seal it is none at all.
BY_HEAD = (older, all_anew, posted_flipped)
NO_ROW = (seal, guard)
