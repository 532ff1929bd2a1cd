"""An index that is built outside a transaction: the catalog is asked what became of it."""

import pytest

from tests.chat import words
from tests.migrating import NEXT, VERSION, approves, commits, deploying, environment, history, rows

__all__ = ["deploying", "environment"]


async def test_an_index_that_lies_there_invalid_is_not_taken_for_made(deploying, town, project, repository):
    """What a failed attempt left: IF NOT EXISTS passes over it, and PostgreSQL says that all is well."""
    async with project.postgres.superuser() as connection:
        await connection.execute("create index by_wallet on public.payment_events (wallet_id)")
        await connection.execute("update pg_index set indisvalid = false where indexrelid = 'by_wallet'::regclass")
    index = "create index concurrently if not exists by_wallet on public.payment_events (wallet_id);\n"
    commits(repository, {f"{NEXT}_index.sql": index})
    await approves(deploying, town, await deploying.asks("migrate"), "ben")
    failed = words(await deploying.headline("*Failed*"))
    assert "not valid: drop it, and begin anew" in failed
    assert [one[0] for one in await history(project)][-1] == VERSION


@pytest.mark.parametrize("after", [True, False])
async def test_an_answer_about_an_index_that_is_lost(deploying, town, project, repository, after):
    """The catalog is asked: built and noted, or not at all."""
    index = "create index concurrently by_wallet on public.payment_events (wallet_id);\n"
    commits(repository, {f"{NEXT}_index.sql": index})
    card = await deploying.asks(f"migrate --to {VERSION}")
    await approves(deploying, town, card, "ben")
    await deploying.headline("Done.")
    card = await deploying.asks("migrate")
    async with project.answers("POST", "/database/query$", drop=True, after=after):
        await deploying.click("ben", card, "Approve")
        await deploying.headline(f"{NEXT} is applied" if after else "*Failed*")
    assert ([one[0] for one in await history(project)][-1] == NEXT) is after
    made = await rows(project, "select indexname from pg_indexes where indexname = 'by_wallet'")
    assert bool(made) is after
