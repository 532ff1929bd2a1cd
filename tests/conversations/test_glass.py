"""The glass: under a P0 one operator may act alone, with a reason, told loudly; another person reviews it after."""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.app import Bot
from store.inbox import Arrival
from tests.chat import words
from tests.deploys import buttons, has_button
from tests.wait import eventually

HOSTILE = "it burns <!channel> *now* `x`"


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


def labels(message) -> list[str]:
    return [one["text"]["text"] for one in buttons(message)]


@pytest.fixture
def declared(bot):
    """A detector has seen something bad."""
    return bot.store.incidents.open("P0", "Database down", "database", bot.clock.now())


async def breaks(deploying, town, card, who="ana", reason=HOSTILE):
    """*who* presses Break glass on *card* and gives the reason; returns what the modal answers."""
    await deploying.click(who, card, "Break glass")
    return await town.slack.submit(who, await modal(town, who), {"reason": {"reason": reason}})


async def modal(town, who) -> str:
    await town.slack.until(lambda: town.slack.views(who)["modals"])
    return str(town.slack.views(who)["modals"][-1]["id"])


async def test_one_person_alone_and_another_looks_at_it_after(deploying, chat, town, bot, declared):
    """The whole of it: button, modal, deploy, the loud post, the card, the lists, the signature."""
    card = await deploying.asks()
    assert "Break glass" in labels(card)
    assert declared in words(card)
    assert "Open: incident 1 (P0 " in words(card)

    assert await breaks(deploying, town, card) == {"ok": True}

    await deploying.headline("Done.")
    assert len(deploying.effects) == 1
    loud = await chat.until("The glass was broken", channel="#incidents")
    assert "<@U0ANA> acted *alone*" in words(loud)
    assert "<@U0BEN> <@U0CY>: please look at it" in words(loud)
    assert "it burns &lt;!channel&gt; ∗now∗ ˋxˋ" in words(loud)
    assert "<!channel>" not in words(loud)
    settled = await deploying.card("alone, under incident/1")
    assert "The review waits for another person" in words(settled)
    assert not buttons(settled)
    await chat.says("zoe", "/aikeys approvals")
    assert "alone, under incident/1" in words(await chat.until("Approvals:", "zoe"))
    await chat.says("zoe", "/aikeys deploys")
    assert "*alone, under incident/1*" in words(await chat.until("Deploys:", "zoe"))

    await deploying.click("ana", loud, "Reviewed", "#incidents")
    assert "You cannot review yourself" in words(await chat.until("cannot review", "ana", "#incidents"))
    await deploying.click("zoe", loud, "Reviewed", "#incidents")
    assert "takes an operator or an approver" in words(await chat.until("cannot sign", "zoe", "#incidents"))

    await deploying.click("ben", loud, "Reviewed", "#incidents")
    await deploying.click("cy", loud, "Reviewed", "#incidents")
    views = {who: await modal(town, who) for who in ("ben", "cy")}
    answers = await asyncio.gather(
        *(town.slack.submit(who, view, {"reason": {"reason": f"right, says {who}"}}) for who, view in views.items())
    )
    assert sorted(one.get("response_action") or "taken" for one in answers) == ["errors", "taken"]
    assert "reviewed already" in str(answers)
    over = await chat.until("Reviewed by <@U0", channel="#incidents")
    assert over["ts"] == loud["ts"]
    assert not buttons(over)
    await deploying.card("Reviewed by <@U0")
    assert bot.store.reviews.open() == []
    thread = [words(one) for one in chat.sees("ben", "#incidents") if one.get("thread_ts") and one.get("bot_id")]
    lines = [line for line in ("broke the glass", "put live") for one in thread if line in one]
    assert [line for one in thread for line in ("broke the glass", "put live") if line in one] == lines
    assert set(lines) == {"broke the glass", "put live"}, "first alone, then what was done"


async def test_the_button_comes_and_goes_with_the_incident(deploying, chat, bot):
    """On the card in the thread and on the copy in Ben's messages, in place."""
    card = await deploying.asks()
    copy = await chat.until(has_button("Approve"), "ben", "@ben")
    assert "Break glass" not in [*labels(card), *labels(copy)]

    incident = bot.store.incidents.open("P0", "Database down", "database", bot.clock.now())

    there = await chat.until(has_button("Break glass"))
    assert there["ts"] == card["ts"]
    assert (await chat.until(has_button("Break glass"), "ben", "@ben"))["ts"] == copy["ts"]
    bot.store.incidents.resolve(incident, "bot", bot.clock.now())
    await deploying.click("ana", there, "Break glass")
    assert "The glass stays whole" in words(await chat.until("stays whole", "ana"))
    await chat.slack.until(lambda: not [one for one in chat.sees() if "Break glass" in labels(one)])
    assert deploying.effects == []


