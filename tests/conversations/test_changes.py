"""What an earlier run left is taken up at the start: overdue approvals, unsent messages, operations in the middle."""

from datetime import timedelta

import pytest

from bot.app import Bot
from bot.clock import SystemClock
from store.database import open_store
from store.letter import Urgency
from store.operations import NewOperation
from tests.chat import Chat
from tests.wait import eventually

KEY = b"a key for tests, 32 bytes at least"
PLAN = {"command": "deploy", "line": "deploy health", "title": "Deploy", "subject": "function/health"}


@pytest.fixture
def left(town, settings):
    """The rows of a bot that was killed two hours ago."""
    store = open_store(settings.data / "aikeys.sqlite", audit_key=KEY)
    then = SystemClock().now() - timedelta(hours=2)
    approval, _ = store.approvals.request(
        "UANA", PLAN | {"pinned": {}}, "d" * 64, then, expires_at=then + timedelta(minutes=30), needed=1
    )
    store.timers.set("approval.expires", approval.subject, approval.expires_at, then)
    store.operations.start(NewOperation(settings.supabase_project_ref, "forgotten", "Old", ("a",), {}), "UANA", then)
    ops = town.slack.state.channel("#ops").id
    store.outbox.write("a", ops, {"text": "this was never sent"}, then, urgency=Urgency.P0)
    yield store
    store.close()


async def test_taken_up_at_the_start(town, settings, clock, left):
    bot = Bot(settings, left, clock)
    await bot.start()
    try:
        await Chat(town.slack).until("this was never sent")
        await eventually(lambda: left.approvals.recent()[0].state == "expired")
        await eventually(lambda: left.operations.recent()[0].state == "needs-human")
    finally:
        await bot.stop()
    assert bot.changes.engine.draining
