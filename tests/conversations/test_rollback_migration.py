"""/aikeys rollback migration: the newest, by a way back that somebody wrote; else the other ways are named."""

from playground.source import ANA, SENT_AT
from tests.chat import words
from tests.deploys import has_button
from tests.migrating import (
    FOLDER,
    VERSION,
    approves,
    catalog,
    deploying,
    environment,
    history,
    project_applies,
)

__all__ = ["deploying", "environment"]
DOWN = f"{FOLDER}/down/{VERSION}_back.sql"
BACK = "alter table public.payment_events drop column sent_at;\n"


async def test_there_and_back_again(deploying, chat, town, project, repository):
    """A committed way back, with its own card; the catalog and the history are as they were before."""
    before, then = await history(project), await catalog(project)
    repository.commit(ANA, "A way back", {DOWN: BACK})
    asked = await deploying.asks("migrate")
    assert f"Way back: `/aikeys rollback migration {VERSION}` runs `{DOWN}`" in words(asked), "before anybody approves"
    assert "Nobody has written a way back" not in words(asked)
    await approves(deploying, town, asked, "ben")
    await deploying.headline("Done.")
    assert await history(project) != before

    await chat.says("ana", f"/aikeys rollback migration {VERSION}")
    card = await chat.until(lambda one: has_button("Approve")(one) and "back" in words(one))
    told = words(card)
    assert "*DATA IS LOST*, line 1: *drops* `public.payment_events.sent_at`" in told
    assert f"From `{DOWN}`" in told
    assert "Rows that the migration took do not come back by this" in told
    await approves(deploying, town, card, "ben", "cy")

    await deploying.headline(f"{VERSION} is taken back")
    assert await history(project) == before
    assert await catalog(project) == then
    await chat.says("zoe", "/aikeys migrations")
    await chat.until("1 migration pending", "zoe")


async def test_only_the_newest_and_only_by_a_written_way(deploying, chat, project):
    """Each refusal names the other ways, and what they lose."""
    newest = str((await history(project))[-1][0])
    older = str((await history(project))[-2][0])
    for version, why in (
        (older, "1 came after it"),
        (newest, "Nobody has written its way back"),
        ("20200101000000", "It is not in the history"),
    ):
        await chat.says("ana", f"/aikeys rollback migration {version}")
        told = words(await chat.until(why))
        assert f"{version} is not taken back." in told
        if version != "20200101000000":
            assert "it loses all that was written since" in told
            assert "Write a migration that mends it" in told
    assert SENT_AT not in str(await history(project))


async def test_what_was_stored_with_it(deploying, chat, project):
    """Where nothing is committed, what Supabase keeps beside the migration is read, and shown as such."""
    await project_applies(project, "20261120000000", "stored")
    body = {"version": "20261120000000", "name": "stored", "statements": ["select 1"], "rollback": ["select 2"]}
    async with project.answers("GET", "/database/migrations/20261120000000$", body=body):
        await chat.says("ana", "/aikeys rollback migration 20261120000000 --plan")
        assert "From `the way back that was stored with it`" in words(
            await chat.until("Take migration 20261120000000 back")
        )


async def test_the_runbooks_own_lines_are_refused(deploying, chat):
    """Typed as they stand there, by whomever."""
    for line, what in (
        ("db reset", "I never reset a database"),
        ("supabase db reset", "drops every object of the project"),
        ("db push", "That is not how I migrate"),
        ("migration down", "the rows are gone"),
    ):
        await chat.says("ana", f"/aikeys {line}")
        told = await chat.until(what)
        assert "/aikeys migrat" in words(told) or "/aikeys rollback migration" in words(told)
        assert told["ephemeral"]
