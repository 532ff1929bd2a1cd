"""The tables of the watch: what is silenced and why, what is being maintained, what each look found."""

SQL = """
    -- Kept by triggers. A P0 is silenced by two people: until the second agrees nothing is quiet.
    CREATE TABLE silences (
        subject   TEXT PRIMARY KEY,      -- silence/3
        detector  TEXT NOT NULL,         -- the dedup key of what it silences
        severity  TEXT NOT NULL CHECK (severity IN ('P0', 'P1')),  -- a worse one breaks it
        incident  TEXT NOT NULL,         -- under which it was asked for
        asked_by  TEXT NOT NULL,
        asked_at  TEXT NOT NULL,
        until     TEXT NOT NULL,
        agreed_by TEXT,
        state     TEXT NOT NULL CHECK (state IN ('asked', 'on', 'ended')),
        ended_by  TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX one_silence ON silences (detector) WHERE state <> 'ended';

    CREATE TRIGGER silence_asked AFTER INSERT ON events WHEN NEW.kind = 'silence.asked'
    BEGIN
        SELECT RAISE(ABORT, 'a silence needs a reason') WHERE NEW.digest IS NULL;
        SELECT RAISE(ABORT, 'a silence ends within a day') WHERE
            julianday(json_extract(NEW.data, '$.until')) - julianday(NEW.at) NOT BETWEEN 0 AND 1.000001;
        INSERT INTO silences (subject, detector, severity, incident, asked_by, asked_at, until, state) VALUES (
            NEW.subject, json_extract(NEW.data, '$.detector'), json_extract(NEW.data, '$.severity'),
            json_extract(NEW.data, '$.incident'), NEW.actor, NEW.at, json_extract(NEW.data, '$.until'),
            iif(json_extract(NEW.data, '$.severity') = 'P0', 'asked', 'on'));
    END;
    CREATE TRIGGER silence_agreed AFTER INSERT ON events WHEN NEW.kind = 'silence.agreed'
    BEGIN
        SELECT RAISE(ABORT, 'too late: nobody asks for it any more') WHERE NOT EXISTS (
            SELECT 1 FROM silences WHERE subject = NEW.subject AND state = 'asked' AND until > NEW.at);
        SELECT RAISE(ABORT, 'another person agrees') WHERE EXISTS (
            SELECT 1 FROM silences WHERE subject = NEW.subject AND asked_by = NEW.actor);
        UPDATE silences SET state = 'on', agreed_by = NEW.actor WHERE subject = NEW.subject;
    END;
    CREATE TRIGGER silence_ended AFTER INSERT ON events WHEN NEW.kind = 'silence.ended'
    BEGIN
        SELECT RAISE(ABORT, 'too late: it has ended') WHERE NOT EXISTS (
            SELECT 1 FROM silences WHERE subject = NEW.subject AND state <> 'ended');
        UPDATE silences SET state = 'ended', ended_by = NEW.actor WHERE subject = NEW.subject;
    END;

    CREATE TABLE maintenances (
        id        INTEGER PRIMARY KEY,
        why       TEXT NOT NULL,         -- operation/7, or in words
        detectors TEXT NOT NULL CHECK (json_valid(detectors)),  -- ids; those alone are muted
        begun_at  TEXT NOT NULL,
        until     TEXT NOT NULL,
        ended_at  TEXT
    ) STRICT;
    CREATE INDEX maintenances_open ON maintenances (until) WHERE ended_at IS NULL;

    -- A day of looks, so that they can be judged again by other thresholds.
    CREATE TABLE looks (
        at   REAL PRIMARY KEY,           -- seconds since 1970, UTC
        seen BLOB NOT NULL               -- JSON, deflated
    ) STRICT, WITHOUT ROWID;
"""
