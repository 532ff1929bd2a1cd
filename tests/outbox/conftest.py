import aiohttp
import pytest

from bot.clients.slack import Slack, web_client
from bot.post.outbox import Outbox
from playground.slack import Workspace
from tests.outbox.hurried import Hurried
from tests.running import remembering
from tests.wait import eventually


class Desk:
    """An outbox that can be stopped and started, and the workspace it writes to."""

    def __init__(self, store, workspace, session, clock) -> None:
        self.store = store
        self.workspace = workspace
        self.clock = clock
        self.slack = Slack(web_client(workspace.bot_token, workspace.api_url, session, clock), session)
        self.can_look = True
        self.outbox = self.make()

    def make(self) -> Outbox:
        """A new one over the same rows, as after a restart."""
        self.outbox = Outbox(self.store, self.slack, self.clock, can_look=self.can_look)
        return self.outbox

    async def sent(self, within: float = 8) -> None:
        """Wait until nothing is owed to anybody."""
        await eventually(lambda: not self.store.outbox.waiting(), within)

    def texts(self, channel: str = "#ops") -> list[str]:
        """What Ana sees of it, oldest first."""
        return [one["text"] for one in self.workspace.messages(channel, "ana") if one.get("bot_id")]


@pytest.fixture
def clock():
    return Hurried()


@pytest.fixture
async def workspace(clock):
    workspace = Workspace(clock=clock)
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "aikeys.sqlite"


@pytest.fixture
def store(path):
    opened = remembering(path)
    yield opened
    opened.close()


@pytest.fixture
def ops(workspace):
    """The id of #ops."""
    return next(one.id for one in workspace.state.channels.values() if one.name == "ops")


@pytest.fixture
async def desk(store, workspace, clock):
    async with aiohttp.ClientSession() as session:
        desk = Desk(store, workspace, session, clock)
        yield desk
        await desk.outbox.close()
