"""/aikeys logs: what is never shown, whoever asks however, and where nothing is."""

import json

import pytest

from tests.chat import words
from tests.conversations.pages import IP, lines, the_file


def everything(town) -> str:
    """Every word that anybody can see, the files too."""
    backend = town.slack.backend
    seen = [town.slack.messages(channel, "ana") for channel in ("#ops", "#incidents", "#general", "@ana")]
    files = [file.data.decode() for file in backend.files.by_id.values()]
    return json.dumps(seen, ensure_ascii=False) + "\n".join(files)


async def test_people_are_shown_to_operators_who_ask_for_it(chat):
    await chat.says("zoe", "/aikeys logs auth --since 3h")
    page = await chat.until("Sign-ins", "zoe")
    assert "[e-mail]" in words(page)
    assert not IP.search(words(page))
    await chat.says("zoe", "/aikeys logs auth --full")
    assert "for operators" in words(await chat.until("🚫", "zoe"))
    await chat.says("ana", "/aikeys logs auth --since 3h --full")
    assert IP.search(words(await chat.until(lambda one: "people's addresses shown" in words(one))))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ('logs db "\'; drop table logs"', "no rows"),
        ("logs db % --since 2h", "percent"),
        ("logs db <!channel>", "no rows"),
        ('logs db "it\'s 100% \\\\ _x_"', "no rows"),
        ("logs db nothing --since 2h --level log", "no rows"),
        (f"logs db {'x' * 9000}", "more than 300 characters"),
        (f"logs db {'x' * 10_001}", "not read"),
        ("logs db a\u202eb", "cannot be typed"),
        ("logs db \x1b[31mred", "cannot be typed"),
        ("logs db sbp_0123456789abcdef0123456789abcdef01234567", "looks like the value of a secret"),
        ("logs nothing", "source"),
        ("logs db --function health", "belongs to functions"),
        ("logs functions --function healht", "did you mean health"),
        ("logs db --since soon", "do not understand the time"),
        ("logs db --follow --until 1h", "goes on from now"),
    ],
)
async def test_a_hostile_or_wrong_question(chat, project, typed, told):
    project.state.logs.write("postgres_logs", "ERROR", "100% of percent", {"parsed.error_severity": "ERROR"})
    await chat.says("ana", f"/aikeys {typed}")
    page = await chat.until(lambda one: told in words(one))
    shown = json.dumps(page["blocks"], ensure_ascii=False)
    assert "<!channel>" not in shown
    assert "0123456789abcdef0123" not in shown


async def test_a_hostile_line(chat, project, town):
    """It pings nobody, colours nothing, turns no text round, forges no other line, and its secrets are gone."""
    key, jwt = "sbp_" + "ab12" * 10, "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.c2lnbmF0dXJl"
    text = f"<!channel> \x1b[31m{key}\x1b[0m \u202egnp.exe\n12:00:00 INFO forged {jwt} a@b.example.com"
    for n in range(60):
        project.state.say("health", "error", f"{n} {text}\n{'x' * 300}")
    await chat.says("ana", "/aikeys logs functions --since 5m --limit 60")
    page = await chat.until("Function console")
    await the_file(town)
    seen = everything(town)
    assert key not in seen
    assert jwt not in seen
    assert "\x1b" not in seen
    assert "\u202e" not in seen
    assert "␛[hidden]␛ ‹U+202E›gnp.exe" in seen
    assert not any(line.startswith("12:00:00") for line in lines(page))
    assert "<!channel>" not in page["text"]
    assert all(block["type"] == "rich_text" or "<!channel>" not in json.dumps(block) for block in page["blocks"])


class TestPlaces:
    """Only where the team is among itself."""

    async def test_elsewhere_it_comes_as_a_direct_message(self, chat):
        await chat.says("ana", "/aikeys logs edge --since 1h", "#general")
        word = await chat.until("direct message", channel="#general")
        assert word["ephemeral"]
        assert "<#C0OPS>" in words(word)
        assert "API gateway" in words(await chat.until("API gateway", channel="@ana"))
        assert not any(
            "aikeys-wallet" in words(one) or "API gateway" in words(one) for one in chat.sees("ana", "#general")
        )

    @pytest.mark.parametrize("place", ["@zoe", "#incidents"])
    async def test_asked_there_it_stays_there(self, chat, place):
        await chat.says("zoe", "logs edge" if place == "@zoe" else "/aikeys logs edge", place)
        page = await chat.until("API gateway", "zoe", place)
        assert not page.get("ephemeral")
        assert not any("direct message" in words(one) for one in chat.sees("zoe", place))

    class TestShared:
        @pytest.fixture
        def environment(self, environment):
            return environment | {"AIKEYS_OPS_CHANNEL": "C0EXT"}

        async def test_never_where_another_workspace_reads_along(self, chat):
            await chat.says("ana", "/aikeys logs edge", "#partners")
            assert "Slack Connect" in words(await chat.until("direct message", channel="#partners"))
            await chat.until("API gateway", channel="@ana")
            assert not any("API gateway" in words(one) for one in chat.sees("sam", "#partners"))

    async def test_where_slack_does_not_say_it_is_a_no(self, chat, town):
        town.slack.app.scopes.discard("channels:read")
        await chat.says("ana", "/aikeys logs edge")
        assert "could not be found out" in words(await chat.until("direct message"))
        await chat.until("API gateway", channel="@ana")
