"""The database: asked through the read-only endpoint, changed by a migration alone."""

from collections.abc import Sequence
from inspect import cleandoc
from typing import Any, TypeVar, cast

from bot.clients.errors import WrongShape
from bot.clients.supabase.door import Door, Duty

MIGRATION_PATIENCE = 150.0  # seconds; Supabase itself ends a statement of `postgres` after two minutes

T = TypeVar("T")


class DatabaseCalls(Door):
    """Permission: database_read; of `run`, database_write."""

    async def run(self, sql: str, *, patience: float = MIGRATION_PATIENCE) -> None:
        """Run *sql* as `postgres`, several statements at once; never repeated here. It may change anything.

        Raises SqlFailed for what PostgreSQL refuses, and the others; `bodies.may_have_happened` tells which leave it
        open.
        """
        await self._change(Duty.MIGRATE, "POST", "/database/query", json={"query": sql}, patience=patience)

    async def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Run one read-only statement as `supabase_read_only_user`; names must be schema-qualified ($1, $2 …).

        Raises SqlFailed for what PostgreSQL refuses.
        """
        return await self.rows(dict[str, Any], sql, parameters)

    async def rows(self, shape: type[T], sql: str, parameters: Sequence[Any] = ()) -> list[T]:
        """The same, each row read as *shape*. Counts need `::int`: a bigint may come as text."""
        body: dict[str, Any] = {"query": sql}
        if parameters:
            body["parameters"] = list(parameters)
        answer = await self._ask("POST", "/database/query/read-only", json=body, detail=_shown(sql, parameters))
        many: Any = list[shape]  # type: ignore[valid-type]  # a type made at run time, for pydantic
        return cast("list[T]", answer.read(many))

    async def write(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run one statement that writes, as `postgres`. Permission: database_write.

        It may have been carried out where no answer comes: only for what may be repeated without harm.
        """
        body: dict[str, Any] = {"query": sql, "parameters": list(parameters)}
        await self._change(Duty.MIGRATE, "POST", "/database/query", json=body)

    async def row(self, shape: type[T], sql: str, parameters: Sequence[Any] = ()) -> T:
        """The one row of a statement that gives one, always: an aggregate. Raises WrongShape too."""
        rows = await self.rows(shape, sql, parameters)
        if len(rows) != 1:
            raise WrongShape(self.source, "the counted rows", f"one was expected, {len(rows)} came")
        return rows[0]


def _shown(sql: str, parameters: Sequence[Any]) -> str:
    """The statement as people may run it themselves."""
    return "\n".join([cleandoc(sql), *(f"-- ${number} = {value!r}" for number, value in enumerate(parameters, 1))])
