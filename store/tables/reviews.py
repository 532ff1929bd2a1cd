"""The tables of reviews: what another person, or somebody once a period, has to look at and sign."""

SQL = """
    -- One row a review, kept by triggers. The subject is its own key (review/glass/7, review/admins/2026-11), so that
    -- the same thing falls due once: one_review_due, below.
    CREATE TABLE reviews (
        subject      TEXT PRIMARY KEY,
        kind         TEXT NOT NULL,           -- glass, slow-queries, admins, policies, runbook, audit
        of           TEXT NOT NULL,           -- the approval, or the period: 2026-11
        not_by       TEXT NOT NULL,           -- who may not sign: who acted alone; empty for nobody
        incident     TEXT NOT NULL,           -- the one that the glass was broken under; empty for nobody
        due_at       TEXT NOT NULL,
        due_id       INTEGER NOT NULL,        -- the event that says so
        looked_id    INTEGER NOT NULL,        -- the event that holds the newest evidence
        asked_at     TEXT NOT NULL,           -- when people were last asked to
        reminders    INTEGER NOT NULL DEFAULT 0,
        escalated_at TEXT,
        state        TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'signed', 'missed')),
        end_id       INTEGER,
        CHECK ((state = 'open') = (end_id IS NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reviews_open ON reviews (kind) WHERE state = 'open';
    CREATE UNIQUE INDEX one_review_due ON events (subject) WHERE kind = 'review.due';
    CREATE UNIQUE INDEX one_review_end ON events (subject) WHERE kind IN ('review.signed', 'review.missed');

    CREATE TRIGGER review_due AFTER INSERT ON events WHEN NEW.kind = 'review.due'
    BEGIN
        INSERT INTO reviews (subject, kind, of, not_by, incident, due_at, due_id, looked_id, asked_at)
        VALUES (NEW.subject, json_extract(NEW.data, '$.kind'), json_extract(NEW.data, '$.of'),
            coalesce(json_extract(NEW.data, '$.not_by'), ''), coalesce(json_extract(NEW.data, '$.incident'), ''),
            NEW.at, NEW.id, NEW.id, NEW.at);
    END;

    CREATE TRIGGER review_moved AFTER INSERT ON events
    WHEN NEW.kind IN ('review.looked', 'review.reminded', 'review.escalated')
    BEGIN
        SELECT RAISE(ABORT, 'too late: no such review is open') WHERE NOT EXISTS (
            SELECT 1 FROM reviews WHERE subject = NEW.subject AND state = 'open');
        SELECT RAISE(ABORT, 'too late: it was escalated already') WHERE NEW.kind = 'review.escalated' AND EXISTS (
            SELECT 1 FROM reviews WHERE subject = NEW.subject AND escalated_at IS NOT NULL);
        UPDATE reviews SET
            looked_id = CASE NEW.kind WHEN 'review.looked' THEN NEW.id ELSE looked_id END,
            asked_at = CASE NEW.kind WHEN 'review.looked' THEN asked_at ELSE NEW.at END,
            reminders = reminders + (NEW.kind = 'review.reminded'),
            escalated_at = CASE NEW.kind WHEN 'review.escalated' THEN NEW.at ELSE escalated_at END
        WHERE subject = NEW.subject;
    END;

    CREATE TRIGGER review_ended AFTER INSERT ON events WHEN NEW.kind IN ('review.signed', 'review.missed')
    BEGIN
        SELECT RAISE(ABORT, 'too late: no such review is open') WHERE NOT EXISTS (
            SELECT 1 FROM reviews WHERE subject = NEW.subject AND state = 'open');
        SELECT RAISE(ABORT, 'another person signs') WHERE NEW.kind = 'review.signed' AND EXISTS (
            SELECT 1 FROM reviews WHERE subject = NEW.subject AND NEW.actor IN (not_by, 'bot'));
        SELECT RAISE(ABORT, 'a broken glass stays open until somebody has signed') WHERE NEW.kind = 'review.missed'
            AND EXISTS (SELECT 1 FROM reviews WHERE subject = NEW.subject AND kind = 'glass');
        UPDATE reviews SET state = substr(NEW.kind, 8), end_id = NEW.id WHERE subject = NEW.subject;
    END;

    -- Broken glass from before this migration; from now on it is a review like the others.
    INSERT INTO reviews (subject, kind, of, not_by, incident, due_at, due_id, looked_id, asked_at)
    SELECT 'review/glass/' || substr(subject, 10), 'glass', subject, user, incident, at, event_id, event_id, at
    FROM open_reviews;
    DROP TRIGGER glass_broken;
    DROP TRIGGER glass_reviewed;
    DROP TABLE open_reviews;

    -- Nobody acts alone without a reason, without the emergency, or without leaving a review behind.
    CREATE TRIGGER glass_broken AFTER INSERT ON events
    WHEN NEW.kind = 'approval.granted' AND json_extract(NEW.data, '$.glass') IS NOT NULL
    BEGIN
        SELECT RAISE(ABORT, 'acting alone needs a reason') WHERE NEW.digest IS NULL;
        SELECT RAISE(ABORT, 'acting alone needs an open P0') WHERE NOT EXISTS (
            SELECT 1 FROM open_incidents WHERE subject = json_extract(NEW.data, '$.glass') AND severity = 'P0');
        SELECT RAISE(ABORT, 'acting alone leaves a review') WHERE NOT EXISTS (
            SELECT 1 FROM reviews WHERE kind = 'glass' AND of = NEW.subject AND not_by = NEW.actor AND state = 'open');
    END;
"""
