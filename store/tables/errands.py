"""The table of errands: what has to be done once about an incident, by the bot or a person, and what came of it."""

SQL = """
    CREATE TABLE errands (
        id       INTEGER PRIMARY KEY,
        incident TEXT NOT NULL,          -- incident/7
        name     TEXT NOT NULL,          -- what: support, lead, record, room, room/pin, room/invite/U012AB3CD …
        -- waiting: the bot's turn; trying: an INTENT, its fate unknown after a crash; offered: a person's turn; done;
        -- lost: the bot cannot, so a person may
        state    TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'trying', 'offered', 'done', 'lost')),
        data     TEXT NOT NULL CHECK (json_valid(data)),  -- what came of it, or the draft
        why      TEXT NOT NULL DEFAULT '',
        done_by  TEXT,                   -- bot, or a person
        done_at  TEXT,
        tries    INTEGER NOT NULL DEFAULT 0,
        next_try TEXT NOT NULL,
        UNIQUE (incident, name),
        CHECK ((state = 'done') = (done_at IS NOT NULL AND done_by IS NOT NULL))
    ) STRICT;
    CREATE INDEX errands_due ON errands (next_try) WHERE state IN ('waiting', 'trying');
"""
