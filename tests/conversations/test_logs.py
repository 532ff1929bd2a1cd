"""/aikeys logs: what is shown, where, to whom; what is never shown; following, and the end of it."""

import json
import re
from datetime import timedelta

import pytest

from playground.clock import ManualClock
from tests.chat import words
from tests.running import unwatched
from tests.wait import eventually

PATH = "/analytics/endpoints/logs"
IP = re.compile(r"203\.0\.113\.\d+")


def lines(message) -> list[str]:
    """The lines in the preformatted block."""
    return [
        line
        for block in message["blocks"]
        if block["type"] == "rich_text"
        for line in block["elements"][0]["elements"][0]["text"].split("\n")
    ]


def asked(project) -> list[str]:
    return [call.path for call in project.journal.entries if PATH in call.path]


def everything(town) -> str:
    """Every word that anybody can see, the files too."""
    backend = town.slack.backend
    seen = [town.slack.messages(channel, "ana") for channel in ("#ops", "#incidents", "#general", "@ana")]
    files = [file.data.decode() for file in backend.files.by_id.values()]
    return json.dumps(seen, ensure_ascii=False) + "\n".join(files)


async def the_file(town):
    """The one file, once it is there."""
    files = town.slack.backend.files.by_id
    await town.slack.until(lambda: any(file.data for file in files.values()))
    (file,) = files.values()
    return file


async def switch(project, name, on=True):
    await next(one for one in project.switches if one.name == name).set(on)


async def test_signature_failures_as_they_came(chat, project):
    await switch(project, "signature_attack")
    await chat.says("zoe", '/aikeys logs functions "webhook signature" --since 5m')
    page = await chat.until("Function console", "ben")
    told = words(page)
    assert "30 errors" in told
    (line,) = lines(page)
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d ERROR \[payments-circle-webhook\] Invalid webhook signature  \(×\d+, .*\)", line
    )
    assert "all 30, newest last, times in" in told
    assert "<@U0ZOE> asked" in told


async def test_what_the_database_says_of_its_own_outage(chat, project):
    await switch(project, "database_outage")
    await project.traffic.send()
    await eventually(lambda: "not currently accepting" in project.postgres.log.read_text())
    await chat.says("ana", "/aikeys logs db accepting --level error --since 5m")
    page = await chat.until("Database: ")
    assert any("FATAL 55000" in line and "is not currently accepting connections" in line for line in lines(page))


async def test_nothing_found_is_no_proof_of_health(chat):
    await chat.says("ana", "/aikeys logs db nothing-like-this-was-ever-said")
    page = await chat.until("no rows")
    assert "not proof of health" in words(page)
    await chat.clicks("ben", "Last 24 h")
    await chat.until(lambda one: "no rows" in words(one) and "<@U0BEN> asked" in words(one))


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("logs_unpaid", "allowance is used up (402)"),
        ("logs_429", "30 questions about the logs a minute"),
        ("logs_gone", "removed the logs endpoint"),
        ("logs_failing", "Backend error!"),
        ({"status": 401}, "does not accept the bot's token"),
        (
            {"status": 403, "body": {"message": "no", "missing_permissions": ["analytics_logs_read"]}},
            "analytics_logs_read",
        ),
        ({"status": 500}, "failed (500)"),
        ({"status": 540}, "paused"),
        ({"body": "<html>"}, "not JSON"),
        ({"drop": True}, "broke the connection off"),
    ],
)
async def test_supabase_says_no(chat, project, fault, said):
    """The card says so with what to do; no page that looks like silence."""
    if isinstance(fault, str):
        await switch(project, fault)
        await chat.says("ana", "/aikeys logs edge")
        page = await chat.until("could not be read")
    else:
        async with project.answers("GET", PATH, **fault):
            await chat.says("ana", "/aikeys logs edge")
            page = await chat.until("could not be read")
    told = page["blocks"][2]["text"]["text"]
    assert said in told
    assert "\n→ " in told
    assert said in page["text"]
    assert "no rows" not in words(page)


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
        ("logs db sbp_0123456789abcdef0123456789abcdef01234567", "looks like a secret"),
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


async def test_what_does_not_fit_is_a_file_in_the_thread(chat, town):
    await chat.says("ana", "/aikeys logs edge --since 3h --limit 400")
    page = await chat.until("in the file in the thread")
    file = await the_file(town)
    assert file.name == "edge.log"
    assert len(file.data.decode().splitlines()) == 400
    assert file.data.decode().splitlines()[-1] == lines(page)[-1]
    assert not IP.search(file.data.decode())


