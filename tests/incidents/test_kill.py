"""kill -9 while a P0 is told: one channel, the right people, one pin, one mail each, one checklist, all done."""

import signal

import pytest

from playground.mailbox import Mailbox
from playground.slack import Workspace

POINTS = [
    ("errand.intent", 1),
    *(("errand.effect", nth) for nth in (1, 3, 6)),  # of mail, of the channel, of what stands in it
    ("errand.result", 3),
]


@pytest.fixture
async def outside():
    """Slack and a mail server, on the machine's clock as the killed program is."""
    workspace, mailbox = Workspace(), Mailbox()
    await workspace.start()
    await mailbox.start()
    yield workspace, mailbox
    await mailbox.stop()
    await workspace.stop()


@pytest.mark.parametrize(("point", "nth"), POINTS)
async def test_killed_at_a_named_point(nursery, tmp_path, outside, point, nth):
    workspace, mailbox = outside
    arguments = (str(tmp_path / "a.sqlite"), workspace.api_url, workspace.bot_token, mailbox.smtp_url)

    async def lives(**dies):
        mortal = await nursery.bears("tests.incidents.program", tmp_path / "out", *arguments, **dies)
        return await mortal.died()

    assert await lives(point=(point, nth)) == -signal.SIGKILL
    assert await lives() == 0

    (room,) = [one for one in workspace.state.channels.values() if one.name.startswith("inc-")]
    assert set(room.members) == {"U0BOT", "U0CY", "U0BEN", "U0ANA"}
    assert len(room.pins) == 1
    assert "P0 Database outage" in room.topic
    said = [one for one in workspace.messages("#incidents", "ana") if one.get("bot_id")]
    assert len(said) == 2, "the card, and the checklist in its thread"
    assert "3 of 3 done" in said[1]["text"]
    assert {one.recipients for one in mailbox.messages} == {("lead@aikeys.test",), ("support@supabase.test",)}
    assert len({one.message_id for one in mailbox.messages}) == 2
