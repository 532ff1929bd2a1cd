"""The tables of the watch: what is silenced and why, what is being maintained, what each look found."""

SQL = """
    -- Kept by triggers over the events of its incident. A P0 is silenced by two people: until the second agrees nothing
    -- is quiet.
    CREATE TABLE silences (
        id        INTEGER PRIMARY KEY,   -- the event that asks for it, and holds the reason
        incident  TEXT NOT NULL,
        detector  TEXT NOT NULL,         -- the dedup key of what it silences
        severity  TEXT NOT NULL CHECK (severity IN ('P0', 'P1')),  -- a worse one breaks it
        asked_by  TEXT NOT NULL,
        asked_at  TEXT NOT NULL,
        until     TEXT NOT NULL,
        agreed_by TEXT,
        state     TEXT NOT NULL CHECK (state IN ('asked', 'on', 'ended'))
    ) STRICT;
    CREATE UNIQUE INDEX one_silence ON silences (detector) WHERE state <> 'ended';

    CREATE TRIGGER silence_asked AFTER INSERT ON events WHEN NEW.kind = 'silence.asked'
    BEGIN
        SELECT RAISE(ABORT, 'a silence needs a reason') WHERE NEW.digest IS NULL;
        SELECT RAISE(ABORT, 'a silence ends within a day') WHERE
            julianday(json_extract(NEW.data, '$.until')) - julianday(NEW.at) NOT BETWEEN 0 AND 1.000001;
        INSERT INTO silences (id, incident, detector, severity, asked_by, asked_at, until, state) VALUES (
            NEW.id, NEW.subject, json_extract(NEW.data, '$.detector'), json_extract(NEW.data, '$.severity'),
            NEW.actor, NEW.at, json_extract(NEW.data, '$.until'),
            iif(json_extract(NEW.data, '$.severity') = 'P0', 'asked', 'on'));
    END;
    CREATE TRIGGER silence_agreed AFTER INSERT ON events WHEN NEW.kind = 'silence.agreed'
    BEGIN
        SELECT RAISE(ABORT, 'too late: nobody asks for it any more') WHERE NOT EXISTS (
            SELECT 1 FROM silences WHERE id = json_extract(NEW.data, '$.silence') AND state = 'asked'
                AND until > NEW.at);
        SELECT RAISE(ABORT, 'another person agrees') WHERE EXISTS (
            SELECT 1 FROM silences WHERE id = json_extract(NEW.data, '$.silence') AND asked_by = NEW.actor);
        UPDATE silences SET state = 'on', agreed_by = NEW.actor WHERE id = json_extract(NEW.data, '$.silence');
    END;
    CREATE TRIGGER silence_ended AFTER INSERT ON events WHEN NEW.kind = 'silence.ended'
    BEGIN
        SELECT RAISE(ABORT, 'too late: it has ended') WHERE NOT EXISTS (
            SELECT 1 FROM silences WHERE id = json_extract(NEW.data, '$.silence') AND state <> 'ended');
        UPDATE silences SET state = 'ended' WHERE id = json_extract(NEW.data, '$.silence');
    END;

    CREATE TABLE maintenances (
        id        INTEGER PRIMARY KEY,
        why       TEXT NOT NULL,         -- operation/7, or in words
        detectors TEXT NOT NULL CHECK (json_valid(detectors)),  -- ids; those alone are muted
        begun_at  TEXT NOT NULL,
        until     TEXT NOT NULL
    ) STRICT;
    CREATE INDEX maintenances_by_end ON maintenances (until);

    -- A day of looks, so that they can be judged again by other thresholds.
    CREATE TABLE looks (
        at   REAL PRIMARY KEY,           -- seconds since 1970, UTC
        seen BLOB NOT NULL               -- JSON, deflated
    ) STRICT, WITHOUT ROWID;
"""
