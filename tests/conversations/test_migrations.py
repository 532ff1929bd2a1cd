"""/aikeys migrations: applied, pending, drift in both directions, by whom."""

import pytest

from playground.source import SENT_AT
from tests.chat import words
from tests.deploys import WEBHOOK

VERSION = SENT_AT[:14]


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


async def test_what_waits_and_who_wrote_it(chat, bot):
    await chat.says("zoe", "/aikeys migrations")
    card = await chat.until("1 migration pending, 12 applied", "zoe")
    assert VERSION in words(card)
    assert "by Ben Okafor" in words(card)
    assert "refuse events that lie more than a day back" in words(card)
    assert "2 statements" in words(card)
    assert "✅ 1 migration" not in words(card), "it is not done yet"
    assert "ask for approval: /aikeys migrate" in words(card)


async def test_at_the_commit_that_is_live_none_waits(chat, bot, repository):
    await chat.says("ana", f"/aikeys migrations {repository.live}")
    assert VERSION not in words(await chat.until("12 applied"))


async def test_drift_in_both_directions(chat, bot, project):
    await _applied(project, "20261120000000", "<!channel>")
    await chat.says("ana", "/aikeys migrations")
    card = await chat.until("Applied, but not in the commit: 20261120000000")
    assert f"Older than what is applied already: {VERSION}" in words(card)
    assert "<!channel>" not in words(card)


async def test_a_ref_that_is_not_there(chat, bot):
    await chat.says("ana", "/aikeys migrations nowhere")
    told = await chat.until("no branch, tag or commit")
    assert "The migrations were not compared." in words(told)  # and not that something “is not deployed”
    assert told["ephemeral"]


async def test_the_database_is_away(chat, town, bot):
    await town.slack.faults.set("database_outage", True)
    await chat.says("ana", "/aikeys migrations")
    card = await chat.until("The commit has 13 migrations; what is applied is not known")
    assert "could not reach" in words(card)


async def test_the_permission_is_missing(chat, project, bot):
    body = {"message": "x", "missing_permissions": ["database_migrations_read"]}
    async with project.answers("GET", "/database/migrations$", status=403, body=body):
        await chat.says("ana", "/aikeys migrations")
        await chat.until("database_migrations_read")


async def test_pending_ones_stand_on_the_card_of_a_deploy_and_refuse_nothing(deploying, project, chat):
    """Shown, not pinned: it is approved although they were applied meanwhile."""
    card = await deploying.asks()
    assert f"*1 migration of this commit is not applied*: `{VERSION}`" in words(card)
    await _applied(project, VERSION, "x")
    await deploying.click("ben", card, "Approve")
    await deploying.headline("Done.")
    assert [slug for slug, _ in deploying.effects] == [WEBHOOK]


async def _applied(project, version: str, name: str) -> None:
    """Somebody applies it past the bot."""
    async with project.postgres.superuser() as connection:
        await connection.execute(
            "insert into supabase_migrations.schema_migrations (version, name) values ($1, $2)", version, name
        )