@pytest.mark.parametrize("who", ["zoe", "ben"])
async def test_only_an_operator_breaks_it(deploying, chat, town, declared, who):
    """Zoe may only look; Ben is an approver: he approves as always."""
    card = await deploying.asks()
    await deploying.click(who, card, "Break glass")
    assert "takes an operator" in words(await chat.until("cannot break the glass", who))
    assert not town.slack.views(who)["modals"]


async def test_what_happens_while_the_reason_is_written(deploying, chat, town, bot, declared):
    """The modal says so and stays open: the incident ended, or Ben was faster."""
    card = await deploying.asks()
    await deploying.click("ana", card, "Break glass")
    view = await modal(town, "ana")
    assert "needs a reason" in str(await town.slack.submit("ana", view, {"reason": {"reason": " "}}))
    bot.store.incidents.resolve(declared, "bot", bot.clock.now())
    answer = await town.slack.submit("ana", view, {"reason": {"reason": "it burns"}})
    assert "The glass stays whole" in str(answer)
    bot.store.incidents.open("P0", "Database down", "database", bot.clock.now())
    await deploying.click("ben", card, "Approve")
    await deploying.headline("Done.")
    answer = await town.slack.submit("ana", view, {"reason": {"reason": "it burns"}})
    assert "decided already" in str(answer)
    assert len(deploying.effects) == 1


async def test_a_plan_that_is_no_longer_true_is_told_by_message(deploying, chat, town, declared, project):
    """It is seen only once the outside was asked, when the modal has closed."""
    card = await deploying.asks()
    project.state.functions["payments-circle-webhook"].version += 1
    assert await breaks(deploying, town, card) == {"ok": True}
    told = await chat.until("The plan is no longer true", "ana", "@ana")
    assert "live.version" in words(told)
    assert deploying.effects == []


async def test_for_ten_minutes_the_reason_still_holds(deploying, chat, town, bot, declared):
    """The second modal has it filled in; each act has a review of its own."""
    await breaks(deploying, town, await deploying.asks(), reason="payments fail")
    await deploying.headline("Done.")
    await chat.says("ana", "/aikeys deploy health")
    card = await chat.until(lambda one: has_button("Break glass")(one) and "health" in words(one))
    await deploying.click("ana", card, "Break glass")
    view = await modal(town, "ana")
    assert "payments fail" in str(town.slack.views("ana")["modals"][-1]["blocks"])
    await town.slack.submit("ana", view, {})
    await eventually(lambda: len(bot.store.reviews.open()) == 2)
    assert [one.evidence for one in bot.store.reviews.open()] == ["payments fail", "payments fail"]


@pytest.mark.parametrize(("ago", "done"), [(5, True), (70, False)])
async def test_killed_when_the_modal_had_closed(deploying, chat, bot, settings, clock, declared, ago, done):
    """Ana has submitted, it was acknowledged, the bot died: young it is done, once; old she hears that it was not."""
    await deploying.asks()
    await bot.stop()
    values = {"reason": {"reason": {"type": "plain_text_input", "value": "it burns"}}}
    view = {
        "type": "modal",
        "callback_id": "aikeys:glass",
        "private_metadata": "approval/1",
        "state": {"values": values},
    }
    person = {"user": {"id": "U0ANA", "team_id": "T0AIKEYS"}, "team": {"id": "T0AIKEYS"}}
    payload = {"type": "view_submission", "view": view | {"app_installed_team_id": "T0AIKEYS"}, **person}
    then = clock.now() - timedelta(seconds=ago)
    (row,) = bot.store.inbox.admit([Arrival("submission:1", "submission", "e", json.dumps(payload))], then)
    bot.store.inbox.later_acked(row.id, then)
    bot.store.inbox.flush()

    again = Bot(settings, bot.store, clock)
    await again.start()
    try:
        if done:
            await deploying.headline("Done.")
            assert [one.evidence for one in bot.store.reviews.open()] == ["it burns"]
        else:
            assert "Nothing was changed" in words(await chat.until("Nothing was changed", "ana", "@ana"))
    finally:
        await again.stop()
    assert len(deploying.effects) == int(done)
    assert bot.store.inbox.unfinished() == []
