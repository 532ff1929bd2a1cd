"""The tables of operations: one at a time per project, steps with an intent before and a result after the effect."""

SQL = """
    CREATE TABLE operations (
        subject    TEXT PRIMARY KEY,        -- operation/7
        number     INTEGER NOT NULL UNIQUE,
        project    TEXT NOT NULL,
        started_by TEXT NOT NULL,
        started_at TEXT NOT NULL,
        start_id   INTEGER NOT NULL,        -- the event that holds what is to be done
        state      TEXT NOT NULL DEFAULT 'running'
            CHECK (state IN ('running', 'needs-human', 'done', 'failed', 'cancelled')),
        state_id   INTEGER NOT NULL,        -- the event that brought the state about
        cancel_by  TEXT                     -- who asked for it to stop after the step under way
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX one_operation_per_project ON operations (project) WHERE state IN ('running', 'needs-human');
    CREATE UNIQUE INDEX one_start ON events (subject) WHERE kind = 'operation.started';
    CREATE UNIQUE INDEX one_end ON events (subject) WHERE kind = 'operation.finished';

    CREATE TABLE operation_steps (
        subject   TEXT NOT NULL REFERENCES operations (subject),
        step      INTEGER NOT NULL,         -- 0, 1, 2 …
        attempt   INTEGER NOT NULL,         -- 1, 2 …
        name      TEXT NOT NULL,
        begun_at  TEXT NOT NULL,
        intent_id INTEGER NOT NULL,
        outcome   TEXT CHECK (outcome IN ('done', 'not-done', 'failed', 'unknown')),  -- null: intent without result
        ended_at  TEXT,
        result_id INTEGER,
        PRIMARY KEY (subject, step, attempt),
        CHECK ((outcome IS NULL) = (result_id IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE freeze (
        one      INTEGER PRIMARY KEY CHECK (one = 1),
        by       TEXT NOT NULL,
        at       TEXT NOT NULL,
        until    TEXT NOT NULL,
        event_id INTEGER NOT NULL           -- its text is the reason
    ) STRICT;
    CREATE TRIGGER freeze_set AFTER INSERT ON events WHEN NEW.kind = 'freeze.set'
    BEGIN
        INSERT OR REPLACE INTO freeze VALUES (1, NEW.actor, NEW.at, json_extract(NEW.data, '$.until'), NEW.id);
    END;
    CREATE TRIGGER freeze_lifted AFTER INSERT ON events WHEN NEW.kind = 'freeze.lifted'
    BEGIN
        SELECT RAISE(ABORT, 'too late: nothing is frozen') WHERE NOT EXISTS (SELECT 1 FROM freeze);
        DELETE FROM freeze;
    END;

    CREATE TRIGGER operation_started AFTER INSERT ON events WHEN NEW.kind = 'operation.started'
    BEGIN
        SELECT RAISE(ABORT, 'changes are frozen') WHERE json_extract(NEW.data, '$.passes_freeze') = 0
        AND EXISTS (SELECT 1 FROM freeze WHERE until > NEW.at);
        INSERT INTO operations (subject, number, project, started_by, started_at, start_id, state_id)
        VALUES (NEW.subject, json_extract(NEW.data, '$.number'), json_extract(NEW.data, '$.project'), NEW.actor,
            NEW.at, NEW.id, NEW.id);
    END;

    CREATE TRIGGER step_intended AFTER INSERT ON events WHEN NEW.kind = 'step.intent'
    BEGIN
        SELECT RAISE(ABORT, 'too late: no such operation is running') WHERE NOT EXISTS (
            SELECT 1 FROM operations WHERE subject = NEW.subject AND state = 'running');
        SELECT RAISE(ABORT, 'an effect whose fate is unknown is asked about, not repeated') WHERE EXISTS (
            SELECT 1 FROM operation_steps WHERE subject = NEW.subject
            AND (outcome IS NULL OR outcome = 'unknown'
                OR (outcome = 'done' AND step = json_extract(NEW.data, '$.step'))));
        INSERT INTO operation_steps (subject, step, attempt, name, begun_at, intent_id)
        VALUES (NEW.subject, json_extract(NEW.data, '$.step'), json_extract(NEW.data, '$.attempt'),
            json_extract(NEW.data, '$.name'), NEW.at, NEW.id);
    END;

    -- A human may settle what is unknown; nothing settles what is settled.
    CREATE TRIGGER step_ended AFTER INSERT ON events WHEN NEW.kind = 'step.result'
    BEGIN
        SELECT RAISE(ABORT, 'too late: this step is settled, or was never begun') WHERE NOT EXISTS (
            SELECT 1 FROM operation_steps WHERE subject = NEW.subject AND step = json_extract(NEW.data, '$.step')
            AND attempt = json_extract(NEW.data, '$.attempt') AND (outcome IS NULL OR outcome = 'unknown'));
        UPDATE operation_steps SET outcome = json_extract(NEW.data, '$.outcome'), ended_at = NEW.at, result_id = NEW.id
        WHERE subject = NEW.subject AND step = json_extract(NEW.data, '$.step')
        AND attempt = json_extract(NEW.data, '$.attempt');
    END;

    CREATE TRIGGER operation_cancelled AFTER INSERT ON events WHEN NEW.kind = 'operation.cancel'
    BEGIN
        SELECT RAISE(ABORT, 'too late: it does not run, or is being stopped already') WHERE NOT EXISTS (
            SELECT 1 FROM operations WHERE subject = NEW.subject AND state = 'running' AND cancel_by IS NULL);
        UPDATE operations SET cancel_by = NEW.actor WHERE subject = NEW.subject;
    END;

    CREATE TRIGGER operation_moved AFTER INSERT ON events
    WHEN NEW.kind IN ('operation.stuck', 'operation.resumed', 'operation.finished')
    BEGIN
        SELECT RAISE(ABORT, 'too late: it has ended, or is in that state already') WHERE NOT EXISTS (
            SELECT 1 FROM operations WHERE subject = NEW.subject AND (
                (NEW.kind = 'operation.stuck' AND state = 'running')
                OR (NEW.kind = 'operation.resumed' AND state = 'needs-human')
                OR (NEW.kind = 'operation.finished' AND state IN ('running', 'needs-human'))));
        UPDATE operations SET state_id = NEW.id, state = CASE NEW.kind
            WHEN 'operation.stuck' THEN 'needs-human'
            WHEN 'operation.resumed' THEN 'running'
            ELSE json_extract(NEW.data, '$.outcome') END
        WHERE subject = NEW.subject;
    END;

    -- Function bodies as they were before a change: the way back.
    CREATE TABLE bodies (
        sha256  TEXT PRIMARY KEY CHECK (length(sha256) = 64),
        content BLOB NOT NULL,
        kept_at TEXT NOT NULL
    ) STRICT;
"""
