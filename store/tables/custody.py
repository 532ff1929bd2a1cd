"""Sealed boxes of secrets: what a value was before, for some hours. Only the bot's key opens them."""

SQL = """
    CREATE TABLE custody (
        id      INTEGER PRIMARY KEY,
        name    TEXT NOT NULL,          -- of the secret
        mark    TEXT NOT NULL,          -- a keyed mark of its digest: which value it is, without telling it
        box     TEXT NOT NULL,
        kept_at TEXT NOT NULL,
        until   TEXT                    -- it is thrown away then; null while the value is live
    ) STRICT;
    CREATE INDEX custody_by_name ON custody (name, id);
"""
