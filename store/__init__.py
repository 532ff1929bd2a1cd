"""What is remembered: SQLite. Nothing of ours is imported here."""
