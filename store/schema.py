"""The tables, as small migrations in order. A database that has seen a migration never sees it again.

Add a function, never change one: databases in the field have run the ones below.
"""

from contextlib import closing
from functools import cache

from store.sqlite import Database, Migrations
from store.tables import (
    alerts,
    approvals,
    custody,
    errands,
    incidents,
    left_out,
    mails,
    operations,
    queues,
    reviews,
    signed,
    story,
    titles,
    traces,
    watch,
)

migrations = Migrations("aikeys")

APPLICATION_ID = 0x41494B59  # "AIKY" in the file's header: another program's database is not touched


@cache
def known() -> tuple[str, ...]:
    """The names of all migrations of this version, in order."""
    with closing(Database(memory=True)) as nothing:
        return tuple(one.name for one in migrations.pending(nothing))


@migrations()
def m001_events(db: Database) -> None:
    """The timeline: append-only, chained; people's words apart, so that one can be taken back."""
    db.executescript("""
        CREATE TABLE texts (
            digest      TEXT PRIMARY KEY,  -- HMAC-SHA256 of the text with the audit key, hex
            text        TEXT,              -- null once redacted: a tombstone
            redacted_at TEXT,
            redacted_by TEXT,              -- the two who did it, separated by a comma
            CHECK ((text IS NULL) = (redacted_at IS NOT NULL AND redacted_by IS NOT NULL))
        ) STRICT;
        CREATE TABLE events (
            id      INTEGER PRIMARY KEY,   -- 1, 2, 3 … without a gap
            at      TEXT NOT NULL,         -- UTC, ISO 8601, microseconds
            subject TEXT NOT NULL,         -- what it happened to: incident/7, function/health
            kind    TEXT NOT NULL,         -- what happened: incident.opened
            actor   TEXT NOT NULL,         -- who did it: a Slack user id, or bot
            data    TEXT NOT NULL CHECK (json_valid(data)),
            digest  TEXT REFERENCES texts (digest),
            mac     TEXT NOT NULL          -- HMAC-SHA256 over the row and the mac before it, hex
        ) STRICT;
        CREATE INDEX events_by_subject ON events (subject, id);
        CREATE INDEX events_by_kind ON events (kind, id);
        -- One row: where the chain ends, sealed with the key, so that a cut-off tail shows.
        CREATE TABLE chain (
            one     INTEGER PRIMARY KEY CHECK (one = 1),
            key     TEXT NOT NULL,         -- tells a wrong key from a changed row
            last_id INTEGER NOT NULL,
            seal    TEXT NOT NULL
        ) STRICT;

        CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
        CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
        CREATE TRIGGER texts_are_only_redacted BEFORE UPDATE ON texts
        WHEN OLD.text IS NULL OR NEW.text IS NOT NULL OR NEW.digest IS NOT OLD.digest
        BEGIN SELECT RAISE(ABORT, 'a text can be redacted, once, and not changed'); END;
        CREATE TRIGGER texts_are_never_deleted BEFORE DELETE ON texts
        BEGIN SELECT RAISE(ABORT, 'a text can be redacted, not deleted'); END;
    """)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@migrations()
def m002_inbox(db: Database) -> None:
    """What Slack has handed over, committed before it is acknowledged."""
    db.executescript("""
        CREATE TABLE deliveries (
            id            INTEGER PRIMARY KEY,
            key           TEXT NOT NULL UNIQUE,  -- what two deliveries of one thing have in common
            kind          TEXT NOT NULL,         -- command, click, submission, event …
            envelope_id   TEXT NOT NULL,
            received_at   TEXT NOT NULL,
            payload       TEXT NOT NULL,         -- JSON; emptied when settled
            acked_at      TEXT,
            ack           TEXT,                  -- the payload first sent with the ack, JSON; null for a bare ack
            reply_channel TEXT,
            reply_ts      TEXT,
            settled_at    TEXT,
            outcome       TEXT
        ) STRICT;
        CREATE INDEX deliveries_unfinished ON deliveries (id) WHERE settled_at IS NULL;
        CREATE INDEX deliveries_by_age ON deliveries (received_at);
    """)


@migrations()
def m003_samples(db: Database) -> None:
    """What each look at the outside found: raw for a day, by the hour for a month, by the day for a year."""
    columns = """
            start   REAL NOT NULL,       -- seconds since 1970, UTC
            source  TEXT NOT NULL,
            part    TEXT NOT NULL,
            count   INTEGER NOT NULL,
            failed  INTEGER NOT NULL,
            unknown INTEGER NOT NULL,    -- could not be read: neither good nor bad
            min_ms  REAL,
            avg_ms  REAL,
            p95_ms  REAL,
            max_ms  REAL,
            PRIMARY KEY (source, part, start)
    """
    for table in ("sample_hours", "sample_days"):
        db.execute(f"CREATE TABLE {table} ({columns}) STRICT, WITHOUT ROWID")
    db.executescript("""
        CREATE TABLE samples (
            at         REAL NOT NULL,    -- seconds since 1970, UTC
            source     TEXT NOT NULL,    -- who was asked: wallet, management
            part       TEXT NOT NULL,    -- about what: database, auth; empty for the source itself
            state      TEXT NOT NULL CHECK (state IN ('ok', 'failed', 'unknown')),
            latency_ms REAL,
            value      REAL,
            detail     TEXT,
            PRIMARY KEY (source, part, at)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX samples_by_age ON samples (at);
        -- One row: raw samples before raw_from are gone; hours before rolled_to have been summed up.
        CREATE TABLE sample_marks (
            one       INTEGER PRIMARY KEY CHECK (one = 1),
            raw_from  REAL NOT NULL,
            rolled_to REAL NOT NULL
        ) STRICT;
        INSERT INTO sample_marks VALUES (1, 0, 0);
    """)


