"""Opening the memory: one SQLite file, one process, one connection on the event loop's thread.

Write-ahead log with synchronous=FULL: what is committed survives kill -9 and the loss of power (sqlite.org/wal.html).
Writes are short and synchronous (0.2 to 1 ms), so they run on the loop itself; many at once go in one transaction.
"""

import os
import sqlite3
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from store import chain, texts
from store.alerts import Alerts
from store.approvals import Approvals
from store.bodies import Bodies
from store.connection import Connection
from store.custody import Custody
from store.errands import Errands
from store.errors import (
    RESTORE,
    StoreDamaged,
    StoreError,
    StoreFailed,
    StoreMissing,
    StoreNewer,
    WrongAuditKey,
    from_os,
)
from store.events import Events
from store.held import Held
from store.inbox import Arrival, Inbox
from store.incidents import Incidents
from store.lock import Lock, claim
from store.looks import Looks
from store.mails import Mails
from store.operations import Operations
from store.outbox import Outbox
from store.quiet import Quiet
from store.quotes import People, Quotes
from store.reviews import Reviews
from store.samples import Samples
from store.schema import APPLICATION_ID, known, migrations
from store.sqlite import ByTheLine, Database
from store.story import Story
from store.timers import Timers
from store.traces import Traces

BUSY_TIMEOUT_MS = 2_000  # another program may look into the file; Slack waits 3 s for an ack (docs.slack.dev)
ROOM = 4 * 1024 * 1024  # bytes that must be free on the disk for `writable` to say yes: the log's usual size
EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Store:
    """What is remembered. *db* is for reading; writes go through its parts."""

    path: Path
    events: Events
    inbox: Inbox
    samples: Samples
    approvals: Approvals
    reviews: Reviews
    incidents: Incidents
    story: Story
    quotes: Quotes
    people: People
    alerts: Alerts
    operations: Operations
    held: Held
    timers: Timers
    outbox: Outbox
    mails: Mails
    errands: Errands
    bodies: Bodies
    traces: Traces
    custody: Custody
    quiet: Quiet
    looks: Looks
    connection: Connection
    lock: Lock

    @property
    def db(self) -> Database:
        """The database, for queries."""
        return self.connection.db

    def transaction(self) -> AbstractContextManager[None]:
        """All writes inside are committed together, or none. No `await` inside."""
        return self.connection.transaction()

    def forget(self) -> None:
        """Cut the write-ahead log, which still holds what was redacted in a transaction that is over."""
        texts.forget(self.connection)

    def forget_again(self) -> None:
        """Cut it where somebody who was reading the file kept it from being cut. Costs nothing else."""
        if self.connection.uncut:
            self.forget()

    def writable(self) -> bool:
        """True when a delivery could be written now: one is, and taken back before it reaches the disk."""
        return not self.unwritable()

    def unwritable(self) -> str:
        """Why nothing can be written now, in a sentence; empty where it can."""
        connection = self.connection
        try:
            if connection.trouble:
                connection.proves()
            with connection.trial():
                self.inbox.admit([Arrival("writable", "probe", "", "x" * 2048)], EPOCH)
            disk = os.statvfs(self.path)
        except StoreError as error:
            return str(error)
        except OSError as error:
            return str(from_os(error, self.path))
        if disk.f_bavail * disk.f_frsize < ROOM:
            return f"The disk under {self.path} is full. Make room; no restart is needed."
        return ""

    def steady(self) -> bool:
        """False while nothing can be written: nothing may be begun whose end could not be. Costs nothing else."""
        return not self.connection.trouble or not self.unwritable()

    def close(self) -> None:
        """Commit the marks that wait, close the file, let the next process in. Twice is once."""
        if not self.lock.held:
            return
        try:
            self.inbox.flush()
        finally:
            self.held.close()
            self.db.close()
            self.lock.release()


@dataclass(frozen=True, slots=True)
class Remembered:
    """Implements `Memory`."""

    events: Events
    incidents: Incidents
    story: Story
    samples: Samples
    people: People


def remembered(db: Database, path: Path) -> Remembered:
    """The memory over a database that was opened for reading only (`look_into`), beside a running bot."""
    connection = Connection(db, path)
    events = Events(connection, b"")
    return Remembered(
        events, Incidents(connection, events), Story(connection, events), Samples(connection), People(connection)
    )


