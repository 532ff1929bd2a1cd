"""The project's logs: what happened, what would have, and the ClickHouse SQL that asks for it."""