@migrations()
def m004_views(db: Database) -> None:
    """What is true now, kept by triggers so that it cannot disagree with the timeline."""
    db.executescript("""
        CREATE TABLE open_incidents (
            subject   TEXT PRIMARY KEY,
            dedup_key TEXT NOT NULL UNIQUE,  -- one open incident per cause
            severity  TEXT NOT NULL CHECK (severity IN ('P0', 'P1')),
            title     TEXT NOT NULL,
            opened_at TEXT NOT NULL,
            event_id  INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX one_opening ON events (subject) WHERE kind = 'incident.opened';
        CREATE TRIGGER incident_opened AFTER INSERT ON events WHEN NEW.kind = 'incident.opened'
        BEGIN
            INSERT INTO open_incidents VALUES (
                NEW.subject, json_extract(NEW.data, '$.dedup_key'), json_extract(NEW.data, '$.severity'),
                json_extract(NEW.data, '$.title'), NEW.at, NEW.id);
        END;
        CREATE TRIGGER incident_resolved AFTER INSERT ON events WHEN NEW.kind = 'incident.resolved'
        BEGIN
            SELECT RAISE(ABORT, 'too late: no such incident is open')
            WHERE NOT EXISTS (SELECT 1 FROM open_incidents WHERE subject = NEW.subject);
            DELETE FROM open_incidents WHERE subject = NEW.subject;
        END;

        CREATE TABLE last_deploys (
            function  TEXT PRIMARY KEY,
            version   INTEGER,
            commit_id TEXT,
            ok        INTEGER NOT NULL CHECK (ok IN (0, 1)),
            at        TEXT NOT NULL,
            actor     TEXT NOT NULL,
            event_id  INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER deploy_finished AFTER INSERT ON events WHEN NEW.kind = 'deploy.finished'
        BEGIN
            INSERT OR REPLACE INTO last_deploys VALUES (
                json_extract(NEW.data, '$.function'), json_extract(NEW.data, '$.version'),
                json_extract(NEW.data, '$.commit'), json_extract(NEW.data, '$.ok'), NEW.at, NEW.actor, NEW.id);
        END;

        -- A timeline that was begun before this migration.
        INSERT INTO open_incidents
        SELECT subject, json_extract(data, '$.dedup_key'), json_extract(data, '$.severity'),
               json_extract(data, '$.title'), at, id
        FROM events AS opened WHERE kind = 'incident.opened' AND NOT EXISTS (
            SELECT 1 FROM events WHERE kind = 'incident.resolved' AND subject = opened.subject AND id > opened.id);
        INSERT OR REPLACE INTO last_deploys
        SELECT json_extract(data, '$.function'), json_extract(data, '$.version'), json_extract(data, '$.commit'),
               json_extract(data, '$.ok'), at, actor, id
        FROM events WHERE kind = 'deploy.finished' ORDER BY id;
    """)


@migrations()
def m005_approvals(db: Database) -> None:
    """Requests, votes, one decision each; broken glass until it is reviewed."""
    db.executescript(approvals.SQL)


@migrations()
def m006_operations(db: Database) -> None:
    """Operations, their steps, the freeze, saved bodies."""
    db.executescript(operations.SQL)


@migrations()
def m007_queues(db: Database) -> None:
    """Timers and the outbox."""
    db.executescript(queues.SQL)


@migrations()
def m008_traces(db: Database) -> None:
    """How answers came about."""
    db.executescript(traces.SQL)


@migrations()
def m009_reviews(db: Database) -> None:
    """Reviews that somebody signs; a broken glass is one of them."""
    db.executescript(reviews.SQL)


@migrations()
def m012_incidents(db: Database) -> None:
    """Incidents with their state."""
    db.executescript(incidents.SQL)


@migrations()
def m014_custody(db: Database) -> None:
    """Sealed boxes of secrets that were replaced, for some hours."""
    db.executescript(custody.SQL)


@migrations()
def m017_mails(db: Database) -> None:
    """What is sent by mail."""
    db.executescript(mails.SQL)


@migrations()
def m017_errands(db: Database) -> None:
    """What has to be done about an incident."""
    db.executescript(errands.SQL)


@migrations()
def m018_alerts(db: Database) -> None:
    """Alerts from elsewhere, counted; what was known when the bot was last alive."""
    db.executescript(alerts.SQL)


@migrations()
def m019_watch(db: Database) -> None:
    """Silences, maintenances, a day of looks."""
    db.executescript(watch.SQL)


@migrations()
def m020_story(db: Database) -> None:
    """What people add to an incident; its timeline by time and by words."""
    db.executescript(story.SQL)


@migrations()
def m021_left_out(db: Database) -> None:
    """How many alerts their sender has left out."""
    db.executescript(left_out.SQL)


@migrations()
def m022_titles(db: Database) -> None:
    """What people called an incident can be taken back; words by their stem."""
    db.executescript(titles.SQL)


@migrations()
def m023_signed(db: Database) -> None:
    """Each delivery bears a signature."""
    db.executescript(signed.SQL)
