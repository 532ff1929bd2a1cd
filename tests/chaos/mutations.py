"""`python -m tests.chaos.mutations`: 10,000 edits of timelines by somebody with the file and no key; 10,000 intact.

Each edit is one of its kind at a random place: flip a bit, delete, swap, cut off, add, sign anew with another key; in
rows, in what people wrote, in the seal, in the guards, in what was posted, in the tables of what is true now. All must
be noticed, and the first bad row named, or the table: which it is, the judge finds by comparing before and after,
without a key. An intact timeline of any
size must never be called bad. Prints its seed and its figures; exit code 1 on any violation.
"""

import argparse
import random
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field

from store.audit import Verdict, verify_against
from store.events import Head
from store.replay import TABLES
from store.sqlite import Database
from tests.chaos.closing import closes, ends, reaches
from tests.chaos.edits import BY_HEAD, EDITS, NO_ROW, guard, older
from tests.chaos.timelines import KEY, empty_one, loaded, timeline

TEMPLATES = 25  # timelines that are edited again and again, of any size up to LONGEST
LONGEST = 60
_GUARDS = """SELECT type, name, sql FROM sqlite_schema
    WHERE type = 'trigger' OR (type = 'index' AND tbl_name = 'events' AND sql LIKE 'CREATE UNIQUE%')"""


@dataclass
class Figures:
    """What was tried, by kind, and what was *wrong*."""

    edits: Counter[str] = field(default_factory=Counter)
    intact: int = 0
    rows: int = 0
    wrong: list[str] = field(default_factory=list)


def bad(before: sqlite3.Connection, after: sqlite3.Connection) -> int | None:
    """The first row that is not as it was, or whose text is not; by comparing, without a key."""
    sql = """SELECT e.id, e.at, e.subject, e.kind, e.actor, e.data, e.digest, e.mac, t.digest, t.text
        FROM events AS e LEFT JOIN texts AS t ON t.digest = e.digest ORDER BY e.id"""
    was = {row[0]: row for row in before.execute(sql)}
    now = {row[0]: row for row in after.execute(sql)}
    other = {id_ for id_ in was.keys() | now.keys() if was.get(id_) != now.get(id_)}
    other |= set(range(1, max(now, default=0))) - now.keys()  # a number is missing before one that was added
    return min(other, default=None)


def told_otherwise(before: sqlite3.Connection, after: sqlite3.Connection) -> set[str]:
    """The tables of what is true now that are not as they were; by comparing."""
    both = [
        {table: sorted(map(repr, one.execute(f"SELECT * FROM {table}"))) for table in TABLES} for one in (before, after)
    ]
    return {table for table in TABLES if both[0][table] != both[1][table]}


def one(image: bytes, heads: tuple[Head, ...], chance: random.Random, figures: Figures) -> None:
    """One edit of the timeline *image*, judged."""
    edit = chance.choices(list(EDITS), list(EDITS.values()))[0]
    with closing(loaded(image)) as before, closing(loaded(image)) as raw:
        guards = raw.execute(_GUARDS).fetchall()
        if edit is not guard:
            for type_, name, _ in guards:
                raw.execute(f"DROP {type_} {name}")
        raw.execute("PRAGMA ignore_check_constraints = ON")
        raw.execute("PRAGMA foreign_keys = OFF")
        told = edit(raw, chance, heads)
        if edit is not guard:
            for *_, sql in guards:
                with suppress(sqlite3.IntegrityError):  # twice what may happen once: then the index stays away
                    raw.execute(sql)
        verdict = verify_against(Database(raw, execute_plugins=False), KEY, told or ())
        first, tables = bad(before, raw), told_otherwise(before, raw)
    figures.edits[edit.__name__] += 1
    if verdict.ok:
        figures.wrong.append(f"{edit.__name__} was not noticed, from row {first} on")
    elif first is None and tables:
        if verdict.table not in tables:
            figures.wrong.append(f"{edit.__name__}: {tables} differ, {verdict.table} was named: {verdict.why}")
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
    figures, chance, empty = reaches("mutations", Figures()), random.Random(seed), empty_one()
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
    sys.exit(ends(main))
