"""SQL as the Management API runs it: rows as JSON, errors in the words of psql."""

import json
import math
from collections.abc import Callable
from typing import Any

import asyncpg

from playground.supabase.postgres import Postgres

_NUMBERS = ("int2", "int4", "int8", "oid", "float4", "float8")
_TEXTS = (
    "numeric", "uuid", "inet", "cidr", "date", "time", "timetz", "timestamp", "timestamptz", "interval", "bytea",
    "money", "xid", "pg_lsn", "bit", "varbit",
)  # fmt: skip
_TOO_LATE = 30.0  # seconds


class SqlFailed(Exception):
    """The database refused the statement; the text is the API's."""


class Unavailable(Exception):
    """No connection to be had."""


class Sql:
    """Runs statements as one role."""

    def __init__(self, postgres: Postgres, role: str) -> None:
        self._postgres = postgres
        self._role = role
        self._pool: asyncpg.Pool | None = None

    async def start(self) -> None:
        """Make the pool; it connects when first asked."""
        self._pool = await self._postgres.pool(
            self._role,
            largest=5,
            init=_speak_json,
            statement_cache_size=0,
            timeout=_TOO_LATE,
            command_timeout=_TOO_LATE,
        )

    async def run(self, query: str, parameters: list[Any]) -> list[dict[str, Any]]:
        """The rows. Several statements at once give no rows. Raises `SqlFailed`, `Unavailable`."""
        assert self._pool is not None  # noqa: S101 — start() comes first
        try:
            async with self._postgres.session(self._pool) as connection:
                try:
                    if self._postgres.delay:
                        await connection.execute(f"select pg_sleep({self._postgres.delay:f})")
                    return await _rows(connection, query, parameters)
                except asyncpg.PostgresError as error:
                    raise SqlFailed(_as_psql(error, query)) from error
                except (asyncpg.InterfaceError, ValueError) as error:
                    raise SqlFailed(f"ERROR:  {error}\n") from error
        except TimeoutError as error:
            raise SqlFailed("Query read timeout") from error
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise Unavailable(str(error)) from error


async def _rows(connection: Any, query: str, parameters: list[Any]) -> list[dict[str, Any]]:
    try:
        statement = await connection.prepare(query)
    except asyncpg.PostgresSyntaxError as error:
        if "multiple commands" not in str(error) or parameters:
            raise
        await connection.execute(query)
        return []
    return [dict(row) for row in await statement.fetch(*parameters)]


async def _speak_json(connection: Any) -> None:
    """Types as the API shows them: numbers as numbers, moments and the like as PostgreSQL's own text."""
    for name in _NUMBERS:
        decode: Callable[[str], float | None] = _finite if name.startswith("float") else int
        await connection.set_type_codec(name, schema="pg_catalog", encoder=_text, decoder=decode, format="text")
    for name in _TEXTS:
        await connection.set_type_codec(name, schema="pg_catalog", encoder=_text, decoder=str, format="text")
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name, schema="pg_catalog", encoder=json.dumps, decoder=json.loads, format="text"
        )


def _finite(text: str) -> float | None:
    """JSON knows no infinity: null, as JavaScript writes it."""
    return number if math.isfinite(number := float(text)) else None


def _text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, bool | dict | list) else str(value)


def _as_psql(error: asyncpg.PostgresError, query: str) -> str:
    """As postgres-meta formats it, which is as psql does: `ERROR:  42P01: …`, the line, a caret."""
    lines = [f"{error.severity}:  {error.sqlstate}: {error.message}"]
    if error.position:
        before = query[: int(error.position) - 1]
        number = before.count("\n") + 1
        label = f"LINE {number}: "
        column = len(before) - (before.rfind("\n") + 1)
        lines += [f"{label}{query.split(chr(10))[number - 1]}", " " * (len(label) + column) + "^"]
    for word, text in (("DETAIL", error.detail), ("HINT", error.hint), ("CONTEXT", error.context)):
        if text:
            lines.append(f"{word}:  {text}")
    return "\n".join(lines) + "\n"
