"""The tables of incidents: each with its state, kept by triggers so that it cannot disagree with the timeline."""

SQL = """
    CREATE TABLE incidents (
        subject     TEXT PRIMARY KEY,       -- incident/7
        number      INTEGER NOT NULL UNIQUE,
        dedup_key   TEXT NOT NULL,          -- database_outage; of a person's own: manual/7
        severity    TEXT NOT NULL CHECK (severity IN ('P0', 'P1')),
        title       TEXT NOT NULL,
        state       TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'acknowledged', 'resolved')),
        opened_at   TEXT NOT NULL,
        opened_by   TEXT NOT NULL,          -- bot, or a person
        acked_by    TEXT,
        acked_at    TEXT,
        resolved_by TEXT,
        resolved_at TEXT,
        CHECK (state <> 'acknowledged' OR acked_by IS NOT NULL),
        CHECK ((state = 'resolved') = (resolved_at IS NOT NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX incidents_by_cause ON incidents (dedup_key, number);

    CREATE TRIGGER incident_listed AFTER INSERT ON events WHEN NEW.kind = 'incident.opened'
    BEGIN
        INSERT INTO incidents (subject, number, dedup_key, severity, title, opened_at, opened_by) VALUES (
            NEW.subject, CAST(substr(NEW.subject, 10) AS INTEGER), json_extract(NEW.data, '$.dedup_key'),
            json_extract(NEW.data, '$.severity'), json_extract(NEW.data, '$.title'), NEW.at, NEW.actor);
    END;
    CREATE TRIGGER incident_acknowledged AFTER INSERT ON events WHEN NEW.kind = 'incident.acknowledged'
    BEGIN
        SELECT RAISE(ABORT, 'too late: it is not open, or somebody has it already') WHERE NOT EXISTS (
            SELECT 1 FROM incidents WHERE subject = NEW.subject AND state = 'open');
        UPDATE incidents SET state = 'acknowledged', acked_by = NEW.actor, acked_at = NEW.at
        WHERE subject = NEW.subject;
    END;
    CREATE TRIGGER incident_ended AFTER INSERT ON events WHEN NEW.kind = 'incident.resolved'
    BEGIN
        UPDATE incidents SET state = 'resolved', resolved_by = NEW.actor, resolved_at = NEW.at
        WHERE subject = NEW.subject;
    END;
    -- It has come back: nobody has it any more, since who had it may have gone home.
    CREATE TRIGGER incident_reopened AFTER INSERT ON events WHEN NEW.kind = 'incident.reopened'
    BEGIN
        SELECT RAISE(ABORT, 'too late: it is open') WHERE NOT EXISTS (
            SELECT 1 FROM incidents WHERE subject = NEW.subject AND state = 'resolved');
        INSERT INTO open_incidents SELECT subject, dedup_key, severity, title, NEW.at, NEW.id FROM incidents
        WHERE subject = NEW.subject;
        UPDATE incidents SET state = 'open', acked_by = NULL, acked_at = NULL, resolved_by = NULL, resolved_at = NULL
        WHERE subject = NEW.subject;
    END;

    -- A timeline that was begun before this migration.
    INSERT INTO incidents (subject, number, dedup_key, severity, title, opened_at, opened_by, state, resolved_by,
        resolved_at)
    SELECT o.subject, CAST(substr(o.subject, 10) AS INTEGER), json_extract(o.data, '$.dedup_key'),
        json_extract(o.data, '$.severity'), json_extract(o.data, '$.title'), o.at, o.actor,
        iif(r.id IS NULL, 'open', 'resolved'), r.actor, r.at
    FROM events AS o LEFT JOIN events AS r ON r.subject = o.subject AND r.kind = 'incident.resolved'
    WHERE o.kind = 'incident.opened';
"""
