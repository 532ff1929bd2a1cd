"""`/aikeys contacts`: when everything else is down, and as plain text."""

import pytest

from bot.context import Target
from bot.runbook.contacts import contacts
from bot.runbook.reading import pages
from bot.settings import Wrong, read
from bot.views.contacts import show
from tests.chat import words
from tests.problems import problems

HERE = Target("abcdefghijklmnopqrst", "AIKeys", "eu-west-1")
NEEDED = {
    "SLACK_BOT_TOKEN": "xoxb-1111111111-2222222222-abcdefghijklmnopqrstuvwx",
    "SLACK_APP_TOKEN": "xapp-1-A0AIKEYS-1111111111-abcdef0123456789",
    "SUPABASE_ACCESS_TOKEN": "sbp_" + "0" * 40,
    "SUPABASE_PROJECT_REF": HERE.ref,
}


async def test_it_works_with_everything_down_and_asks_nobody(chat, town):
    for name in ("management_down", "database_outage"):
        await town.slack.faults.set(name, True)

    await chat.says("zoe", "/aikeys contacts")

    card = await chat.until("Whom to ring", who="zoe")
    assert card["ephemeral"], "a mention in it pings nobody"
    assert "lead@aikeys.test" in words(card)
    assert "support@supabase.io" in words(card)
    assert "How I know" not in words(card), "nothing was asked"


async def test_a_guest_gets_no_numbers(chat):
    await chat.says("gus", "/aikeys contacts")
    assert "supabase.io" not in words(await chat.until("members of this workspace only", who="gus"))


def test_the_settings_come_before_the_runbook():
    settings = read(
        NEEDED
        | {
            "AIKEYS_LEAD": "U0LEAD",
            "AIKEYS_LEAD_PHONE": "+34 600 (1) 23-45",
            "AIKEYS_CIRCLE_SUPPORT": "https://support.example.com/a",
            "AIKEYS_APPROVERS": "U0BEN S0APPR",
        }
    )
    message = show(contacts(settings, pages(), HERE))
    assert not problems(message)
    said = str(message.blocks)
    assert "<tel:+3460012345|+34 600 (1) 23-45>" in said
    assert "<https://support.example.com/a|support.example.com/a>" in said
    assert "<@U0BEN>, <!subteam^S0APPR> may approve" in said
    assert "tito.guevara@aikeys.ai" in said, "the runbook's, where no setting says otherwise"
    assert message.text.splitlines()[2] == (
        "2. Technical lead, at once for a P0, after two hours for a P1: +34 600 (1) 23-45, <@U0LEAD>, "
        "tito.guevara@aikeys.ai."
    )


def test_without_settings_and_runbook_it_says_what_is_missing():
    said = str(show(contacts(read(NEEDED), (), HERE)).blocks)
    assert "AIKEYS_LEAD_PHONE" in said
    assert "AIKEYS_CIRCLE_SUPPORT" in said
    assert "nobody may approve" in said


@pytest.mark.parametrize("value", ["javascript:alert(1)", "<!channel>", "http://x.example", "https://a|b", "call me"])
def test_how_circle_is_reached_has_a_shape(value):
    with pytest.raises(Wrong, match="AIKEYS_CIRCLE_SUPPORT"):
        read(NEEDED | {"AIKEYS_CIRCLE_SUPPORT": value})
