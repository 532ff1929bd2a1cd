"""Entering values in Slack: by whom, what is said of a wrong one, and where it goes. Nothing of it is written."""

import hashlib
import json
import re

import pytest

from bot.vault import Box, Value, keyfile, sealing
from bot.vault.cut import cut
from store.database import open_store
from store.inbox import Arrival
from tests.attack.test_canary import every_byte
from tests.chat import Chat, words
from tests.running import KEY as RUNS
from tests.running import running
from tests.wait import eventually

KEY, HOOK = "LIVE_API_KEY:5d1c0b6f2a9e48d7:c3b2a1908f7e6d5c", "whsec_9f2b7c41d8e05a63"
BOTH = {"CIRCLE_API_KEY": KEY, "CIRCLE_WEBHOOK_SECRET": HOOK}


def left(bot, capsys, town):
    """All that the bot has written or sent."""
    bot.store.inbox.flush()
    sent = "\n".join(entry["raw"] for entry in town.slack.journal._entries if entry["way"] == "in")
    return every_byte(bot.settings.data) + capsys.readouterr().err.encode() + sent.encode()


async def test_the_values_go_to_the_operation_and_nowhere_else(asked, bot, town, capsys):
    await asked.asked()
    modal = await asked.opens()
    assert "in my memory alone" in str(modal)
    answer = await asked.submits(modal, **BOTH)
    assert answer == {"ok": True}
    await eventually(lambda: asked.got)
    assert asked.got == {name: value.encode() for name, value in BOTH.items()}
    assert asked.sealed == dict.fromkeys(BOTH, False)
    await eventually(lambda: bot.store.operations.of("operation/1").state == "done")
    held = left(bot, capsys, town)
    for value in BOTH.values():
        assert value.encode() not in held
        assert hashlib.sha256(value.encode()).hexdigest().encode() not in held
        assert hashlib.sha256(value.encode()).hexdigest()[:8].encode() in held


async def test_nobody_but_who_asked_enters_them(asked, chat, town):
    await asked.asked()
    for who in ("ben", "zoe"):
        await chat.clicks(who, "Enter new values")
        told = await chat.until("Only who asked for the rotation can", who)
        assert told["ephemeral"]
        assert not town.slack.views(who)["modals"]


async def test_what_is_wrong_stands_under_its_field(asked, project, town):
    """A placeholder, and the value that is live now; then the right ones in the same modal."""
    await asked.asked()
    modal = await asked.opens()
    await eventually(lambda: asked.bot._answering._entering._live)
    live = project.secrets["CIRCLE_WEBHOOK_SECRET"]
    answer = await asked.submits(modal, CIRCLE_API_KEY="new_production_key", CIRCLE_WEBHOOK_SECRET=live)
    assert answer["errors"] == {
        "secret:CIRCLE_API_KEY": "That is a placeholder, not a value.",
        "secret:CIRCLE_WEBHOOK_SECRET": "That is the value which is live now. Enter the new one.",
    }
    answer = await asked.submits(modal, CIRCLE_API_KEY=KEY, CIRCLE_WEBHOOK_SECRET=KEY)
    assert "entered for CIRCLE_API_KEY as well" in answer["errors"]["secret:CIRCLE_WEBHOOK_SECRET"]
    assert (await asked.submits(modal, **BOTH)) == {"ok": True}
    await eventually(lambda: asked.got)


async def test_a_sealed_value_is_opened_and_one_for_another_key_is_told(asked, tmp_path):
    await asked.asked()
    modal = await asked.opens()
    public = re.search(r"aikeys-key:v1:[\w-]+", str(modal))
    assert public is not None
    other = Box(tmp_path / "other").seal(Value(KEY.encode()))
    mine = sealing.seal(HOOK.encode(), sealing.key_of(public[0]))
    answer = await asked.submits(modal, CIRCLE_API_KEY=other, CIRCLE_WEBHOOK_SECRET=mine)
    assert set(answer["errors"]) == {"secret:CIRCLE_API_KEY"}
    assert "sealed for another key" in answer["errors"]["secret:CIRCLE_API_KEY"]
    sealed = sealing.seal(KEY.encode(), sealing.key_of(public[0]))
    assert (await asked.submits(modal, CIRCLE_API_KEY=sealed, CIRCLE_WEBHOOK_SECRET=mine)) == {"ok": True}
    await eventually(lambda: asked.got)
    assert asked.got == {name: value.encode() for name, value in BOTH.items()}
    assert asked.sealed == dict.fromkeys(BOTH, True)


