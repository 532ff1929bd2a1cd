"""/aikeys project: which project, with which token, as people read it; the token itself is never in it."""

import pytest

from bot.vault import Box
from tests.chat import whole, words


async def test_who_may_only_look_sees_what_the_bot_is_for(chat, project, environment, settings):
    await chat.says("zoe", "/aikeys project")
    card = await chat.until(whole("What it may change"), "zoe")
    assert card["blocks"][0]["text"]["text"] == "✅ aikeys-wallet is active"
    told = words(card)
    for word in (project.ref, project.region, "17.6.1.054", "a classic personal token", "questions in this minute"):
        assert word in told
    assert environment["SUPABASE_ACCESS_TOKEN"][4:] not in told
    assert Box(settings.data).fingerprint in told, "held against what aikeys seal shows"


class TestScoped:
    @pytest.fixture
    def environment(self, environment, project):
        token = project.issue_token("project_admin_read", "edge_functions_read", "database_read")
        return environment | {"SUPABASE_ACCESS_TOKEN": token}

    async def test_what_it_lacks_is_named_by_supabase(self, chat):
        await chat.says("ana", "/aikeys project")
        card = await chat.until(whole("lacks 11 permissions"))
        told = words(card)
        assert "a scoped personal token" in told
        assert "backups_read` missing: backups" in told
        assert "It has: project_admin_read, edge_functions_read, database_read" in told
        assert card["blocks"][0]["text"]["text"].startswith("⚠️")


async def test_the_management_api_is_down(chat, project):
    async with project.answers("*", "/v1/projects/", status=503, body={"message": "Service Unavailable"}):
        await chat.says("ana", "/aikeys project")
        card = await chat.until(whole("status not known"))
    told = words(card)
    assert told.count("failed (503)") == 2, "once on the card, once where it reads alone"
    assert "a classic personal token" in told
