"""The bot looks at itself: on a clock that is moved, each of the three, and mail where Slack is away."""

import asyncio

import pytest

from bot.own.facts import Dates, Room
from bot.own.watching import Mirror
from tests.chat import Chat, words
from tests.running import unwatched
from tests.wait import eventually


@pytest.fixture
def environment(environment):
    """Whose address nobody has set: the runbook has one."""
    return {key: value for key, value in environment.items() if key != "AIKEYS_LEAD_EMAIL"}


@pytest.fixture
async def bot(settings, moved, town):
    async with unwatched(settings, moved) as bot:
        yield bot


@pytest.fixture
def chat(town, bot, moved) -> Chat:
    return Chat(town.slack, moved)


@pytest.fixture
def looks(bot, moved):
    """So many looks at itself."""
    own = bot._answering.own.mirror

    async def look(times: int = 1, apart: float = 15, mirror: Mirror = own) -> None:
        for _ in range(times):
            await mirror.round()
            await moved.passes(seconds=apart)

    return look


async def test_a_disk_that_fills(bot, chat, looks):
    """Its own mirror, before another disk: nobody fills the machine's."""
    free = [2**30]
    ctx, outbox = bot._answering._ctx, bot._answering.changes.outbox
    mirror = Mirror(ctx, ctx.alerts, outbox, Dates(bot.clock), disk=lambda: Room(free[0], 100 * 2**30))
    await looks(2, mirror=mirror)
    card = words(await chat.until("P1 My disk is nearly full"))
    assert "1,024 MB are free" in card
    free[0] = 50 * 2**30
    await looks(8, mirror=mirror)
    await chat.until("My disk is nearly full · resolved")


async def test_a_clock_that_is_wrong(bot, chat, looks, moved):
    """Slack's and Supabase's Date headers against ours, over the wire."""
    await bot.slack.call("auth.test")
    await looks(4)
    assert bot.store.incidents.recent() == []
    await moved.jumps(seconds=120)
    for _ in range(4):
        await asyncio.gather(bot.slack.call("auth.test"), bot._answering._ctx.supabase.functions())
        await looks(1)
    card = words(await chat.until("P1 My clock is wrong"))
    assert "ahead of that of" in card


async def test_slack_is_away_and_mail_says_so(bot, chat, looks, moved, town):
    await bot.slack.call("auth.test")
    bot.store.incidents.open("P1", "Secret missing", "secret_missing", bot.clock.now())
    await town.slack.faults.set("slack_away", True)
    await moved.jumps(seconds=301)
    await looks(3)
    async with asyncio.timeout(8):
        await town.mailbox.wait_for(1)
    mail = town.mailbox.messages[0]
    assert "Slack takes nothing from me" in mail.subject
    assert mail.recipients == ("tito.guevara@aikeys.ai",)
    assert "has not answered me for 5 minutes" in mail.text
    assert "Open meanwhile:\n- P1 Secret missing" in mail.text
    own = bot._answering.own.mirror
    assert own.mute

    ctx, outbox = bot._answering._ctx, bot._answering.changes.outbox
    full = Mirror(ctx, ctx.alerts, outbox, own._dates, disk=lambda: Room(2**30, 100 * 2**30))
    await looks(2, mirror=full)
    async with asyncio.timeout(8):
        await town.mailbox.wait_for(2)
    assert "P1 My disk is nearly full" in town.mailbox.messages[1].subject, "what else befalls me meanwhile, too"
    await town.slack.faults.set("slack_away", False)
    await bot.slack.call("auth.test")
    for _ in range(12):
        await looks(1)
    await eventually(lambda: not bot._answering.own.mirror.mute)
    async with asyncio.timeout(8):
        await town.mailbox.wait_for(4)
    assert "P1 My clock is wrong" in town.mailbox.messages[2].subject, "Slack's first word after five minutes says so"
    assert "takes my messages again" in town.mailbox.messages[3].subject
    assert len(town.mailbox.messages) == 4
