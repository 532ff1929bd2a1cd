"""How an answer came about: what was asked of whom, so that people can check it."""

SQL = """
    CREATE TABLE traces (
        delivery INTEGER PRIMARY KEY,      -- the question's row in the inbox
        at       TEXT NOT NULL,
        asked    TEXT NOT NULL CHECK (json_valid(asked))  -- a list, in the order of the answers
    ) STRICT;
    CREATE INDEX traces_by_age ON traces (at);
"""
