"""Do the pages of the file fit together? Asked beside a running bot; what the rows say, the chain tells."""

from pathlib import Path

from store.connection import Connection
from store.database import look_into
from store.errors import RESTORE, StoreDamaged


def check(path: Path) -> None:
    """Read the whole file, for a thread: some 300 MB a second. Raises StoreDamaged, StoreError."""
    db = look_into(path)
    try:
        with Connection(db, path).reading():
            found = [row[0] for row in db.conn.execute("PRAGMA quick_check(3)")]
    finally:
        db.close()
    if found != ["ok"]:
        raise StoreDamaged(f"{path} is damaged ({'; '.join(found)}). {RESTORE}")
