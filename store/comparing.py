"""Do the tables of what is true now say what the events say? Names the first row that differs, in a sentence."""

import re
import sqlite3
from collections.abc import Collection, Iterator
from functools import cache
from itertools import zip_longest

from store.replay import TABLES, Replay

_PLAIN = re.compile(r"[\w./:+ -]{0,60}")  # ids, states, times: what a row was made to say may be anything
_Cells = tuple[bytes | None, ...]


def difference(raw: sqlite3.Connection, told: Replay) -> tuple[str, str]:
    """The first table in *raw* that is not what *told* holds, and what is wrong with which row; empty where all agree.

    Constant memory. Raises sqlite3.Error where a table cannot be read, or has other columns.
    """
    for table in TABLES:  # one that an older version has left may lack some
        if _columns(told.raw, table) and (said := _differs(raw, told.raw, table, "", ())):
            return table, said
    return "", ""


def difference_of(raw: sqlite3.Connection, told: Replay, subjects: Collection[str], tables: Collection[str]) -> str:
    """The same of *subjects* alone, in those of *tables*, which all have a column of that name."""
    where = f"WHERE subject IN ({', '.join('?' * len(subjects))})"
    found = (_differs(raw, told.raw, table, where, tuple(subjects)) for table in tables)
    return next(filter(None, found), "")


def _differs(raw: sqlite3.Connection, told: sqlite3.Connection, table: str, where: str, of: tuple[str, ...]) -> str:
    names, key = _columns(told, table), TABLES[table]
    sql = _sql(names, table, where, key)
    for says, stands in zip_longest(_cells(told, sql, of), _cells(raw, sql, of)):
        if says == stands:
            continue
        if says is None or (stands is not None and not _there(told, table, key, names, stands)):
            return f"the table {table} has a row for {_row(key, names, stands)} that no event tells of"
        if stands is None or not _there(raw, table, key, names, says):
            return f"the table {table} has lost its row for {_row(key, names, says)}"
        return f"the table {table} says of {_row(key, names, says)} that {_cell(names, says, stands)}"
    return ""


@cache
def _sql(names: tuple[str, ...], table: str, where: str, key: tuple[str, ...]) -> str:
    # As blobs: bytes that are no longer text must be judged, not fail to be read.
    cells = ", ".join(f"CAST({name} AS BLOB)" for name in names)
    return f"SELECT {cells} FROM {table} {where} ORDER BY {', '.join(key)}"  # noqa: S608  # names of our own schema


def _columns(told: sqlite3.Connection, table: str) -> tuple[str, ...]:
    return tuple(row[1] for row in told.execute(f"PRAGMA table_info({table})"))


def _cells(raw: sqlite3.Connection, sql: str, of: tuple[str, ...]) -> Iterator[_Cells]:
    yield from raw.execute(sql, of)


def _there(raw: sqlite3.Connection, table: str, key: tuple[str, ...], names: tuple[str, ...], row: _Cells) -> bool:
    where = " AND ".join(f"CAST({name} AS BLOB) IS ?" for name in key)
    values = [row[names.index(name)] for name in key]
    sql = f"SELECT 1 FROM {table} WHERE {where}"  # noqa: S608  # names of our own schema
    return raw.execute(sql, values).fetchone() is not None


def _row(key: tuple[str, ...], names: tuple[str, ...], row: _Cells | None) -> str:
    return ", ".join(_shown(row[names.index(name)]) for name in key) if row else ""


def _cell(names: tuple[str, ...], says: _Cells, stands: _Cells) -> str:
    name, one, other = next(cell for cell in zip(names, says, stands, strict=True) if cell[1] != cell[2])
    return f"{name} is {_shown(other)}, the events say {_shown(one)}"


def _shown(cell: bytes | None) -> str:
    if cell is None:
        return "nothing"
    text = cell.decode("utf-8", "replace")
    return text if _PLAIN.fullmatch(text) and text else "something else"