async def test_a_secret_that_the_bot_makes_is_handed_out_once_sealed(asked, chat, tmp_path, town, capsys):
    await asked.asked(generate=["CIRCLE_WEBHOOK_SECRET"])
    modal = await asked.opens()
    answer = await asked.submits(modal, CIRCLE_API_KEY=KEY, handout="aikeys-key:v1:nonsense")
    assert "no public key" in answer["errors"]["handout"]
    public = keyfile.write(tmp_path / "mine.key")
    assert (await asked.submits(modal, CIRCLE_API_KEY=KEY, handout=sealing.key_text(public))) == {"ok": True}
    message = await chat.until("This is the only copy", channel="@aikeys")
    assert not message["ephemeral"], "one that only shows would be gone with the next look"
    told = words(message)
    sealed = re.search(r"aikeys-sealed:v1:[\w:-]+", told)
    assert sealed is not None
    made = bytes(sealing.unseal(sealed[0], keyfile.read(tmp_path / "mine.key")))
    await eventually(lambda: asked.got)
    assert asked.got == {"CIRCLE_API_KEY": KEY.encode(), "CIRCLE_WEBHOOK_SECRET": made}
    assert re.fullmatch(rb"[0-9a-f]{64}", made)
    assert made not in left(asked.bot, capsys, town)


async def test_a_made_secret_that_reaches_nobody_is_not_used(asked, chat, tmp_path, town):
    await asked.asked(names=["CIRCLE_WEBHOOK_SECRET"], generate=["CIRCLE_WEBHOOK_SECRET"])
    modal = await asked.opens()
    await town.slack.faults.set("slack_5xx", True)
    key = sealing.key_text(keyfile.write(tmp_path / "mine.key"))
    assert (await asked.submits(modal, handout=key)) == {"ok": True}
    await eventually(lambda: town.slack.journal.entries("chat.postEphemeral"), 20)  # the refusal, in vain as well
    await town.slack.faults.set("slack_5xx", False)
    await chat.until("could not hand out", channel="@aikeys")
    assert not asked.got
    assert not asked.vault.waiting(asked.approval)


async def test_before_the_approval_and_after_the_end_nothing_is_entered(asked, chat, town):
    await asked.asked(approved=False)
    await chat.clicks("ana", "Enter new values")
    await chat.until("It waits for approval")
    await asked.approve()
    modal = await asked.opens()
    asked.bot.changes.engine._finish("operation/1", "cancelled", "Ben stopped it.")
    answer = await asked.submits(modal, **BOTH)
    assert "was cancelled" in answer["errors"]["secret:CIRCLE_API_KEY"]
    assert not asked.vault.waiting(asked.approval)


async def test_values_that_nobody_takes_are_not_replaced(asked, chat):
    await asked.asked()
    modal = await asked.opens()
    asked.vault.wants = lambda _: False
    assert "entered already" in (await asked.submits(modal, **BOTH))["errors"]["secret:CIRCLE_API_KEY"]


class TestSealedOnly:
    @pytest.fixture
    def environment(self, environment):
        return environment | {"AIKEYS_SEALED_ONLY": "true"}

    async def test_a_plain_value_is_refused_as_leaked(self, asked):
        await asked.asked()
        modal = await asked.opens()
        assert "Only sealed values are taken" in str(modal)
        answer = await asked.submits(modal, **BOTH)
        assert "treat it as leaked" in answer["errors"]["secret:CIRCLE_API_KEY"]
        box = asked.vault.box
        sealed = {name: box.seal(Value(value.encode())) for name, value in BOTH.items()}
        assert (await asked.submits(modal, **sealed)) == {"ok": True}
        await eventually(lambda: asked.got)


@pytest.mark.parametrize("acked", [True, False])
async def test_after_a_restart_what_was_entered_is_forgotten_and_said_so(town, settings, clock, acked):
    """The row of the submission is there, without the values: they were in memory alone."""
    payload = {
        "type": "view_submission",
        "user": {"id": "U0ANA", "team_id": "T0AIKEYS"},
        "team": {"id": "T0AIKEYS"},
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": "aikeys:values",
            "private_metadata": "approval/1",
            "state": {"values": {"secret:CIRCLE_API_KEY": {"value": {"type": "plain_text_input", "value": KEY}}}},
        },
    }
    store = open_store(settings.data / "aikeys.sqlite", audit_key=RUNS)
    (row,) = store.inbox.admit(
        [Arrival("s:1", "submission", "e1", json.dumps(cut("submission", payload).payload))], clock.now()
    )
    if acked:
        store.inbox.later_acked(row.id, clock.now())
        store.inbox.flush()
    store.close()
    assert KEY.encode() not in every_byte(settings.data)
    async with running(settings, clock):
        told = words(await Chat(town.slack).until("is forgotten", channel="@aikeys"))
    assert "Enter it again" in told
