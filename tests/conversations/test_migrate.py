"""/aikeys migrate: what it does stands on the card, another person approves, PostgreSQL really runs it."""

from collections.abc import Mapping

import pytest

from playground.source import ANA, SENT_AT
from playground.supabase.seed import statements
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


async def history(project) -> list[tuple[object, ...]]:
    return await rows(project, HISTORY)


async def columns(project, table: str) -> set[object]:
    sql = "select column_name from information_schema.columns where table_schema = 'public' and table_name = $1"
    return {one[0] for one in await rows(project, sql, table)}


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


async def test_one_that_adds_a_column(deploying, chat, town, project, repository):
    """The card, the way back, the run, the history as the CLI would have written it, the catalog, the watch."""
    before = await history(project)
    card = await deploying.asks("migrate")
    told = words(card)
    for word in (
        f"Migrate to {VERSION}",
        "line 1: creates `public.payment_events.sent_at`",
        "nobody reads or writes it meanwhile",
        "There now: `public.payment_events`",
        "a restore point is asked for",
        "data may be in the way",
        "needs 1 of the approvers",
    ):
        assert word in told, print(word, told)
    assert "DATA IS LOST" not in told
    assert "sent_at" not in await columns(project, "payment_events")

    await approves(deploying, town, card, "ben")

    done = words(await deploying.headline("Done."))
    assert f"{VERSION} is applied." in done
    assert "sent_at" in await columns(project, "payment_events")
    added = (VERSION, SENT_AT[15:-4], statements(repository.text(f"{FOLDER}/{SENT_AT}")))
    assert await history(project) == [*before, added], "what `supabase migration list` reads"
    assert "the catalog shows all 1 that it should" in words(await deploying.ended("the history has them"))
    assert len(project.archive.points) == 1
    await chat.says("zoe", "/aikeys migrations")
    assert "No migration is pending, 13 applied" in words(await chat.until("No migration is pending", "zoe"))
