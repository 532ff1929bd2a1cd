"""The switches of the control panel, as the demo has them: somebody else's Alertmanager reports, and takes it back."""

import asyncio

import pytest

from playground.town import Town
from tests.chat import Chat
from tests.wait import eventually


@pytest.fixture
async def town(project, clock, unused_tcp_port):
    town = Town(clock, project=project, alerts_to=f"127.0.0.1:{unused_tcp_port}")
    await town.start()
    yield town
    await town.stop()


@pytest.fixture
def environment(town, tmp_path):
    return town.settings(tmp_path / "data")


async def test_an_alert_is_switched_on_and_off(town, bot, clock):
    chat = Chat(town.slack)
    await town.slack.faults.set("alert_p0", True)
    await chat.until("P0 Alert: BankDown", channel="#incidents")
    await town.slack.faults.set("alert_p1", True)
    await clock.passes(seconds=11)
    await chat.until("P1 Alert: DiskAlmostFull")
    await town.slack.faults.clear()
    await clock.passes(seconds=2)
    await chat.until("P1 Alert: DiskAlmostFull · resolved")
    await chat.until("P0 Alert: BankDown · resolved", channel="#incidents")
    assert [one.severity for one in bot.store.incidents.recent(50)] == ["P1", "P0"], "each was told once"


async def test_a_storm_at_the_press_of_a_button(town, bot, clock):
    """Two thousand a second are taken: the sender is told to wait, and asks again."""
    task = asyncio.create_task(town.slack.faults.set("alert_storm", True))
    while not task.done():
        await clock.passes(seconds=0.5)
        await asyncio.sleep(0.02)
    await clock.passes(seconds=11)
    await Chat(town.slack).until("5,000 alerts of 200 kinds, all firing")
    await eventually(lambda: len(bot.store.incidents.recent(50)) == 1)
