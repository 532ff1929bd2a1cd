"""`python -m tests.chaos.mutations`: 10,000 edits of timelines by somebody with the file and no key; 10,000 intact.

Each edit is one of its kind at a random place: flip a bit, delete, swap, cut off, add, sign anew with another key; in
rows, in what people wrote, in the seal, in the guards, in what was posted. All must be noticed, and the first bad row
named: which it is, the judge finds by comparing the rows before and after, without a key. An intact timeline of any
size must never be called bad. Prints its seed and its figures; exit code 1 on any violation.
"""

import argparse
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store import chain
from store.audit import Verdict, verify_against
from store.connection import Connection
from store.events import Events, Head
from store.schema import migrations
from store.sqlite import Database
from tests.chaos.closing import closes

KEY = b"the audit key of the chaos, 32 b"
NOON = datetime(2026, 7, 4, 12, tzinfo=UTC)
COLUMNS = ("at", "subject", "kind", "actor", "data", "digest", "mac")
TEMPLATES = 25  # timelines that are edited again and again, of any size up to LONGEST
LONGEST = 60


@dataclass
class Figures:
    """What was tried, by kind, and what was *wrong*."""

    edits: Counter[str] = field(default_factory=Counter)
    intact: int = 0
    rows: int = 0
    wrong: list[str] = field(default_factory=list)


Edit = Callable[[sqlite3.Connection, random.Random, tuple[Head, ...]], Sequence[Head] | None]


def timeline(chance: random.Random, rows: int, empty: bytes) -> sqlite3.Connection:
    """One in memory, with notes, some of them taken back."""
    raw = loaded(empty)
    connection = Connection(Database(raw, execute_plugins=False), Path("memory"))
    events = Events(connection, KEY)
    at, noted = NOON, []
    head = events.head()
    while head is None or head.id < rows:
        at += timedelta(seconds=chance.expovariate(1 / 60))
        subject, actor = f"function/{chance.randrange(4)}", chance.choice(["bot", "U0ANA", "U0BEN"])
        what = chance.random()
        if what < 0.3:
            text = chance.choice(["", "wörds ", "\N{BUG}"]) + str(chance.getrandbits(40))
            noted.append(events.append(subject, "noted", actor, {"n": chance.randrange(9)}, at, text=text).id)
        elif what < 0.35 and noted:
            events.redact(noted.pop(chance.randrange(len(noted))), "U0ANA", "U0BEN", at)
        else:
            events.append(subject, "looked", actor, {"x": chance.choice(["ü", 1, None, [1, {"a": "b"}]])}, at)
        head = events.head()
    return raw


def loaded(image: bytes) -> sqlite3.Connection:
    """A database in memory from its bytes."""
    raw = sqlite3.connect(":memory:", isolation_level=None)
    if image:
        raw.deserialize(image)
    return raw


def empty_one() -> bytes:
    """The bytes of a database with its tables, and its chain begun."""
    raw = sqlite3.connect(":memory:", isolation_level=None)
    migrations.apply(Database(raw, execute_plugins=False))
    raw.execute("INSERT INTO chain VALUES (1, ?, 0, ?)", (chain.key_check(KEY), chain.seal(KEY, 0, chain.GENESIS)))
    return raw.serialize()


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


EDITS: dict[Edit, int] = {
    flip: 30, flip_text: 12, seal: 6, delete: 14, swap: 10, cut: 8, add: 8, sign_anew: 8, guard: 4, older: 4,
    all_anew: 3, posted_flipped: 3,
}  # fmt: skip
# Where the fault is in what was posted, the row is that of the head; in the guards and the seal it is none at all.
BY_HEAD = (older, all_anew, posted_flipped)
NO_ROW = (seal, guard)


def bad(before: sqlite3.Connection, after: sqlite3.Connection) -> int | None:
    """The first row that is not as it was, or whose text is not; by comparing, without a key."""
    sql = """SELECT e.id, e.at, e.subject, e.kind, e.actor, e.data, e.digest, e.mac, t.digest, t.text
        FROM events AS e LEFT JOIN texts AS t ON t.digest = e.digest ORDER BY e.id"""
    was = {row[0]: row for row in before.execute(sql)}
    now = {row[0]: row for row in after.execute(sql)}
    other = {id_ for id_ in was.keys() | now.keys() if was.get(id_) != now.get(id_)}
    other |= set(range(1, max(now, default=0))) - now.keys()  # a number is missing before one that was added
    return min(other, default=None)


