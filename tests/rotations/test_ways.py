"""What can go wrong on the way of a rotation: nothing wrong is set, nothing is called proved that is not."""

import math
import re
from functools import partial

import pytest

from bot.vault import Box, Value
from playground.slack import lookup
from playground.supabase.state import digest
from tests.attack.test_canary import every_byte
from tests.chat import Chat, words
from tests.clocks import Hurried
from tests.deploys import buttons, has_button, opened
from tests.rotations.rotating import KEY, SECRET, Rotating
from tests.running import unwatched
from tests.wait import eventually

WEBHOOK = "payments-circle-webhook"


def operation(rotating, number=1):
    return rotating.bot.store.operations.of(f"operation/{number}")


async def test_a_wrong_shape_a_wrong_box_and_a_closed_modal_leave_it_waiting(rotating, project, town, tmp_path):
    await rotating.approved()
    values = rotating.made()
    wrong = await rotating.enters(**{KEY: "your_production_key", SECRET: Box(tmp_path).seal(Value(b"x" * 32))})
    assert "placeholder" in wrong["errors"][f"secret:{KEY}"]
    assert "key" in wrong["errors"][f"secret:{SECRET}"]
    modal = await opened(town, "ana")
    await town.slack.close("ana", modal["id"])
    assert project.state.secret_posts == []
    await rotating.enters(**values)
    await rotating.said("Proved")
    assert rotating.live(**values)


async def test_somebody_else_sets_it_meanwhile(rotating, project):
    """Before the approval it is refused, with the field; after it, nothing is set over it."""
    card = await rotating.asks()
    project.state.set_secrets({SECRET: "somebody else's"})
    await rotating.click("ben", card, "Approve")
    assert f"marks.{SECRET}" in words(await rotating.chat.until("The plan is no longer true", "ben"))
    await rotating.click("ana", card, "Withdraw")
    await rotating.said("Withdrawn by")
    await rotating.approved()
    project.state.set_secrets({SECRET: "somebody else's, again"})
    await rotating.enters(**rotating.made())
    await rotating.said(f"{SECRET} was set by somebody else meanwhile. Nothing was changed.")
    assert project.secrets[SECRET] == "somebody else's, again"


async def test_nobody_enters_anything(rotating, project):
    await rotating.approved()
    await rotating.bot.clock.passes(minutes=15, seconds=1)
    said = words(await rotating.said("Nobody did it within 15 minutes"))
    assert "Nothing was set" in said
    assert project.state.secret_posts == []


async def test_who_asked_has_left_meanwhile(rotating, project, town):
    await rotating.approved()
    lookup.person(town.slack.backend, "ana").deleted = True
    await rotating.bot.clock.passes(minutes=6)
    await rotating.said("may do this no more")
    assert project.state.secret_posts == []


async def test_cancel_ends_the_waiting(rotating, project):
    """What was to be done by hand is taken back with it."""
    card = await rotating.approved()
    await rotating.click("ben", card, "Cancel")
    await rotating.said("Cancelled by")
    await rotating.said("It was cancelled, and nothing was set: do none of the steps by hand.")
    assert project.state.secret_posts == []


async def test_someones_word_stands_over_what_was_seen(rotating, town):
    """The old digest is nobody's doing; who calls it done is named beside it; no Cancel once it is set."""
    await town.slack.faults.set("secrets_kept", True)
    await rotating.approved("rotate ALERT_EMAIL")
    await rotating.enters(ALERT_EMAIL="alerts@aikeys.test")
    card = await rotating.said("ALERT_EMAIL (201), and still has the old digest: the old value is still live")
    assert "An operator or an approver looks at the project" in words(card)
    await rotating.click("ben", card, "It is done")
    await rotating.click("ana", card, "Ask again")
    await rotating.chat.until("Somebody was quicker: it goes on", "ana")
    waits = await rotating.chat.until(has_button("Enter the code"))
    assert not has_button("Cancel")(waits)
    assert "✓ Compare with what Supabase has: on a person's word" in waits["text"]
    rotating.clicks_on_an_old_screen("U0BEN", "aikeys:cancel", "operation/1")
    await rotating.chat.until("Nothing is stopped between setting and proving", "ben")
    assert operation(rotating).cancel_by == ""
    (mail,) = await town.mailbox.wait_for(1)
    await rotating.click("ben", waits, "Enter the code")
    modal = await opened(town, "ben")
    await town.slack.submit("ben", modal["id"], {"code": {"code": re.findall(r"\b\d{6}\b", mail.text)[0]}})
    card = await rotating.chat.until(has_button("Give up"))
    assert "Needs a human*: NOT PROVEN. Supabase took ALERT_EMAIL (201), and still has the old" in words(card)
    assert "somebody else" not in words(card)
    assert "said that it is done, over “NOT PROVEN. " in str(card["blocks"])
    await rotating.click("ben", card, "Give up")
    assert "*the old value was still live*" in words(await rotating.said("Given up by <@U0BEN>"))


async def test_a_key_that_circle_does_not_know_is_not_set(rotating, project):
    """The webhook's secret is right: neither is set."""
    before = dict(project.secrets)
    await rotating.whole(**(rotating.made() | {KEY: "TEST_API_KEY:0123456789abcdef:0123456789abcdef"}))
    await rotating.said("Circle does not know this key (401), so nothing was set")
    assert project.secrets == before


