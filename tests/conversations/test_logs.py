"""/aikeys logs: what is shown, with what it means that there is none, and where its buttons lead."""

import re
from datetime import timedelta

import pytest

from tests.chat import words
from tests.conversations.pages import IP, PATH, lines, switch, the_file
from tests.wait import eventually

DAY = re.compile(r"^\d\d \w{3} (?=\d\d:)")


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


async def test_what_does_not_fit_is_a_file_in_the_thread(chat, town):
    await chat.says("ana", "/aikeys logs edge --since 3h --limit 400")
    page = await chat.until("in the file in the thread")
    file = await the_file(town)
    assert file.name == "edge.log"
    assert len(file.data.decode().splitlines()) == 400
    assert file.data.decode().splitlines()[-1] == lines(page)[-1]
    assert not IP.search(file.data.decode())


def below(message):
    """The small print under a page: while it is still being asked for there is none."""
    return message["blocks"][-1]["elements"][0]["text"] if message.get("blocks") else ""


async def test_buttons_lead_on(chat, project):
    """Older goes back without a gap, Only errors asks for those, Follow looks on; all edit the page in place."""
    failed = {"request.method": "GET", "request.path": "/rest/v1/away", "response.status_code": "503"}
    project.state.logs.write("edge_logs", "ERROR", "GET", failed, at=project.clock.now() - timedelta(minutes=100))
    await chat.says("ana", "/aikeys logs edge --since 2h --limit 20")
    first = lines(await chat.until("API gateway"))
    await chat.clicks("ana", "Older")
    second = lines(await chat.until(lambda one: "edge --until" in below(one) and lines(one)))
    # A page that reaches over midnight names the day in each line, the one after it does not.
    assert DAY.sub("", second[-1]) == DAY.sub("", first[0])
    assert second[0] not in first
    assert len(second) > 1

    assert not all(" ERROR " in line for line in second)
    await chat.clicks("ana", "Only errors")
    errors = lines(await chat.until(lambda one: "--level error" in below(one) and lines(one)))
    assert all(" ERROR " in line for line in errors)
    await chat.clicks("ana", "Follow")
    await chat.until("a look every 10 s")
    assert len([one for one in chat.sees() if one.get("bot_id")]) == 1


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
