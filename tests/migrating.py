"""Migrations of the playground's wallet in tests: what is committed, approved, in the history and in the catalog."""

from collections.abc import Mapping

import pytest

from playground.source import ANA, SENT_AT
from tests.chat import words
from tests.deploys import Deploying, opened

FOLDER = "supabase/migrations"
VERSION = SENT_AT[:14]
NEXT = "20261104090000"
HISTORY = "select version, name, statements from supabase_migrations.schema_migrations order by version"


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.fixture
def deploying(chat, project) -> Deploying:
    project.archive.takes = 0.0
    chat.slack.limits.off = True
    return Deploying(chat, project)


async def rows(project, sql: str, *values: object) -> list[tuple[object, ...]]:
    async with project.postgres.superuser() as connection:
        return [tuple(row) for row in await connection.fetch(sql, *values)]


async def runs(project, sql: str) -> None:
    async with project.postgres.superuser() as connection:
        await connection.execute(sql)


async def history(project) -> list[tuple[object, ...]]:
    return await rows(project, HISTORY)


async def columns(project, table: str) -> set[object]:
    sql = "select column_name from information_schema.columns where table_schema = 'public' and table_name = $1"
    return {one[0] for one in await rows(project, sql, table)}


# The schema that migrations change, a line each: columns, indexes, constraints, functions, triggers, policies, rights.
CATALOG = """
    select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default)
      from information_schema.columns where table_schema = 'public'
    union all select indexdef from pg_indexes where schemaname = 'public'
    union all select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
      from pg_constraint where connamespace = 'public'::regnamespace
    union all select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'f'
    union all select pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where c.relnamespace = 'public'::regnamespace and not tgisinternal
    union all select format('%s %s %s %s %s', tablename, policyname, roles, qual, with_check)
      from pg_policies where schemaname = 'public'
    union all select format('%s %s %s %s', relname, relkind, relrowsecurity, relacl)
      from pg_class where relnamespace = 'public'::regnamespace
"""


async def catalog(project) -> set[str]:
    return {str(one[0]) for one in await rows(project, CATALOG)}


def commits(repository, files: Mapping[str, str]) -> None:
    repository.commit(ANA, "More", {f"{FOLDER}/{name}": text for name, text in files.items()})


async def approves(deploying, town, card, *who: str) -> None:
    """Each presses Approve; where the name is asked for, it is typed."""
    for one in who:
        await deploying.click(one, card, "Approve")
        if "type the project's name" in words(card):
            view = await opened(town, one)
            await town.slack.submit(one, view["id"], {"project": {"project": town.project.state.name}})
            if one != who[-1]:
                card = await deploying.card("1 of 2")


async def project_applies(project, version: str, name: str) -> None:
    async with project.postgres.superuser() as connection:
        sql = "insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, '{}')"
        await connection.execute(sql, version, name)
