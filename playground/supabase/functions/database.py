"""The wallet functions' way to PostgreSQL: a pool as `service_role`, and a delay that a switch may set."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from playground.supabase.postgres import Postgres

_LARGEST = 10
_PATIENCE = 10.0  # seconds for a connection and for a statement


class WalletDatabase:
    """What the functions query. `Postgres.delay` is slept in PostgreSQL before each statement."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._pool: asyncpg.Pool | None = None

    async def start(self) -> None:
        """Make the pool; it connects when first asked."""
        self._pool = await self._postgres.pool(
            "service_role", largest=_LARGEST, timeout=_PATIENCE, command_timeout=_PATIENCE
        )

    @asynccontextmanager
    async def session(self) -> AsyncIterator["Session"]:
        """A connection. Raises `asyncpg.PostgresError` or OSError when there is none."""
        assert self._pool is not None  # noqa: S101 — start() comes first
        async with self._postgres.session(self._pool) as connection:
            yield Session(connection, self._postgres.delay)


class Session:
    """Statements on one connection, each as slow as the switch says."""

    def __init__(self, connection: Any, delay: float) -> None:
        self._connection = connection
        self._delay = delay

    async def row(self, sql: str, *values: Any) -> Any:
        """The first row or None."""
        await self._drag()
        return await self._connection.fetchrow(sql, *values)

    async def value(self, sql: str, *values: Any) -> Any:
        """The first column of the first row."""
        await self._drag()
        return await self._connection.fetchval(sql, *values)

    async def run(self, sql: str, *values: Any) -> str:
        """The command's tag, such as `INSERT 0 1`."""
        await self._drag()
        return str(await self._connection.execute(sql, *values))

    def transaction(self) -> Any:
        """All or nothing."""
        return self._connection.transaction()

    async def _drag(self) -> None:
        if self._delay:
            await self._connection.execute("select pg_sleep($1)", self._delay)
