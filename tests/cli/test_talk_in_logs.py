"""What the running bot writes to its log while people talk to it: every step with its id, none of their words."""

import json
import signal

import pytest

from tests.chat import Chat, verdict

TYPED = ["zebra-typed-by-hand", "my-secret-is-hunter2", "tapir"]


@pytest.fixture
def chat(town) -> Chat:
    return Chat(town.slack)


async def test_each_step_has_the_interactions_id_and_nobodys_words(shell, town, environment, chat):
    """All kinds of talk, at the most talkative level: a command, a refusal, a mention, a direct message, a click."""
    process = await shell.start("run", "--log", "debug", environ=environment)
    assert b"aikeys is up" in await process.stdout.readline()
    await town.slack.until(lambda: len(town.slack.sockets.open) == 2)

    await chat.says("ana", f"/aikeys health {TYPED[0]}")
    await chat.until(TYPED[0])
    await chat.says("ben", f"@aikeys {TYPED[1]}")
    await chat.until(TYPED[1], who="ben")
    await chat.says("zoe", TYPED[2], channel="@aikeys")
    await chat.until(TYPED[2], who="zoe", channel="@zoe")
    await chat.says("ana", "/aikeys health")
    await chat.until(verdict)
    await chat.clicks("ben", "Ask again")
    await chat.until("<@U0BEN> asked")

    process.send_signal(signal.SIGTERM)
    out, err = await process.communicate()
    assert process.returncode == 0
    assert b"AIKEYS_VIEWERS would unlock: " in out, "what is not set is said at the start"
    text = err.decode()
    for word in TYPED:
        assert word not in text
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SUPABASE_ACCESS_TOKEN"):
        assert environment[name] not in text
    assert "Healthy" not in text
    lines = [json.loads(line) for line in text.splitlines()]
    of_work = [one for one in lines if one["event"].split(".")[0] in ("command", "answer", "delivery")]
    assert all(isinstance(one.get("delivery"), int) for one in of_work)
    for event in ("command.asked", "answer.posted", "delivery.settled"):
        assert event in {one["event"] for one in of_work}
    acked = {one["delivery"] for one in lines if one["event"] == "inbox.acked"}
    settled = {one["delivery"] for one in lines if one["event"] == "delivery.settled"}
    assert len(acked) == 5
    assert settled == acked, "one id from the ack to the end"
