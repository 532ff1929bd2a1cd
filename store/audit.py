"""Has anybody edited the timeline? Reads the chain from the first row to the last and names the first that is wrong.

What it notices without help: a row changed in any column, added, moved or removed, anywhere; a text changed or taken
away without a record; the guards against editing gone; a table of what is true now (store.replay.TABLES) that says
otherwise than the rows. What it needs posted heads for: an older copy of the whole file put back, or everything signed
anew by somebody who has the key.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from store import chain, comparing, guards
from store.events import REDACTED, Head
from store.replay import Impossible, Replay, Row
from store.sqlite import Database


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. *rows*: how many were found good; *head*: the last of them.

    *bad_id*: the first row that is wrong, missing or not to be proved; None where the fault is not in a row.
    *table*: of what is true now, the one that says otherwise than the rows; those are good then. *why*: in words, empty
    when *ok*.
    """

    ok: bool
    rows: int
    head: Head | None
    bad_id: int | None = None
    why: str = ""
    table: str = ""

    @property
    def where(self) -> str:
        """What is wrong, where it is not ok: a row, a table, or the timeline."""
        return f"row {self.bad_id}" if self.bad_id is not None else self.table or "the timeline"

    @property
    def good(self) -> str:
        """What is good all the same."""
        return f"all {self.rows} rows of the timeline are" if self.table else f"{self.rows} rows before it are"


# As blobs: bytes that are no longer text must be judged, not fail to be read.
_ROWS = """SELECT e.id, CAST(e.mac AS BLOB), CAST(e.digest AS BLOB), t.digest IS NOT NULL, CAST(t.text AS BLOB),
    CAST(e.at AS BLOB), CAST(e.subject AS BLOB), CAST(e.kind AS BLOB), CAST(e.actor AS BLOB), CAST(e.data AS BLOB)
    FROM events AS e LEFT JOIN texts AS t ON t.digest = e.digest ORDER BY e.id"""


def verify(db: Database, key: bytes, *, behind: bool = False) -> Verdict:
    """Check the whole chain in *db* under *key*. Constant memory; some 100,000 rows a second.

    On another connection than the store's own it may run in a thread, beside a running bot (`look_into`). *behind*: it
    may be as an older version has left it. A running bot's is not: there a guard that is missing was removed.
    """
    return verify_against(db, key, (), behind=behind)


def verify_against(db: Database, key: bytes, heads: Iterable[Head], *, behind: bool = False) -> Verdict:
    """The same, and hold the chain against *heads* that were posted where nobody with the file can change them."""
    before = guards.level(db) if behind else ""
    with _one_moment(db), closing(Replay(before)) as told:
        return _Check(db, key, heads, told, before).verdict()


class _Bad(Exception):  # not an error: how the reading ends
    def __init__(self, bad_id: int | None, why: str, table: str = "") -> None:
        super().__init__(why)
        self.bad_id = bad_id
        self.table = table


