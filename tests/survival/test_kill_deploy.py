"""kill -9 in the middle of a deploy: once at most, settled within 30 s of the restart, and everybody is told."""

import asyncio
import signal

import pytest

from tests.chat import words
from tests.deploys import WEBHOOK, Deploying

SETTLED = 30.0  # seconds after the restart


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.fixture
def deploying(chat, project) -> Deploying:
    return Deploying(chat, project)


async def settled(deploying) -> str:
    """How the headline ends, in a word."""
    ends = ("Done.", "*Failed*", "Needs a human")
    seen = await deploying.chat.until(
        lambda one: "Details in the thread" in words(one) and any(end in words(one) for end in ends), timeout=SETTLED
    )
    return next(end for end in ends if end in words(seen))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "nth", "effects", "end"),
    [
        pytest.param("step.intent", "1", 1, "Done.", id="before saving"),
        pytest.param("step.result", "1", 1, "Done.", id="saved"),
        pytest.param("step.intent", "2", 0, "*Failed*", id="about to deploy"),
        pytest.param("step.effect", "2", 1, "Done.", id="deployed, nothing written"),
        pytest.param("step.result", "2", 1, "Done.", id="deployed and written"),
        pytest.param("step.effect", "4", 1, "Done.", id="called, nothing written"),
        pytest.param("operation.finished", "1", 1, "Done.", id="finished, not told"),
    ],
)
async def test_killed_in_the_middle(mortal, deploying, point, nth, effects, end):
    """What was not sent is not sent by itself; what was is found, proved and told. Never twice."""
    version = deploying.project.state.functions[WEBHOOK].version
    await mortal.starts(point, nth)
    card = await deploying.asks()
    await deploying.click("ben", card, "Approve")
    assert await mortal.died() == -signal.SIGKILL

    await mortal.starts()

    assert await settled(deploying) == end
    assert deploying.effects == [(WEBHOOK, version + 1)] * effects


async def test_killed_between_the_yes_and_its_ack(mortal, deploying, chat):
    """Slack tells Ben that it failed, so nothing happens by itself; he is told, and his second click counts."""
    await mortal.starts()
    card = await deploying.asks()
    await mortal.ends()
    await mortal.starts("inbox.committed")
    click = asyncio.create_task(deploying.click("ben", card, "Approve"))
    assert await mortal.died() == -signal.SIGKILL
    await click

    await mortal.starts()
    await chat.until("Nothing was changed", "ben")
    assert deploying.effects == []
    await deploying.click("ben", card, "Approve")

    assert await settled(deploying) == "Done."
    assert len(deploying.effects) == 1


async def test_killed_after_the_request_before_its_cards(mortal, deploying, chat):
    """The request is there, its letters are not yet: they are sent after the restart, once each."""
    await mortal.starts("approval.requested")
    asked = asyncio.create_task(chat.says("ana", f"/aikeys deploy {WEBHOOK}"))
    assert await mortal.died() == -signal.SIGKILL
    await asked

    await mortal.starts()

    await deploying.headline("Waits for approval")
    await deploying.card("Waits for approval")
    cards = [one for one in chat.sees("cy") if "Waits for approval" in words(one) and "Superseded" not in words(one)]
    assert len(cards) == 2  # the headline and the card
