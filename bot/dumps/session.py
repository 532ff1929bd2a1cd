r"""A session with a database through psql: our own fixed statements in, JSON lines out.

Only what stands in this folder is ever sent; the names of tables and roles are put into statements by the database
itself (`format('%I')`, `\gexec`), so that no name can be anything but a name.
"""

import asyncio
import json
import secrets
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from typing import Any

from bot.dumps.errors import DumpFailed
from bot.dumps.programs import Programs, complaints, end, first_line

_LINE = 8 * 1024 * 1024  # bytes: a list of all roles is one line

_TABLES = """
select format('select json_build_array(%L, count(*)) from only %I.%I',
              n.nspname || '.' || c.relname, n.nspname, c.relname)
from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_catalog.pg_depend as d where d.classid = 'pg_catalog.pg_class'::regclass
                  and d.objid = c.oid and d.deptype = 'e')
order by 1
\\gexec
"""
_ROLES = "select json_agg(rolname order by rolname) from pg_catalog.pg_roles where rolname !~ '^pg_';"

RESTORER = "aikeys_restorer"  # owns the throw-away database and may do nothing beyond it
_MAKE = f"create role {RESTORER} login;\ncreate database wallet owner {RESTORER} template template0;"


class Session:
    """One psql. Raises DumpFailed with the first line of what it complained."""

    def __init__(self, process: Process, what: str) -> None:
        self._process = process
        self._what = what
        self._complaints = asyncio.create_task(complaints(process))

    @classmethod
    async def open(cls, programs: Programs, where: str, what: str) -> "Session":
        """Connect to *where* (a libpq string without a secret). *what* begins each sentence about a failure."""
        words = ("-X", "-q", "-A", "-t", "-w", "-v", "ON_ERROR_STOP=1", "-d", where, "-f", "-")
        process = await programs.start("psql", *words, stdin=PIPE, stdout=PIPE, stderr=PIPE, limit=_LINE)
        return cls(process, what)

    async def ask(self, sql: str) -> list[Any]:
        """Send *sql*, one of ours; return the JSON of each line that comes."""
        mark = secrets.token_hex(12)
        assert self._process.stdin is not None  # noqa: S101  # pipes were asked for
        assert self._process.stdout is not None  # noqa: S101  # the same
        with suppress(ConnectionError):  # it is gone: what it complained is read below
            self._process.stdin.write(f"{sql}\n\\echo {mark}\n".encode())
            await self._process.stdin.drain()
        found: list[Any] = []
        while True:
            line = (await self._process.stdout.readline()).strip()
            if line == mark.encode():
                return found
            if not line and self._process.stdout.at_eof():
                raise DumpFailed(f"{self._what}: {first_line(await self._complaints)}")
            if line:
                found.append(json.loads(line))

    async def snapshot(self) -> tuple[int, str]:
        """Hold the database as it is at this moment; return its major version and the snapshot's name."""
        # row_security off: rows that this user may not see are an error, not a smaller number.
        await self.ask("begin isolation level repeatable read read only; set local row_security = off;")
        version = await self.ask("select json_build_array(current_setting('server_version_num')::int / 10000);")
        name = await self.ask("select json_build_array(pg_catalog.pg_export_snapshot());")
        return int(version[0][0]), str(name[0][0])

    async def size(self) -> int:
        """Bytes of the database."""
        return int((await self.ask("select json_build_array(pg_database_size(current_database()));"))[0][0])

    async def counts(self) -> dict[str, int]:
        """The rows of every table that a dump holds."""
        return {str(name): int(number) for name, number in await self.ask(_TABLES)}

    async def roles(self) -> list[str]:
        """The names of all roles."""
        return [str(one) for one in (await self.ask(_ROLES))[0] or []]

    async def make_roles(self, names: list[str]) -> None:
        """Make the roles that are not there, so that what belongs to them can be restored. They may do nothing."""
        given = json.dumps(names).replace("'", "''")  # ASCII: a name is data here, and is quoted by the database below
        await self.ask(
            f"select format('create role %I', name) from json_array_elements_text('{given}') as name "  # noqa: S608
            "where name not in (select rolname from pg_catalog.pg_roles)\n\\gexec\n"
        )

    async def make_database(self) -> None:
        """Make the empty database that a dump is restored into, and its owner."""
        await self.ask(_MAKE)

    async def close(self) -> None:
        """End it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), 2)
        await end(self._process)
        self._complaints.cancel()
        await asyncio.gather(self._complaints, return_exceptions=True)
