"""What Slack has handed over is signed as it is written: no other row of the inbox is taken for a person's click."""

SQL = """
    -- BLAKE2b over key, kind, received_at and payload, keyed by the audit key, hex. Null: a row of an older version.
    ALTER TABLE deliveries ADD COLUMN mac TEXT;
"""
