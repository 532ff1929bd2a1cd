"""A bot on a clock that is moved by hand, in a town on the machine's: minutes of back-off pass at once."""

import pytest

from bot.clients.slack import Slack, web_client
from bot.context import Caller
from bot.post.answers import Answer
from bot.post.pages import Pages
from tests.running import unwatched


@pytest.fixture
async def slow(town, settings, moved):
    """The bot on that clock."""
    async with unwatched(settings, moved) as bot:
        yield bot


@pytest.fixture
async def answer(answering):
    """An answer of its own making, to say what no command says."""
    return answering()


@pytest.fixture
def answering(town, bot, clock):
    """Makes such answers: in a thread or not, with other fields by name."""
    slack = Slack(
        web_client(town.slack.bot_token, town.slack.api_url, bot.slack.client.session, clock), bot.slack.client.session
    )
    usual = {"rows": bot.store.inbox, "clock": clock, "pages": Pages(), "can_look": True}

    def make(thread=None, **fields) -> Answer:
        roles, now = frozenset({"viewer"}), clock.now()
        caller = Caller(user="U0ANA", channel="C0OPS", roles=roles, asked_at=now, delivery=1, thread=thread)
        return Answer(slack=slack, caller=caller, **(usual | fields))

    return make


def outcome(bot) -> str | None:
    """What became of the newest delivery, as it is on the disk; None while it is owed an answer."""
    bot.store.inbox.flush()
    newest: dict[str, str | None] = next(bot.store.db.query("SELECT outcome FROM deliveries ORDER BY id DESC LIMIT 1"))
    return newest["outcome"]
