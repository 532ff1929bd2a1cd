"""/aikeys reviews: they fall due by themselves with their evidence, are signed, asked for again, escalated."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import Bot
from tests.chat import words
from tests.clocks import Moved
from tests.deploys import buttons, has_button
from tests.running import KEY, unwatched
from tests.wait import eventually

MONDAY = datetime(2027, 1, 25, 8, 30, tzinfo=UTC)  # half past nine in Madrid; all six have fallen due by then


@pytest.fixture
def environment(environment):
    return environment | {"AIKEYS_TIMEZONE": "Europe/Madrid", "AIKEYS_AUDIT_KEY": KEY.decode(), "AIKEYS_LEAD": "U0CY"}


class Coming:
    """A bot that comes and goes over one database, each time on another day."""

    def __init__(self, settings) -> None:
        self._settings = settings
        self._open = AsyncExitStack()
        self.bot: Bot | None = None

    async def comes(self, at) -> Bot:
        await self.goes()
        self.bot = await self._open.enter_async_context(unwatched(self._settings, Moved(at)))
        return self.bot

    async def goes(self) -> None:
        """Once all that is owed was said: what broke off is looked for by Slack's time, which is months away here."""
        if self.bot is not None:
            owed = self.bot.store.outbox.owed_since
            await eventually(lambda: owed("") is None, within=60)
        self.bot = None
        await self._open.aclose()


@pytest.fixture
async def coming(settings):
    coming = Coming(settings)
    await coming.comes(datetime(2026, 11, 25, 8, tzinfo=UTC))
    yield coming
    await coming.goes()


@pytest.fixture
def bot(coming):
    """The same, for the chat."""
    return coming


def card(title):
    return lambda one: has_button("Reviewed")(one) and f"Review: {title}" in words(one)


async def press(chat, who, message, label, channel="#ops"):
    found = next(one for one in buttons(message) if one["text"]["text"] == label)
    await chat.slack.click(
        who, channel=channel, ts=message["ts"], action_id=found["action_id"], block_id=found["block_id"]
    )


async def signs(chat, town, who, message, note, channel="#ops"):
    """*who* presses Reviewed on *message* and writes *note*; returns what the modal answers."""
    await press(chat, who, message, "Reviewed", channel)
    await town.slack.until(lambda: town.slack.views(who)["modals"])
    view = town.slack.views(who)["modals"][-1]["id"]
    return await town.slack.submit(who, view, {"reason": {"reason": note}})


async def test_they_fall_due_by_themselves_with_their_evidence(chat, town, coming, project):
    """Five cards in #ops, each with what there is to see; none before its time."""
    await chat.says("zoe", "/aikeys reviews")
    assert "none waits" in words(await chat.until("Reviews", "zoe"))
    assert not [one for one in chat.sees() if "Review:" in words(one)]
    async with project.postgres.superuser() as connection:
        await connection.execute(
            """create table public."<!channel> *x*" (id int); create table extensions.pg_stat_statements as
            select 1.0 as calls, 900.0 as mean_exec_time, 5.0 as total_exec_time, 'select * from <!here>' as query
            union select 7, 1, 9, 'alter role postgres password ''hunter2'''"""
        )

    await coming.comes(MONDAY)

    slow = words(await chat.until(card("Slow queries, week 04 of 2027")))
    assert "900.0 ms × 1 calls: select ∗ from &lt;!here&gt;" in slow
    assert "hunter2" not in slow
    assert "Not asked for while I was away: " not in slow
    admins = await chat.until(card("Admin users, January 2027"))
    assert "super_admin · tito.guevara@aikeys.ai" in words(admins)
    policies = words(await chat.until(card("RLS policies, quarter 1 of 2027")))
    assert "• &lt;!channel&gt; ∗x∗: NO row level security" in policies
    assert "“own profile”, SELECT for authenticated" in policies
    await chat.until(card("The runbook, quarter 1 of 2027"))
    audit = words(await chat.until(card("Security audit, 2027")))
    assert "The record is whole" in audit
    assert "Approver: <@U0BEN>, <@U0CY>" in audit
    assert "has not been enabled" in audit or "more in the thread" in audit

    await chat.says("zoe", "/aikeys reviews")
    told = words(await chat.until("Reviews: 6 wait", "zoe"))
    assert "*Admin users, January 2027*" in told
    assert "Next: Slow queries" in told

    await press(chat, "zoe", admins, "Reviewed")
    assert (await chat.until("You cannot sign this", "zoe"))["ephemeral"]
    async with project.postgres.superuser() as connection:
        await connection.execute("update public.profiles set role = 'user' where email like 'ops@%'")
    await press(chat, "zoe", admins, "Look again")
    admins = await chat.until("1 admin user.")
    assert "ops@aikeys.ai" not in words(admins)
    assert await signs(chat, town, "ben", admins, "took *ops* away <!channel>") == {"ok": True}
    over = await chat.until("Reviewed by <@U0BEN>: “took ∗ops∗ away &lt;!channel&gt;”")
    assert over["ts"] == admins["ts"]
    assert not buttons(over)

    async with project.postgres.superuser() as connection:
        await connection.execute("update public.profiles set role = 'admin' where email like 'user05@%'")
    await coming.comes(MONDAY.replace(month=2, day=1))
    assert "• new: admin · user05@example.com" in words(await chat.until(card("Admin users, February 2027")))


async def test_a_skipped_one_is_asked_again_and_then_escalated(chat, town, coming):
    """Across restarts; each word of it once; a signature takes the buttons off all of it."""
    await coming.comes(MONDAY)
    first = await chat.until(card("Slow queries, week 04"))

    await coming.comes(MONDAY + timedelta(days=2, minutes=1))
    await chat.until("Not reviewed yet*: Slow queries")
    await coming.comes(MONDAY.replace(day=28))
    await coming.comes(MONDAY + timedelta(days=4, minutes=1))

    loud = await chat.until("Still not reviewed*: Slow queries")
    assert "<@U0CY>, nobody has signed it" in words(loud)
    mine = await chat.until("Still not reviewed*: Slow queries", "cy", "@cy")
    assert len([one for one in chat.sees() if "Not reviewed yet*: Slow queries" in words(one)]) == 1

    await signs(chat, town, "cy", mine, "all as usual", "@cy")

    await chat.slack.until(
        lambda: not [one for one in chat.sees() if "Slow queries" in words(one) and has_button("Reviewed")(one)]
    )
    assert "all as usual" in words(next(one for one in chat.sees() if one["ts"] == first["ts"]))
    assert not buttons(await chat.until("Reviewed by <@U0CY>", "cy", "@cy"))


async def test_the_next_one_ends_what_nobody_signed(chat, coming):
    await coming.comes(MONDAY)
    first = await chat.until(card("Slow queries, week 04"))
    await coming.comes(MONDAY.replace(month=2, day=1))
    second = await chat.until(card("Slow queries, week 05"))
    assert "The last one (week 04 of 2027) was *never signed*" in words(second)
    over = "Nobody signed it before the next one fell due."
    ended = await chat.until(lambda one: one["ts"] == first["ts"] and over in words(one))
    assert not buttons(ended)


async def test_a_review_falls_due_whatever_is_broken(chat, coming, project, town):
    """The database is away: the card says what could not be looked at, and may be asked to look again."""
    await town.slack.faults.set("database_outage", True)
    await coming.comes(MONDAY)
    seen = await chat.until(card("Admin users"))
    assert "could not be looked at" in words(seen)
    await town.slack.faults.set("database_outage", False)
    await press(chat, "ben", seen, "Look again")
    await chat.until("super_admin · tito")
