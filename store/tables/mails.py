"""The table of mails: what is to be sent by mail, beside Slack and without it."""

SQL = """
    CREATE TABLE mails (
        id         INTEGER PRIMARY KEY,
        key        TEXT NOT NULL UNIQUE,  -- what it is, for ever: incident/7/lead; its Message-ID is made from it
        under      TEXT NOT NULL,         -- the key of the mail that it continues; empty for none
        recipient  TEXT NOT NULL,
        subject    TEXT NOT NULL,
        text       TEXT NOT NULL,         -- emptied once it is sent
        urgency    INTEGER NOT NULL,      -- 0: P0
        state      TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
        tries      INTEGER NOT NULL DEFAULT 0,
        next_try   TEXT NOT NULL,
        why        TEXT NOT NULL DEFAULT '',
        written_at TEXT NOT NULL,
        ended_at   TEXT,
        CHECK ((state = 'waiting') = (ended_at IS NULL))
    ) STRICT;
    CREATE INDEX mails_to_send ON mails (urgency, id) WHERE state = 'waiting';
"""