def one(image: bytes, heads: tuple[Head, ...], chance: random.Random, figures: Figures) -> None:
    """One edit of the timeline *image*, judged."""
    edit = chance.choices(list(EDITS), list(EDITS.values()))[0]
    with closing(loaded(image)) as before, closing(loaded(image)) as raw:
        guards = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        if edit is not guard:
            for name, _ in guards:
                raw.execute(f"DROP TRIGGER {name}")
        raw.execute("PRAGMA ignore_check_constraints = ON")
        raw.execute("PRAGMA foreign_keys = OFF")
        told = edit(raw, chance, heads)
        if edit is not guard:
            for _, sql in guards:
                raw.execute(sql)
        verdict = verify_against(Database(raw, execute_plugins=False), KEY, told or ())
        first = bad(before, raw)
    figures.edits[edit.__name__] += 1
    if verdict.ok:
        figures.wrong.append(f"{edit.__name__} was not noticed, from row {first} on")
    elif edit not in BY_HEAD + NO_ROW and not _named(verdict, first):
        figures.wrong.append(
            f"{edit.__name__}: the first bad row is {first}, {verdict.bad_id} was named: {verdict.why}"
        )
    elif edit in BY_HEAD and edit is not older and verdict.bad_id != (told or heads)[0].id and verdict.bad_id != first:
        figures.wrong.append(f"{edit.__name__}: {verdict.bad_id} was named, posted was {told}")


def _named(verdict: Verdict, first: int | None) -> bool:
    # Where all that is left is in order and only the seal tells, the last good row is named: the fault begins after it.
    return verdict.bad_id == first or ((verdict.bad_id or 0) + 1 == first and "seal" in verdict.why)


def tried(edits: int, chance: random.Random, figures: Figures, empty: bytes) -> None:
    """So many edits of some timelines."""
    templates: list[tuple[bytes, tuple[Head, ...]]] = []
    for _ in range(TEMPLATES):
        with closing(timeline(chance, chance.randint(1, LONGEST), empty)) as raw:
            found = raw.execute("SELECT id, mac FROM events ORDER BY id").fetchall()
            templates.append((raw.serialize(), tuple(Head(*row) for row in found)))
    for _ in range(edits):
        one(*chance.choice(templates), chance, figures)


def intact(count: int, chance: random.Random, figures: Figures, empty: bytes) -> None:
    """So many timelines that nobody edited, most of them short, held against heads of their own."""
    for _ in range(count):
        rows = min(400, 1 + int(chance.expovariate(1 / 12)))
        with closing(timeline(chance, rows, empty)) as raw:
            heads = [Head(*row) for row in raw.execute("SELECT id, mac FROM events WHERE id % 5 = 0")]
            verdict = verify_against(Database(raw, execute_plugins=False), KEY, heads)
        figures.intact += 1
        figures.rows += verdict.rows
        if not verdict.ok:
            figures.wrong.append(f"an intact timeline of {rows} rows was called bad: {verdict.why}")


def run(edits: int, chains: int, seed: int) -> Figures:
    """All of it."""
    figures, chance, empty = Figures(), random.Random(seed), empty_one()
    tried(edits, chance, figures, empty)
    intact(chains, chance, figures, empty)
    return figures


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.mutations", description=__doc__)
    parser.add_argument("--edits", type=int, default=10_000, help="how many (10,000)")
    parser.add_argument("--intact", type=int, default=10_000, help="timelines that nobody edits (10,000)")
    parser.add_argument("--seed", type=int, default=7, help="of all that is random (7)")
    wanted = parser.parse_args()
    began = time.monotonic()
    figures = run(wanted.edits, wanted.intact, wanted.seed)
    kinds = ", ".join(f"{name} {count}" for name, count in figures.edits.most_common())
    return closes(
        figures.wrong,
        f"mutations: {figures.edits.total()} edits ({kinds}); {figures.intact} intact ones of {figures.rows} rows; "
        f"{len(figures.wrong)} wrong; {time.monotonic() - began:.0f} s, seed {wanted.seed}",
    )


if __name__ == "__main__":
    sys.exit(main())
