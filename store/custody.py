"""Sealed boxes of secrets, kept for some hours after their value was replaced. What is thrown away is overwritten."""

from dataclasses import dataclass, field
from datetime import datetime

from store.connection import Connection
from store.times import from_text, to_text


@dataclass(frozen=True, slots=True)
class Kept:
    """One value of the secret *name*, in its *box*. *until*: None while it is the live one."""

    id: int
    name: str
    mark: str
    box: str = field(repr=False)
    until: datetime | None


class Custody:
    """Rows in, rows out. Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replaced(self, name: str, old: str | None, new: str, now: datetime, until: datetime) -> None:
        """*new* has taken the place of *old*, which goes at *until*; what was before that goes *now*. Twice is once."""
        with self._connection.transaction():
            raw = self._connection.raw
            raw.execute(
                "UPDATE custody SET until = ? WHERE name = ? AND mark NOT IN (?, ?) AND (until IS NULL OR until > ?)",
                (to_text(now), name, old or "", new, to_text(now)),
            )
            raw.execute("UPDATE custody SET until = ? WHERE name = ? AND mark = ?", (to_text(until), name, old))
            raw.execute("UPDATE custody SET until = NULL WHERE name = ? AND mark = ?", (name, new))

    def keep(self, name: str, mark: str, box: str, at: datetime) -> None:
        """Keep *box*, once."""
        with self._connection.transaction():
            self._connection.raw.execute(
                """INSERT INTO custody (name, mark, box, kept_at) SELECT ?, ?, ?, ?
                   WHERE NOT EXISTS (SELECT 1 FROM custody WHERE name = ? AND mark = ?)""",
                (name, mark, box, to_text(at), name, mark),
            )

    def find(self, name: str, mark: str) -> Kept | None:
        """The value of *name* that has *mark*."""
        return self._one("name = ? AND mark = ?", (name, mark))

    def before(self, name: str, now: datetime) -> Kept | None:
        """The value of *name* that was replaced last and is still kept."""
        return self._one("name = ? AND until > ?", (name, to_text(now)))

    def get(self, id_: int) -> Kept | None:
        """By its id."""
        return self._one("id = ?", (id_,))

    def purge(self, now: datetime, *, everything: bool = False) -> int:
        """Throw away what is over, or *everything*; return how many.

        Overwritten with zeros, not only let go (store.database: secure_delete).
        """
        with self._connection.transaction():
            return self._connection.raw.execute(
                "DELETE FROM custody WHERE until <= ? OR ?", (to_text(now), everything)
            ).rowcount

    def _one(self, where: str, parameters: tuple[object, ...]) -> Kept | None:
        sql = f"SELECT id, name, mark, box, until FROM custody WHERE {where} ORDER BY id DESC LIMIT 1"  # noqa: S608  # constants of this file
        with self._connection.reading():
            row = self._connection.raw.execute(sql, parameters).fetchone()
        if row is None:
            return None
        id_, name, mark, box, until = row
        return Kept(id_, name, mark, box, from_text(until) if until else None)
