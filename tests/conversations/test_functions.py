"""/aikeys functions [name]: what is live, how it does, who put it there."""

import httpx
import pytest

from tests.chat import whole, words
from tests.deploys import WEBHOOK


async def test_each_in_a_line(chat, project):
    await chat.says("zoe", "/aikeys functions")
    card = await chat.until(whole("One by one"), "zoe")
    told = words(card)
    for slug, function in project.state.functions.items():
        assert f"`{slug}`" in told
        assert f"version {function.version}," in told
    assert "not probed" in told


async def test_one_in_detail(chat, project):
    await chat.says("zoe", f"/aikeys functions {WEBHOOK}")
    card = await chat.until(whole("What is live"), "zoe")
    told = words(card)
    assert f"sha256 begins {project.state.functions[WEBHOOK].ezbr_sha256[:8]}" in told
    assert "Probe: answers 405" in told
    assert "Last 24 h: " in told
    assert "a call may use 256 MB" in told
    assert "not through me, so not known" in told


class TestDeployed:
    @pytest.fixture
    def environment(self, environment, repository):
        return environment | {"AIKEYS_SOURCE": str(repository.path)}

    async def test_by_whom_and_from_which_commit_and_that_it_was_changed_since(
        self, deploying, chat, project, repository
    ):
        card = await deploying.asks()
        await deploying.click("ben", card, "Approve")
        await deploying.headline("Done.")

        await chat.says("zoe", f"/aikeys functions {WEBHOOK}")
        told = words(await chat.until(whole("Who put it there"), "zoe"))
        assert repository.head[:10] in told
        assert "by <@U0ANA>" in told
        assert "Approved: by <@U0BEN>" in told

        project.state.functions[WEBHOOK].version += 1
        await chat.says("zoe", "/aikeys functions")
        assert f"The function {WEBHOOK} was changed without me" in words(await chat.until(whole("One by one"), "zoe"))


async def test_a_typo_gets_a_button(chat):
    await chat.says("ana", "/aikeys functions paymets-circle-webhook")
    await chat.until(f"did you mean {WEBHOOK}?")
    await chat.clicks("ana", f"functions {WEBHOOK}")
    await chat.until("What is live")


async def test_calls_that_fail_are_counted(chat, project):
    project.state.functions["send-app-link"].failure = "WORKER_LIMIT"
    async with httpx.AsyncClient() as somebody:
        for _ in range(6):
            await somebody.post(f"{project.functions_url}/send-app-link")
    await chat.says("ana", "/aikeys functions send-app-link")
    card = await chat.until("used up its memory or CPU in")
    assert card["blocks"][0]["text"]["text"].startswith("⚠️")


async def test_the_logs_fail_and_the_list_stays(chat, project):
    async with project.answers("GET", "/analytics/endpoints/logs", status=402, body={"message": "used up"}):
        await chat.says("ana", "/aikeys functions")
        card = await chat.until(whole("So not known: calls of the last hour."))
    assert f"`{WEBHOOK}` active, invoked" in words(card)


async def test_a_function_named_with_markup(chat, project):
    async with project.answers(
        "GET",
        "/functions$",
        body=[{"id": "<!here>", "slug": "<!channel>`*x*", "name": "x", "status": "<@U0BEN>", "version": 3}],
    ):
        await chat.says("ana", "/aikeys functions")
        told = words(await chat.until(whole("One by one")))
    for markup in ("<!channel>", "<!here>", "<@U0BEN>"):
        assert markup not in told


async def test_a_name_that_is_none(chat, project):
    project.journal.clear()
    for name in ("<!channel>", "../secrets", "x" * 101, "1x"):
        await chat.says("ana", f'/aikeys functions "{name}"')
    await chat.slack.until(lambda: sum("of another form" in words(one) for one in chat.sees()) == 4)
    assert not [call for call in project.journal.entries if "combined-stats" in call.path]