def _stands(rotating, attempt):
    one = operation(rotating)
    return one.state == "needs-human" and one.attempts[-1].attempt == attempt


async def test_it_says_201_and_keeps_the_old_value(rotating, project, town):
    """It stays open, however often it is asked, until a human gives up."""
    await town.slack.faults.set("secrets_kept", True)
    values = rotating.made()
    await rotating.whole(**values)
    card = await rotating.said("NOT PROVEN. ")
    assert f"Supabase took {KEY} (201), and still has the old digest" in words(card)
    assert not has_button("Roll back")(card)
    assert operation(rotating).state == "needs-human"
    assert "rotation.proved" not in rotating.kinds(f"secret/{SECRET}")
    for attempt in (2, 3, 4):
        await rotating.click("ben", card, "Ask again")
        await eventually(partial(_stands, rotating, attempt), within=15)
        card = await rotating.said("NOT PROVEN. ")
    await rotating.click("ben", card, "Give up")
    said = words(await rotating.said("Given up by <@U0BEN>"))
    assert "*the old value was still live*" in said
    assert "are set" not in said
    finished = rotating.bot.store.events.latest("rotation.finished", f"secret/{SECRET}").data
    assert finished["begins"] == digest(values[SECRET])[:8], "else the watch takes whatever is live for ours"


async def test_it_is_refused_and_the_words_quote_the_value(rotating, project):
    """They are repeated nowhere; nothing was set."""
    values = rotating.made()
    body = {"message": f"value: {values[SECRET]} is invalid"}
    async with project.answers("POST", "/secrets$", status=400, body=body):
        await rotating.whole(**values)
        await rotating.said("Nothing was set. Supabase refused (400)")
    rotating.bot.store.inbox.flush()
    assert values[SECRET].encode() not in every_byte(rotating.bot.settings.data)


async def test_the_answer_to_the_call_is_lost(rotating, project):
    """It is asked about, not repeated."""
    async with project.answers("POST", "/secrets$", drop=True, after=True):
        await rotating.whole()
        await rotating.said("Proved")
    assert len(project.state.secret_posts) == 1


async def test_circle_is_down(rotating, project, town):
    """Not proved, and open; once Circle is back it is asked again and proved."""
    await town.slack.faults.set("circle_down", True)
    await rotating.whole()
    card = await rotating.said("NOT PROVEN. ")
    assert "Whether Circle knows the new key could not be asked" in words(card)
    await town.slack.faults.set("circle_down", False)
    await rotating.click("ben", card, "Ask again")
    await rotating.said("Proved")
    assert rotating.kinds(f"secret/{KEY}")[-2:] == ["rotation.proved", "rotation.finished"]


@pytest.mark.parametrize("calls", [1, 2], ids=["all of them", "every other: the proof flaps"])
async def test_a_warm_function_keeps_the_old_secret(rotating, project, calls):
    """Never success before the proof; the deploy that ends it is offered, under the same approval."""
    project.state.stale_for, project.state.stale_calls = math.inf, calls
    version = project.state.functions[WEBHOOK].version
    values = rotating.made()
    await rotating.whole(**values)
    offer = await rotating.chat.until(has_button("Deploy it again"))
    assert "warm function keeps the old value" in words(offer)
    assert "Proved" not in words(offer)
    await rotating.click("zoe", offer, "Deploy it again")
    await rotating.chat.until("This button", "zoe")
    await rotating.click("ben", offer, "Deploy it again")
    done = words(await rotating.said("Proved"))
    assert "was deployed again" in done
    assert project.state.functions[WEBHOOK].version == version + 1
    refused = [one for one in rotating.bot.store.events.of("operation/1") if one.kind == "rotation.probed"]
    assert len(refused) <= 7


async def test_not_proven_with_events_refused_opens_an_incident(rotating, project, chat):
    """With the runbook's page in its thread; it is over once it is proved."""
    project.state.stale_for = math.inf
    await rotating.whole()
    offer = await rotating.chat.until(has_button("Deploy it again"))
    await rotating.click("ana", offer, "Go on without")
    await rotating.said("NOT PROVEN. ")
    incident = rotating.bot.store.incidents.latest("rotation_not_proven")
    assert incident is not None
    assert incident.severity == "P1"
    told = [words(one) for one in chat.sees("ana")]
    assert any("Check webhook" in one or "From the runbook, Troubleshooting" in one for one in told)
    card = await rotating.said("NOT PROVEN. ")
    assert "Ask again" in [one["text"]["text"] for one in buttons(card)]
    await rotating.click("ben", card, "It is done")
    await rotating.said("was said by")


async def test_a_restart_between_approval_and_entry(town, settings, project):
    async with unwatched(settings, Hurried()) as bot:
        await Rotating(Chat(town.slack), town, project, bot).approved()
    async with unwatched(settings, Hurried()) as bot:
        rotating = Rotating(Chat(town.slack), town, project, bot)
        await eventually(lambda: rotating.kinds("operation/1").count("rotation.waits") == 2)
        values = rotating.made()
        assert (await rotating.enters(**values)) == {"ok": True}
        await rotating.said("Proved")
        assert rotating.live(**values)
