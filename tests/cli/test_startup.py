"""The checks at start, against the real servers: what stops it, what it waits for, what it only mentions."""

import asyncio

import aiohttp
import pytest

from bot.clients.slack import web_client
from bot.clients.supabase import Supabase
from bot.clock import SystemClock
from bot.context import Target
from bot.settings import read
from bot.start.startup import CannotStart, check, introduce
from playground.clock import ManualClock


@pytest.fixture
async def starts(environment):
    """Runs the checks with settings changed as the test likes, on a clock of its choice."""
    async with aiohttp.ClientSession() as session:

        async def starts(clock=None, **changed: str):
            settings = read(environment | changed)
            clock = clock or SystemClock()
            client = web_client(
                settings.slack_bot_token.get_secret_value(), settings.slack_api_url, session, SystemClock()
            )
            token = settings.supabase_access_token.get_secret_value()
            supabase = Supabase(settings.supabase_api_url, token, settings.supabase_project_ref, clock)
            try:
                return await check(settings, client, lambda: supabase, clock)
            finally:
                await supabase.close()

        yield starts


async def problems(starting) -> dict[str, str]:
    with pytest.raises(CannotStart) as caught:
        await starting
    return {problem.name: problem.wrong for problem in caught.value.problems}


async def test_who_and_what(starts, town):
    """Workspace, bot, scopes; project, name and region: all from the answers, none from the settings."""
    who, target = await starts()
    assert (who.team_id, who.team, who.bot_user, who.bot_id) == ("T0AIKEYS", "AIKeys", "U0BOT", "B0BOT")
    assert {"chat:write", "commands", "app_mentions:read"} <= who.scopes
    assert who.notes == ()
    assert target == Target(town.project.ref, "aikeys-wallet", town.project.region)
    line = introduce(who, target)
    assert "AIKeys (T0AIKEYS)" in line
    assert "@aikeys (U0BOT)" in line
    assert town.project.ref in line


async def test_every_refused_token_is_named_at_once(starts):
    """Who has three tokens wrong starts twice, not four times."""
    found = await problems(
        starts(
            SLACK_BOT_TOKEN="xoxb-000000000000-wrong",
            SLACK_APP_TOKEN="xapp-1-A0AIKEYS-000000-wrong",
            SUPABASE_ACCESS_TOKEN="sbp_" + "0" * 40,
        )
    )
    assert list(found) == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SUPABASE_ACCESS_TOKEN"]
    assert found["SLACK_BOT_TOKEN"] == "Slack does not know it; copy it again (auth.test: invalid_auth)"
    assert found["SLACK_APP_TOKEN"] == "Slack does not know it; copy it again (apps.connections.open: invalid_auth)"
    assert "(401)" in found["SUPABASE_ACCESS_TOKEN"]


async def test_a_project_that_is_not_there(starts):
    """A wrong ref is the most dangerous typo: it never starts."""
    found = await problems(starts(SUPABASE_PROJECT_REF="z" * 20))
    assert list(found) == ["SUPABASE_PROJECT_REF"] or list(found) == ["SUPABASE_ACCESS_TOKEN"]


async def test_an_address_that_is_not_slack(starts, town):
    """Some other web server answers: the address is what is wrong, not the token."""
    assert set(await problems(starts(SLACK_API_URL=f"{town.project.functions_url}/nothing/"))) == {"SLACK_API_URL"}


async def test_a_required_scope_that_is_missing_stops_it(starts, town):
    """Without it the bot would sit there and do nothing: better to say which."""
    town.slack.app.scopes.discard("chat:write")
    found = await problems(starts())
    assert "it lacks the scope chat:write, needed to answer" in found["SLACK_BOT_TOKEN"]


async def test_an_optional_scope_that_is_missing_is_a_note(starts, town):
    """It starts, and says what is lost."""
    town.slack.app.scopes.discard("channels:history")
    who, _ = await starts()
    assert who.notes[0].startswith("Slack did not grant channels:history: after a broken connection")
    assert len(who.notes) == 1


async def test_it_starts_while_supabase_is_down(starts, town):
    """An ops bot is needed most during an outage: the start says that it knows no name and region."""
    await town.slack.faults.set("management_down", True)
    who, target = await starts()
    assert target == Target(town.project.ref)
    assert "Started without it" in who.notes[0]


async def test_it_waits_while_slack_is_down(starts, town):
    """No exit, no hot loop: it asks again after 1, 2, 4 … seconds and starts when Slack is back."""
    waited: list[float] = []

    class Noted(ManualClock):
        async def sleep(self, seconds: float) -> None:
            if seconds in (1, 2, 4):  # the others are limits of a question
                waited.append(seconds)
            await super().sleep(seconds)

    clock = Noted()
    await town.slack.faults.set("slack_5xx", True)
    starting = asyncio.create_task(starts(clock))
    await town.slack.until(lambda: len(town.slack.journal.entries("auth.test")) >= 3)
    while len(waited) < 3:
        await clock.passes(seconds=0.5)
        await asyncio.sleep(0.02)
    assert not starting.done()
    await town.slack.faults.set("slack_5xx", False)
    while not starting.done():
        await clock.passes(seconds=0.5)
        await asyncio.sleep(0.02)
    who, _ = await starting
    assert who.team_id == "T0AIKEYS"
    assert waited == [1, 2, 4]


async def test_it_does_not_wait_for_slack_when_supabase_refuses_for_good(starts, town):
    """The token is wrong whether Slack is there or not."""
    await town.slack.faults.set("slack_5xx", True)
    assert list(await problems(starts(SUPABASE_ACCESS_TOKEN="sbp_" + "0" * 40))) == ["SUPABASE_ACCESS_TOKEN"]


async def test_a_hanging_slack_is_given_eight_seconds(starts, town):
    """Each question has a limit: a start that hangs in silence is worse than one that waits aloud."""
    clock = ManualClock()
    await town.slack.faults.set("slack_latency", True)
    starting = asyncio.create_task(starts(clock))
    await asyncio.sleep(0)
    await clock.passes(seconds=8.5)
    assert not starting.done()
    await town.slack.faults.set("slack_latency", False)
    while not starting.done():
        await clock.passes(seconds=0.5)
        await asyncio.sleep(0.02)
    assert (await starting)[0].team_id == "T0AIKEYS"


async def testtwo_apps_tokens_are_told_apart():
    """Where Slack names the app, an app-level token of another one is refused: it would hear nothing."""
    from slack_sdk.web.async_client import AsyncWebClient
    from slack_sdk.web.async_slack_response import AsyncSlackResponse

    from bot.start.startup import two_apps

    answer = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="",
        req_args={},
        data={"app_id": "A1"},
        headers={},
        status_code=200,
    )
    assert two_apps(answer, "xapp-1-A1-2-3") == []
    assert [problem.name for problem in two_apps(answer, "xapp-1-A2-2-3")] == ["SLACK_APP_TOKEN"]