class _Check:
    def __init__(self, db: Database, key: bytes, heads: Iterable[Head], told: Replay, before: str) -> None:
        self.told = told
        self.before = before
        self.impossible: Impossible | None = None
        self.db = db
        self.key = key
        self.posted: dict[int, set[str]] = {}
        for head in heads:
            self.posted.setdefault(head.id, set()).add(head.mac)
        self.good = Head(0, chain.GENESIS)
        # Redactions: digests whose text is gone, with the first row that names them; digests with a record of it.
        self.gone: dict[str, int] = {}
        self.recorded: set[str] = set()

    def verdict(self) -> Verdict:
        try:
            self._key()
            rows = self.db.conn.execute(_ROWS)
            for row in rows:
                self._row(row, rows)
            self._end()
            self._guards()
            self._tables()
        except _Bad as bad:
            head = self.good if self.good.id else None
            return Verdict(False, self.good.id, head, bad.bad_id, str(bad), bad.table)
        return Verdict(True, self.good.id, self.good if self.good.id else None)

    def _key(self) -> None:
        check = self.db.conn.execute("SELECT CAST(key AS BLOB) FROM chain").fetchone()
        if check is None or chain.same(_text(check[0]) or "", chain.key_check(self.key)):
            return
        first = self.db.conn.execute(_ROWS).fetchone()
        if first is not None and self._fits(chain.GENESIS, first):
            raise _Bad(None, "the mark that tells one audit key from another was changed")
        raise _Bad(None, "wrong key: this is not the audit key that the timeline was begun with")

    def _row(self, row: tuple[Any, ...], following: Iterator[tuple[Any, ...]]) -> None:
        id_, expected = row[0], self.good.id + 1
        if id_ != expected:
            if id_ < expected:
                raise _Bad(id_, f"row {id_} was added: the timeline begins with row 1")
            last = f" to {id_ - 1}" if id_ - 1 > expected else ""
            raise _Bad(expected, f"missing: row {expected}{last} was removed")
        if not self._fits(self.good.mac, row):
            after = next(following, None)
            if after is not None and self._fits(_text(row[1]) or "", after):
                raise _Bad(id_, f"row {id_} was changed: its mac is the one it was written with, its content is not")
            raise _Bad(id_, f"chain broken: row {id_} was not written by the bot, or not in this place")
        self._words(row)
        mac = _text(row[1]) or ""
        if any(posted != mac for posted in self.posted.pop(id_, ())):
            raise _Bad(id_, f"rewritten: row {id_} is not the one that the head posted then stood for")
        self.good = Head(id_, mac)
        self._tell(row)

    def _tell(self, row: tuple[Any, ...]) -> None:
        if self.impossible is None and row[7].decode("utf-8", "replace") in self.told.kinds:
            at, subject, kind, actor, data = (_text(row[column]) or "" for column in range(5, 10))
            try:
                self.told.tell(Row(row[0], at, subject, kind, actor, data, _text(row[2]), _text(row[4])))
            except Impossible as found:
                self.impossible = found

    def _words(self, row: tuple[Any, ...]) -> None:
        id_, digest, there, text, kind = row[0], _text(row[2]), row[3], row[4], row[7]
        if kind == REDACTED.encode():
            taken = str(json.loads(row[9]).get("digest"))
            self.recorded.add(taken)
            self.gone.pop(taken, None)
        if digest is None:
            return
        if not there:
            raise _Bad(id_, f"missing: the text of row {id_} was removed")
        if text is None:
            if digest not in self.recorded:
                self.gone.setdefault(digest, id_)
        elif not chain.same(chain.text_digest(self.key, text), digest):
            raise _Bad(id_, f"the text of row {id_} was changed")

    def _end(self) -> None:
        sealed = self.db.conn.execute("SELECT last_id, CAST(seal AS BLOB) FROM chain").fetchone()
        if sealed is None:
            raise _Bad(None, "the seal over the end of the timeline was removed")
        last_id, seal = sealed
        if last_id > self.good.id:
            raise _Bad(self.good.id + 1, f"missing: the end was cut off, rows {self.good.id + 1} to {last_id}")
        if last_id != self.good.id or not chain.same(
            _text(seal) or "", chain.seal(self.key, self.good.id, self.good.mac)
        ):
            raise _Bad(self.good.id or None, "the seal over the end of the timeline was changed")
        if self.posted:
            first = min(self.posted)
            raise _Bad(self.good.id + 1, f"missing: a head was posted for row {first}, the timeline ends before it")
        if self.gone:
            first = min(self.gone.values())
            raise _Bad(first, f"the text of row {first} was taken away without a record of it")

    def _guards(self) -> None:
        if said := guards.fault(self.db, self.before):
            raise _Bad(None, said)

    def _tables(self) -> None:
        """What is true now follows from the rows, and from nothing else."""
        if self.impossible is not None:
            raise _Bad(self.impossible.id, str(self.impossible))
        table, said = comparing.difference(self.db.conn, self.told)
        if said:
            raise _Bad(None, said, table)

    def _fits(self, before: str, row: tuple[Any, ...]) -> bool:
        columns = tuple(_text(row[index]) for index in (5, 6, 7, 8, 9, 2))
        mac = _text(row[1])
        return mac is not None and chain.same(mac, chain.row_mac(self.key, before, row[0], columns))


def _text(blob: bytes | None) -> str | None:
    # Bytes that are not UTF-8 come from nobody's honest hand; as escapes they stay apart from any text that does.
    return None if blob is None else blob.decode("utf-8", "surrogateescape")


@contextmanager
def _one_moment(db: Database) -> Iterator[None]:
    """All reads inside see the database as it is now, whatever is written meanwhile."""
    if db.conn.in_transaction:
        yield
        return
    db.conn.execute("BEGIN")
    try:
        yield
    finally:
        db.conn.execute("ROLLBACK")
