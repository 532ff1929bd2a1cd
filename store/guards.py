"""The guards of the schema: triggers that keep rows and refuse edits, unique indexes that let a thing happen once."""

from functools import cache

from store.schema import known, migrations
from store.sqlite import ByTheLine, Database

# The migrations' own table is made by sqlite_utils, in the words of its version.
_GUARDS = """SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name <> '_sqlite_migrations'
    AND (type = 'trigger' OR (type = 'index' AND sql LIKE 'CREATE UNIQUE%'))"""


def level(db: Database) -> str:
    """The first migration that *db* has not seen yet; empty where it has seen all, or not the first ones in a row."""
    pending = [one.name for one in migrations.pending(db)]
    return pending[0] if pending and list(known()[-len(pending) :]) == pending else ""


def fault(db: Database, before: str = "") -> str:
    """What is wrong with those in *db*, in a sentence; empty where they are those that the migrations make.

    Of a file that an older version has left, those that it had *before* that migration. One trigger more could write
    what nobody did, at the next row of the bot's own.
    """
    now, ours = dict(db.conn.execute(_GUARDS).fetchall()), dict(_made(before))
    for name, text in ours.items():
        if now.get(name) != text:
            return f"the guard {name} was removed or changed: rows could be edited"
    if strange := sorted(now.keys() - ours.keys()):
        return f"the trigger {strange[0][:80]} is not of the bot: it could write what nobody did"
    return ""


@cache
def _made(before: str) -> list[tuple[str, str]]:
    made = ByTheLine(memory=True)
    migrations.apply(made, stop_before=before or None)
    found = made.conn.execute(_GUARDS).fetchall()
    made.close()
    return found
