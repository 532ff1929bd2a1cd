"""Somebody else migrates at the same time, or an answer is lost: the history is asked, nothing runs twice."""

import pytest
from asyncpg import RaiseError

from bot.migrations import sent
from bot.migrations.sent import LOCK
from playground.source import ANA
from tests.chat import words
from tests.migrating import (
    FOLDER,
    NEXT,
    VERSION,
    approves,
    columns,
    deploying,
    environment,
    history,
    project_applies,
    rows,
    runs,
)

__all__ = ["deploying", "environment"]


class TestSomebodyElse:
    """Another migrator at the same time is seen, wherever they meet."""

    async def test_before_the_click(self, deploying, chat, project):
        card = await deploying.asks("migrate")
        await project_applies(project, "20261103000000", "sneaked")
        await deploying.click("ben", card, "Approve")
        await chat.until("Nothing is migrated", "ben")
        assert "sent_at" not in await columns(project, "payment_events")

    async def test_between_the_look_and_the_file(self, project):
        """The database itself refuses, in the transaction of the file: nothing of it is there."""
        newest = str((await history(project))[-1][0])
        late = sent.applied("create table public.late (a int)", NEXT, "late", [], str(int(newest) - 1))
        back = sent.taken_back("drop table public.profiles", str(int(newest) - 1))
        before = await history(project)
        for sql in (late, back):
            with pytest.raises(RaiseError, match="the history has moved"):
                await runs(project, sql)
        assert await history(project) == before
        assert await columns(project, "late") == set()
        assert await columns(project, "profiles")

    async def test_in_the_same_moment(self, deploying, town, project):
        """Somebody holds the lock of those who migrate through a bot: nothing is waited for, nothing applied."""
        card = await deploying.asks("migrate")
        async with project.postgres.superuser() as connection, connection.transaction():
            await connection.execute(f"select pg_advisory_xact_lock({LOCK})")
            await approves(deploying, town, card, "ben")
            failed = words(await deploying.headline("*Failed*"))
        assert "Another migration is running: somebody else migrates" in failed
        assert "sent_at" not in await columns(project, "payment_events")


@pytest.mark.parametrize("after", [True, False])
async def test_an_answer_that_is_lost(deploying, town, project, after):
    """The history is asked: applied once, or not at all; never twice."""
    card = await deploying.asks("migrate")
    async with project.answers("POST", "/database/query$", drop=True, after=after):
        await deploying.click("ben", card, "Approve")
        seen = words(await deploying.headline("Done." if after else "*Failed*"))
    assert ("sent_at" in await columns(project, "payment_events")) is after
    assert (f"{VERSION} is applied" in seen) is after
    assert [one[0] for one in await history(project)].count(VERSION) == int(after)
    if not after:
        assert "nothing of it was applied" in seen


@pytest.mark.parametrize("lost", [False, True])
async def test_the_first_of_a_project(deploying, town, project, repository, lost):
    """Nothing was ever pushed: there is no history. It is made with the first row, as the CLI does, or not at all."""
    old = {str(one.relative_to(repository.path)): None for one in (repository.path / FOLDER).glob("*.sql")}
    repository.commit(ANA, "Anew", old | {f"{FOLDER}/{NEXT}_first.sql": "create table public.first (a int);\n"})
    async with project.postgres.superuser() as connection:
        await connection.execute("drop schema supabase_migrations cascade")
    card = await deploying.asks("migrate")
    async with project.answers("POST", "/database/query$", drop=lost, after=False):
        await approves(deploying, town, card, "ben")
        seen = words(await deploying.headline("*Failed*" if lost else "Done."))
    if lost:
        assert "nothing of it was applied" in seen
        assert await rows(project, "select to_regclass('supabase_migrations.schema_migrations')") == [(None,)]
    else:
        assert await history(project) == [(NEXT, "first", ["create table public.first (a int)"])]
