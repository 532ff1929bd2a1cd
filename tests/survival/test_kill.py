"""kill -9 at named points: what was acknowledged is answered after the restart, once."""

import asyncio
import signal

import pytest

from tests.chat import verdict, words


def cards(chat):
    return [one for one in chat.sees("ana") if one.get("bot_id") and not one["ephemeral"]]


async def ask_and_die(chat, mortal, point: str, nth: str = "1"):
    """Ana asks, the bot dies at *point*; returns what her composer got back."""
    await mortal.starts(point, nth)
    said = asyncio.create_task(chat.says("ana", "/aikeys health"))
    assert await mortal.died() == -signal.SIGKILL
    return await said


async def test_killed_between_commit_and_ack(chat, mortal):
    """Slack tells Ana that it failed; the question was kept all the same, and reading harms nobody."""
    said = await ask_and_die(chat, mortal, "inbox.committed")
    assert not said["acked"]

    await mortal.starts()

    card = await chat.until(verdict)
    assert "I was restarting" in words(card)
    assert len(cards(chat)) == 1


async def test_killed_between_ack_and_answer(chat, mortal):
    """Acknowledged, nothing shown yet: the answer comes after the restart and says when it was asked."""
    said = await ask_and_die(chat, mortal, "inbox.acked")
    assert said["acked"]

    await mortal.starts()

    card = await chat.until(verdict)
    assert "I was restarting" in words(card)
    assert len(cards(chat)) == 1


async def test_killed_after_the_first_reply(chat, mortal):
    """“Asking six services” was posted: the same message is finished, none is added."""
    await ask_and_die(chat, mortal, "answer.posted")
    assert len(cards(chat)) == 1
    assert "Healthy" not in words(cards(chat)[0])

    await mortal.starts()

    await chat.until(verdict)
    assert len(cards(chat)) == 1


@pytest.mark.slow
async def test_killed_before_the_commit(chat, mortal):
    """Nothing was committed, nothing acknowledged: Slack says so, and the bot knows nothing of it afterwards."""
    await mortal.starts()
    assert mortal.process is not None
    await mortal.process.killed()

    said = await chat.says("ana", "/aikeys health")
    assert not said["acked"]

    await mortal.starts()
    await chat.says("ana", "/aikeys nonsense")
    await chat.until("nonsense")
    assert not cards(chat)


async def test_sigterm_finishes_what_runs(chat, mortal, project):
    """Told to stop while six services are being asked: the answer is given before the bot goes."""
    await mortal.starts()
    async with project.answers("GET", r"/v1/projects/[a-z]+/secrets$", delay=1.5):
        await chat.says("ana", "/aikeys health")
        await chat.until("sking")
        await mortal.ends()

    await chat.until(verdict)
    assert mortal.process.code == 0