def open_store(path: Path, *, audit_key: bytes, max_bytes: int | None = None, lock: Lock | None = None) -> Store:
    """Open the database at *path*, or make it (mode 0600; its folder too, if only that is missing).

    *audit_key* signs the timeline and has to be the same at every start. *max_bytes* limits the file (the write-ahead
    log comes on top, a few MB): beyond it a write raises StoreFull. *lock*: that of `claim`, taken before; it is let go
    where it cannot be opened. Raises StoreUnusable, StoreFull or StoreFailed; the file is then as it was.
    """
    if len(audit_key) < 16:
        raise ValueError("the audit key needs at least 16 bytes")
    path = path.absolute()
    lock = lock or claim(path)
    try:
        connection = _open(path, max_bytes)
        try:
            _begin(connection, audit_key)
            events = Events(connection, audit_key)
            reviews = Reviews(connection, events)
            connection.hold()
            return Store(
                path=path,
                events=events,
                inbox=Inbox(connection, audit_key),
                samples=Samples(connection),
                approvals=Approvals(connection, events, reviews),
                reviews=reviews,
                incidents=Incidents(connection, events),
                story=Story(connection, events),
                quotes=Quotes(connection),
                people=People(connection),
                alerts=Alerts(connection),
                operations=Operations(connection, events),
                held=Held(connection, audit_key),
                timers=Timers(connection),
                outbox=Outbox(connection),
                mails=Mails(connection),
                errands=Errands(connection),
                bodies=Bodies(connection),
                traces=Traces(connection),
                custody=Custody(connection),
                quiet=Quiet(connection, events),
                looks=Looks(connection),
                connection=connection,
                lock=lock,
            )
        except BaseException:
            connection.db.close()
            raise
    except BaseException:
        lock.release()
        raise


def look_into(path: Path) -> Database:
    """Open the database at *path* for reading only, beside a running bot: no lock, no migration.

    For `aikeys audit verify`, exports and stats; from any one thread. Raises StoreMissing or StoreDamaged.
    """
    if not path.is_file():
        raise StoreMissing(f"There is no database at {path}. Correct the path.")
    db = Database(
        sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_TIMEOUT_MS / 1000),
        execute_plugins=False,
    )
    try:
        with Connection(db, path).reading():
            (application,) = db.conn.execute("PRAGMA application_id").fetchone()
    except BaseException:
        db.close()
        raise
    if application != APPLICATION_ID:
        db.close()
        raise StoreDamaged(f"{path} is not the bot's database. Correct the path.")
    return db


def _open(path: Path, max_bytes: int | None) -> Connection:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise from_os(error, path) from error
    conn = sqlite3.connect(path, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000, cached_statements=256)
    connection = Connection(ByTheLine(conn, execute_plugins=False), path)
    try:
        with connection.reading():
            _check(connection)
            conn.execute("PRAGMA journal_mode = WAL")
            conn.execute("PRAGMA synchronous = FULL")
            conn.execute("PRAGMA foreign_keys = ON")
            conn.execute("PRAGMA temp_store = MEMORY")
            # Zeroes over what is deleted or replaced, always: a card drawn anew would leave its old words in the page,
            # where who takes a text back later does not find them. Debian's SQLite does it by default, others do not.
            conn.execute("PRAGMA secure_delete = ON")
            if max_bytes is not None:
                (page_size,) = conn.execute("PRAGMA page_size").fetchone()
                conn.execute(f"PRAGMA max_page_count = {max(1, max_bytes // page_size)}")
    except BaseException:
        conn.close()
        raise
    return connection


def _check(connection: Connection) -> None:
    """Ours, whole, and not from the future. Reads only."""
    conn, path = connection.raw, connection.path
    if sqlite3.sqlite_version_info < (3, 37):
        raise StoreFailed(f"SQLite {sqlite3.sqlite_version} is too old for strict tables: 3.37 or newer is needed.")
    (tables,) = conn.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    (application,) = conn.execute("PRAGMA application_id").fetchone()
    if tables and application not in (0, APPLICATION_ID):
        raise StoreDamaged(f"{path} is another program's database. Correct the path.")
    if tables and application == 0 and not set(connection.db.table_names()) <= {migrations.migrations_table}:
        raise StoreDamaged(f"{path} is a database, but not the bot's. Correct the path.")
    found = [row[0] for row in conn.execute("PRAGMA quick_check(3)")]
    if found != ["ok"]:
        raise StoreDamaged(f"{path} is damaged ({'; '.join(found)}). {RESTORE}")
    newer = [done.name for done in migrations.applied(connection.db) if done.name not in known()]
    if newer:
        raise StoreNewer(
            f"{path} was migrated by a newer version of the bot ({', '.join(newer)}). "
            "Start that version, or restore a backup made before it."
        )


def _begin(connection: Connection, key: bytes) -> None:
    """Bring the tables up to date; begin the chain, or see that the key is the one it was begun with."""
    check = chain.key_check(key)
    # All that is new in one commit: each waits for the disk, and a first start makes every table there is.
    with connection.reading(), connection.transaction():
        migrations.apply(connection.db)
        row = connection.raw.execute("SELECT key FROM chain").fetchone()
        if row is None and connection.raw.execute("SELECT 1 FROM events LIMIT 1").fetchone() is None:
            connection.raw.execute("INSERT INTO chain VALUES (1, ?, 0, ?)", (check, chain.seal(key, 0, chain.GENESIS)))
            return
    if row is None:
        raise StoreDamaged(f"The end of the timeline in {connection.path} has been taken away. {RESTORE}")
    if not chain.same(row[0], check):
        raise WrongAuditKey(
            f"The timeline in {connection.path} was begun with another audit key. Give the bot that key again; "
            "with this one every row would look forged. `aikeys audit verify` says which rows are good."
        )
