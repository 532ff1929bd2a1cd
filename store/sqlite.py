"""sqlite_utils, loaded as if numpy were not installed: it would load it, 12 MB and 0.15 s, for nothing of ours.

numpy is there for the charts of matplotlib, in a process of its own. And scripts are read line by line.
"""

import sqlite3
import sys
from collections.abc import Iterator

_there = sys.modules.get("numpy")
sys.modules["numpy"] = None  # type: ignore[assignment]  # Python's own way to say “not there” (importlib docs)
try:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations
finally:
    if _there is None:
        del sys.modules["numpy"]
    else:
        sys.modules["numpy"] = _there

__all__ = ["ByTheLine", "Database", "Migrations"]


class ByTheLine(Database):
    """A database whose scripts are read by the line: by the character, a first start takes 90 ms more."""

    def executescript(self, sql: str) -> sqlite3.Cursor:
        """Run each statement of *sql*, which ends with its line; inside a transaction too, which stays open."""
        cursor = self.conn.cursor()
        for statement in _statements(sql):
            cursor.execute(statement)
        return cursor


def _statements(sql: str) -> Iterator[str]:
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if statement.strip():
        yield statement
