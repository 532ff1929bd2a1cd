"""A town whose bot rotates secrets, on a clock that runs fast."""

import pytest

from tests.chat import Chat
from tests.clocks import Hurried
from tests.rotations.rotating import Rotating
from tests.running import unwatched


@pytest.fixture
async def bot(town, settings):
    """The bot on that clock."""
    async with unwatched(settings, Hurried()) as bot:
        yield bot


@pytest.fixture
def rotating(town, bot, project):
    """Ana who asks, Ben who approves, Circle's dashboard."""
    return Rotating(Chat(town.slack), town, project, bot)