async def test_buttons_lead_on(chat, project):
    """Older goes back without a gap, Only errors asks for those, Follow looks on; all edit the page in place."""
    failed = {"request.method": "GET", "request.path": "/rest/v1/away", "response.status_code": "503"}
    project.state.logs.write("edge_logs", "ERROR", "GET", failed, at=project.clock.now() - timedelta(minutes=100))
    await chat.says("ana", "/aikeys logs edge --since 2h --limit 20")
    first = lines(await chat.until("API gateway"))
    await chat.clicks("ana", "Older")
    second = lines(await chat.until(lambda one: "edge --until" in one["blocks"][-1]["elements"][0]["text"]))
    assert second[-1] == first[0]
    assert second[0] < second[-1]

    assert not all(" ERROR " in line for line in second)
    await chat.clicks("ana", "Only errors")
    errors = lines(await chat.until(lambda one: "--level error" in one["blocks"][-1]["elements"][0]["text"]))
    assert errors
    assert all(" ERROR " in line for line in errors)
    await chat.clicks("ana", "Follow")
    await chat.until("a look every 10 s")
    assert len([one for one in chat.sees() if one.get("bot_id")]) == 1


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


async def test_health_leads_to_the_logs_of_what_is_wrong(chat, project):
    """In the thread of its card, which stays."""
    await switch(project, "signature_attack")
    await chat.says("ana", "/aikeys health")
    card = await chat.until(lambda one: "signature attack" in words(one) and "all done" in words(one))
    await chat.clicks("ana", "Show logs")
    page = await chat.until("Function console")
    assert page["thread_ts"] == card["ts"]
    assert any("Invalid webhook signature" in line for line in lines(page))
    assert any("signature attack" in words(one) for one in chat.sees())


@pytest.mark.usefixtures("followed")
class TestFollowing:
    """On the bot's own clock, which a test moves; Slack and the project keep the machine's."""

    @pytest.fixture
    def moved(self, town) -> ManualClock:
        return ManualClock(town.clock.now())

    @pytest.fixture
    async def bot(self, settings, moved):
        async with unwatched(settings, moved) as bot:
            yield bot

    @pytest.fixture
    async def followed(self, chat):
        await chat.says("ana", "/aikeys logs functions canary --since 10m --follow")
        return await chat.until(lambda one: "a look every 10 s" in words(one))

    async def test_new_lines_come_and_somebody_stops_it(self, chat, project, bot, moved, followed):
        project.state.say("health", "error", "canary one")
        await moved.passes(seconds=10)
        page = await chat.until("canary one")
        assert page["ts"] == followed["ts"]
        assert "1 error" in words(page)

        await chat.clicks("zoe", "Stop following")
        await chat.until(lambda one: "<@U0ZOE> asked" in words(one) and "a look every" not in words(one))
        await moved.passes(seconds=10)
        await eventually(lambda: bot._answering._followers.count == 0)
        before = len(asked(project))
        await moved.passes(seconds=60)
        assert len(asked(project)) == before

    async def test_it_ends_by_itself(self, chat, town, bot, moved):
        town.slack.limits.off = True  # sixty edits within a second of its clock
        await moved.passes(seconds=601)
        await chat.until("no longer following")
        await eventually(lambda: bot._answering._followers.count == 0)

    async def test_two_who_ask_the_same_share_one_look(self, chat, project, moved):
        await chat.says("ben", "logs functions canary --since 10m --follow", "@ben")
        await chat.until("a look every 10 s", "ben", "@ben")
        project.state.say("health", "info", "canary two")
        before = len(asked(project))
        await moved.passes(seconds=10)
        assert "1 other line" in words(await chat.until("canary two"))
        assert "1 other line" in words(await chat.until("canary two", "ben", "@ben"))
        assert len(asked(project)) == before + 1

    async def test_a_look_that_failed_is_said_and_the_next_one_comes(self, chat, project, moved):
        await switch(project, "logs_failing")
        await moved.passes(seconds=10)
        await chat.until("Backend error!")
        await switch(project, "logs_failing", on=False)
        project.state.say("health", "info", "canary three")
        await moved.passes(seconds=10)
        await chat.until("canary three")

    async def test_a_stopping_bot_ends_it_at_once(self, chat, bot):
        await bot.stop()
        assert "no longer following" in words(chat.sees()[-1])
