"""The Home tab: how the wallet is, what waits for whom, and buttons, with everything upstream down as well."""

from dataclasses import replace
from typing import Any

import pytest

from bot.context import Target
from bot.desks.home import Home, Seen
from bot.health.look import look
from bot.version import version
from bot.views.home import view
from playground.blockkit import check_view
from playground.clock import ManualClock
from tests.chat import verdict, words


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.fixture
def tab(chat, bot, town):
    """Opens somebody's Home and returns what they see, once it holds the text."""

    async def opened(who: str, text: str = "As of") -> str:
        async for checkup in look(bot._answering._ctx):  # not the watch's round: that looks twice before it alarms
            bot._answering.watch._seen = checkup
        await town.slack.open_home(who)
        return await holds(town, who, text)

    return opened


async def holds(town, who: str, text: str) -> str:
    await town.slack.until(lambda: text in home(town, who))
    view = town.slack.views(who)["home"]
    assert not check_view({"type": "home", "blocks": view["blocks"]})
    return home(town, who)


def home(town, who: str) -> str:
    view = town.slack.views(who)["home"]
    return words({"blocks": view["blocks"]}) if view else ""


async def presses(town, who: str, label: str) -> Any:
    view = town.slack.views(who)["home"]
    for block in view["blocks"]:
        for one in [*block.get("elements", []), block.get("accessory", {})]:
            if one.get("type") == "button" and one["text"]["text"] == label:
                return await town.slack.click(who, view_id=view["id"], action_id=one["action_id"])
    raise AssertionError(f"no button {label!r}")


async def test_theverdict_with_its_age_and_what_to_ask(tab, town, chat):
    seen = await tab("zoe")
    assert "Healthy" in seen
    assert "I looked <!date^" in seen
    assert "*Open incidents*: none" in seen
    assert "*Waiting for your decision*: nothing" in seen
    assert "emolyyvmvvfjyxbguhyn" in seen
    assert f"AIKeys Ops {version()}" in seen

    await presses(town, "zoe", "health")

    assert "the answer is under *Messages*" in await holds(town, "zoe", "is asked")
    await chat.until(verdict, who="zoe", channel="@zoe")
    await presses(town, "zoe", "contacts")
    await chat.until("Whom to ring", who="zoe", channel="@zoe")
    await presses(town, "zoe", "db")
    await chat.until("Connections", who="zoe", channel="@zoe")
    assert "direct messages only" not in str(chat.sees("zoe", "@zoe")), "it is one"


async def test_with_everything_upstream_down_it_is_drawn_at_once(tab, town):
    await town.slack.faults.set("secret_missing", True)
    assert "→" in await tab("ana", "CIRCLE"), "what to do"
    for name in ("database_outage", "management_down"):
        await town.slack.faults.set(name, True)

    await town.slack.open_home("zoe")

    assert "CIRCLE" in await holds(town, "zoe", "As of"), "from memory: nobody is asked"
    await presses(town, "zoe", "Refresh")


async def test_each_sees_what_waits_for_them(tab, town, deploying, environment, repository):
    await deploying.asks()

    ben = await tab("ben", "open the card")
    assert "Waiting for your decision" in ben
    assert "/archives/C0OPS/p" in ben
    assert "You asked for" not in ben
    assert "You asked for" in await tab("ana")
    assert "nothing (1 for others)" in await tab("zoe")


async def test_reviews_that_are_due(town, bot):
    ctx = bot._answering._ctx
    bot.store.reviews.due("admins", "2026-11", bot.clock.now(), evidence="three of them")
    bot.store.reviews.due("glass", "approval/7", bot.clock.now(), data={"title": "<!here> Deploy x"}, not_by="U0ANA")
    tab = Home(ctx, bot.slack, ctx.roles, lambda: (None, True))

    await tab.draw("U0ANA", "T0AIKEYS", "")

    seen = await holds(town, "ana", "Due for review")
    assert "Admin users, November 2026" in seen
    assert "another person signs it" in seen
    assert "<!here>" not in seen


async def test_it_is_kept_up_to_date_for_a_quarter_of_an_hour(town, bot):
    clock, ctx = ManualClock(), bot._answering._ctx
    tab = Home(replace(ctx, clock=clock), bot.slack, ctx.roles, lambda: (None, True))
    await tab.draw("U0BEN", "T0AIKEYS", "")
    assert "*Open incidents*: none" in home(town, "ben")
    data = {"severity": "P0", "title": "<!channel> *down* " + "x" * 500, "dedup_key": "db"}
    bot.store.events.append("incident/1", "incident.opened", "bot", data, clock.now())

    await clock.passes(minutes=14)
    await tab.round()

    seen = await holds(town, "ben", "P0")
    assert "<!channel>" not in seen
    bot.store.events.append("incident/1", "incident.resolved", "bot", {}, clock.now())
    await clock.passes(minutes=2)
    await tab.round()
    assert "P0" in home(town, "ben"), "it is no longer kept"


async def test_an_older_drawing_never_covers_a_newer_one(tab, town, bot):
    await tab("ana")
    older = town.slack.views("ana")["home"]["hash"]
    await bot._answering._home.draw("U0ANA", "T0AIKEYS", older, "newer")
    await bot._answering._home.draw("U0ANA", "T0AIKEYS", older, "older")
    assert "newer" in home(town, "ana")
    await town.slack.open_home("ana")
    await town.slack.until(lambda: "newer" not in home(town, "ana"))


async def test_an_old_look_is_called_old(bot):
    async for checkup in look(bot._answering._ctx):
        seen = Seen(Target("abcdefghijklmnopqrst"), "U0ANA", frozenset({"viewer"}), bot.clock.now(), checkup)
    assert "That is old" in str(view(replace(seen, fresh=False)))
    assert "That is old" not in str(view(seen))
    assert "I have just started" in str(view(replace(seen, looked=None)))
    assert "I could not look" in str(view(replace(seen, looked=None, fresh=False)))
    unreadable = str(view(replace(seen, readable=False)))
    assert "memory cannot be read" in unreadable
    assert "none" not in unreadable, "what is not known is not called nothing"
