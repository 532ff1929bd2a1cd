"""kill -9 in the middle of a restore: the project is sent back once, followed to its end, proved and told."""

import asyncio
import signal

import pytest

from tests.chat import words
from tests.conversations.test_restore import pays, types_the_name
from tests.deploys import Deploying, has_button


@pytest.fixture
def deploying(chat, project) -> Deploying:
    project.archive.takes = 0.0
    chat.slack.limits.off = True
    return Deploying(chat, project)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "nth", "times", "end"),
    [
        pytest.param("step.intent", "3", 0, "nothing was restored", id="about to send it back"),
        pytest.param("step.effect", "3", 1, "Done.", id="sent back, nothing written"),
    ],
)
async def test_killed_in_the_middle(mortal, deploying, chat, project, point, nth, times, end):
    await project.archive.keep("here")
    await pays(project, "pay-1")
    await mortal.starts(point, nth)
    await chat.says("ana", "/aikeys restore here")
    card = await chat.until(has_button("Approve"))
    await types_the_name(deploying, "ben", card)
    card = await deploying.card("1 of 2: <@U0BEN>")
    last = asyncio.create_task(types_the_name(deploying, "cy", card))
    assert await mortal.died() == -signal.SIGKILL
    await asyncio.gather(last, return_exceptions=True)

    await mortal.starts()

    seen = await chat.until(
        lambda one: "Details in the thread" in words(one) and ("Done." in words(one) or "*Failed*" in words(one)),
        timeout=30,
    )
    assert end in words(seen)
    assert len(project.archive.went_back) == times
