"""The tables of approvals: who may decide, and how often, is settled here and not by an `if`."""

SQL = """
    -- What is asked for and what became of it: kept by triggers, so that it cannot disagree with the timeline.
    CREATE TABLE approvals (
        subject      TEXT PRIMARY KEY,      -- approval/7
        number       INTEGER NOT NULL UNIQUE,
        thing        TEXT NOT NULL,         -- what it is about: function/health
        requested_by TEXT NOT NULL,
        requested_at TEXT NOT NULL,
        expires_at   TEXT NOT NULL,
        needed       INTEGER NOT NULL CHECK (needed BETWEEN 1 AND 9),
        alone        INTEGER NOT NULL CHECK (alone IN (0, 1)),  -- a team of one: who asked may approve
        digest       TEXT NOT NULL CHECK (length(digest) = 64),
        request_id   INTEGER NOT NULL,      -- the event that holds the plan
        state        TEXT NOT NULL DEFAULT 'pending'
            CHECK (state IN ('pending', 'granted', 'denied', 'withdrawn', 'expired', 'superseded')),
        decision_id  INTEGER,
        CHECK ((state = 'pending') = (decision_id IS NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX one_pending_per_thing ON approvals (thing) WHERE state = 'pending';

    CREATE TABLE approval_votes (
        subject  TEXT NOT NULL REFERENCES approvals (subject),
        user     TEXT NOT NULL,
        at       TEXT NOT NULL,
        event_id INTEGER NOT NULL,
        PRIMARY KEY (subject, user)
    ) STRICT, WITHOUT ROWID;

    CREATE UNIQUE INDEX one_request ON events (subject) WHERE kind = 'approval.requested';
    CREATE UNIQUE INDEX one_decision ON events (subject) WHERE kind IN (
        'approval.granted', 'approval.denied', 'approval.withdrawn', 'approval.expired', 'approval.superseded');

    CREATE TRIGGER approval_requested AFTER INSERT ON events WHEN NEW.kind = 'approval.requested'
    BEGIN
        INSERT INTO approvals (subject, number, thing, requested_by, requested_at, expires_at, needed, alone, digest,
            request_id)
        VALUES (NEW.subject, json_extract(NEW.data, '$.number'), json_extract(NEW.data, '$.thing'), NEW.actor,
            NEW.at, json_extract(NEW.data, '$.expires_at'), json_extract(NEW.data, '$.needed'),
            json_extract(NEW.data, '$.alone'), json_extract(NEW.data, '$.digest'), NEW.id);
    END;

    CREATE TRIGGER approval_voted AFTER INSERT ON events WHEN NEW.kind = 'approval.voted'
    BEGIN
        SELECT RAISE(ABORT, 'too late: no such approval is pending') WHERE NOT EXISTS (
            SELECT 1 FROM approvals WHERE subject = NEW.subject AND state = 'pending' AND expires_at > NEW.at);
        SELECT RAISE(ABORT, 'two people: nobody approves what they asked for') WHERE EXISTS (
            SELECT 1 FROM approvals WHERE subject = NEW.subject AND requested_by = NEW.actor AND alone = 0);
        INSERT INTO approval_votes VALUES (NEW.subject, NEW.actor, NEW.at, NEW.id);
    END;

    CREATE TRIGGER approval_granted AFTER INSERT ON events WHEN NEW.kind = 'approval.granted'
    BEGIN
        SELECT RAISE(ABORT, 'too late: it has expired') WHERE EXISTS (
            SELECT 1 FROM approvals WHERE subject = NEW.subject AND expires_at <= NEW.at);
        SELECT RAISE(ABORT, 'another plan than the one that was approved') WHERE EXISTS (
            SELECT 1 FROM approvals WHERE subject = NEW.subject
            AND digest IS NOT json_extract(NEW.data, '$.digest'));
        SELECT RAISE(ABORT, 'too few have approved, and no glass was broken')
        WHERE json_extract(NEW.data, '$.glass') IS NULL
        AND (SELECT count(*) FROM approval_votes WHERE subject = NEW.subject)
            < (SELECT needed FROM approvals WHERE subject = NEW.subject);
    END;

    CREATE TRIGGER approval_settled AFTER INSERT ON events WHEN NEW.kind IN (
        'approval.granted', 'approval.denied', 'approval.withdrawn', 'approval.expired', 'approval.superseded')
    BEGIN
        SELECT RAISE(ABORT, 'too late: no such approval is pending') WHERE NOT EXISTS (
            SELECT 1 FROM approvals WHERE subject = NEW.subject AND state = 'pending');
        SELECT RAISE(ABORT, 'only who asked can withdraw') WHERE NEW.kind = 'approval.withdrawn' AND NOT EXISTS (
            SELECT 1 FROM approvals WHERE subject = NEW.subject AND requested_by = NEW.actor);
        SELECT RAISE(ABORT, 'too early: it can still be given') WHERE NEW.kind = 'approval.expired' AND EXISTS (
            SELECT 1 FROM approvals WHERE subject = NEW.subject AND expires_at > NEW.at);
        UPDATE approvals SET state = substr(NEW.kind, 10), decision_id = NEW.id WHERE subject = NEW.subject;
    END;

    -- The glass that was broken stays on the table until another person has signed.
    CREATE TABLE open_reviews (
        subject  TEXT PRIMARY KEY,          -- the approval
        user     TEXT NOT NULL,             -- who acted alone
        incident TEXT NOT NULL,
        at       TEXT NOT NULL,
        event_id INTEGER NOT NULL           -- its text is the reason
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER glass_broken AFTER INSERT ON events
    WHEN NEW.kind = 'approval.granted' AND json_extract(NEW.data, '$.glass') IS NOT NULL
    BEGIN
        SELECT RAISE(ABORT, 'acting alone needs a reason') WHERE NEW.digest IS NULL;
        INSERT INTO open_reviews VALUES (
            NEW.subject, NEW.actor, json_extract(NEW.data, '$.glass'), NEW.at, NEW.id);
    END;
    CREATE TRIGGER glass_reviewed AFTER INSERT ON events WHEN NEW.kind = 'approval.reviewed'
    BEGIN
        SELECT RAISE(ABORT, 'another person reviews it, once') WHERE NOT EXISTS (
            SELECT 1 FROM open_reviews WHERE subject = NEW.subject AND user <> NEW.actor);
        DELETE FROM open_reviews WHERE subject = NEW.subject;
    END;
"""
