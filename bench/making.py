"""Makes a timeline of any length in one transaction: signed, indexed and kept by the product's own chain and triggers.

What `append_many` does for each event, done in bulk: a million take minutes. That the outcome is the same timeline is
for `store.audit` to say, and a test asks it.
"""

import time
from collections.abc import Iterable, Iterator
from itertools import islice

from store import chain
from store.database import Store
from store.events import NewEvent
from store.times import to_text

AT_ONCE = 20_000
CACHE = 1 << 18  # KiB for SQLite while it is made: the digests of texts come in no order
_EVENT = "INSERT INTO events (id, at, subject, kind, actor, data, digest, mac) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_TEXT = "INSERT OR IGNORE INTO texts (digest, text) VALUES (?, ?)"

Made = tuple[list[tuple[object, ...]], dict[str, str]]


def fill(store: Store, key: bytes, events: Iterable[NewEvent]) -> float:
    """Write *events* into *store*, which is empty; return the seconds."""
    began, raw = time.perf_counter(), store.connection.raw
    (cache,) = raw.execute("PRAGMA cache_size").fetchone()
    raw.execute(f"PRAGMA cache_size = -{CACHE}")
    with store.transaction():
        last, mac = 0, chain.GENESIS
        for rows, texts in _signed(key, events):
            raw.executemany(_TEXT, texts.items())
            raw.executemany(_EVENT, rows)
            last, mac = int(str(rows[-1][0])), str(rows[-1][-1])
        raw.execute("UPDATE chain SET last_id = ?, seal = ?", (last, chain.seal(key, last, mac)))
    raw.execute(f"PRAGMA cache_size = {cache}")
    store.forget()  # the write-ahead log is as long as all of it
    return time.perf_counter() - began


def _signed(key: bytes, events: Iterable[NewEvent]) -> Iterator[Made]:
    waiting, id_, mac = iter(events), 0, chain.GENESIS
    while batch := list(islice(waiting, AT_ONCE)):
        rows: list[tuple[object, ...]] = []
        texts: dict[str, str] = {}
        for new in batch:
            id_ += 1
            digest = None
            if new.text is not None:
                digest = chain.text_digest(key, new.text.encode())
                texts[digest] = new.text
            columns = (to_text(new.at), new.subject, new.kind, new.actor, chain.canonical(dict(new.data)), digest)
            mac = chain.row_mac(key, mac, id_, columns)
            rows.append((id_, *columns, mac))
        yield rows, texts
