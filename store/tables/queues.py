"""The tables of what is still to be done: timers that fire, messages that are sent."""

SQL = """
    CREATE TABLE timers (
        id         INTEGER PRIMARY KEY,
        kind       TEXT NOT NULL,           -- what is to be done: approval.expiry
        subject    TEXT NOT NULL,           -- to what
        due        TEXT NOT NULL,
        data       TEXT NOT NULL CHECK (json_valid(data)),
        set_at     TEXT NOT NULL,
        tries      INTEGER NOT NULL DEFAULT 0,
        next_try   TEXT NOT NULL,           -- due, or later where a try failed
        ended_at   TEXT,
        ended      TEXT CHECK (ended IN ('fired', 'cancelled')),
        CHECK ((ended IS NULL) = (ended_at IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX one_timer ON timers (kind, subject) WHERE ended IS NULL;
    CREATE INDEX timers_waiting ON timers (next_try) WHERE ended IS NULL;

    CREATE TABLE letters (
        id           INTEGER PRIMARY KEY,
        key          TEXT NOT NULL UNIQUE,  -- what it is, for ever: approval/7/card
        lane         TEXT NOT NULL,         -- what is sent in order: a thread
        channel      TEXT NOT NULL,         -- a channel's id, or a person's for a direct message
        thread       TEXT,                  -- the ts of a thread that was there before
        under        TEXT,                  -- the key of the letter in whose thread this one stands
        urgency      INTEGER NOT NULL,      -- 0: P0
        body         TEXT NOT NULL CHECK (json_valid(body)),
        version      INTEGER NOT NULL DEFAULT 1,  -- of the body
        sent_version INTEGER NOT NULL DEFAULT 0,
        state        TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'trying', 'posted', 'failed')),
        posted_in    TEXT,                  -- the channel that Slack names: of a direct message it is another
        ts           TEXT,
        tries        INTEGER NOT NULL DEFAULT 0,
        first_try    TEXT,                  -- of those whose fate is unknown
        next_try     TEXT NOT NULL,
        why          TEXT NOT NULL DEFAULT '',
        written_at   TEXT NOT NULL,
        CHECK (state <> 'posted' OR ts IS NOT NULL)
    ) STRICT;
    CREATE INDEX letters_to_post ON letters (lane, id) WHERE state IN ('waiting', 'trying');
    CREATE INDEX letters_to_edit ON letters (id) WHERE state = 'posted' AND sent_version < version;
"""
