"""What can be tapped at night: Supabase's two addresses and whom to ring, and nothing that somebody else wrote."""

import pytest

from bot.clients.errors import Failure, Source
from bot.runbook.contacts import Contact, Way
from bot.views import refusals
from bot.views.blocks import escape, linked
from bot.views.contacts import ringing

STATUS = "<https://status.supabase.com|status.supabase.com>"
LEAD = Contact("Technical lead", "first", ((Way.MAIL, "lead@aikeys.test", ""), (Way.PHONE, "+34 600 123 456", "")))
FORM = "https://supabase.com/dashboard/support/new"
SUPPORT = Contact("Supabase", "then", ((Way.WEB, FORM, "support form"),), "no <!x>")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Open status.supabase.com.", f"Open {STATUS}."),
        ("its status: https://status.supabase.com", f"its status: {STATUS}"),
        ("at supabase.com/dashboard/account/tokens, now", "supabase.com/dashboard/account/tokens|"),
        ("http://evil.example/status.supabase.com", None),
        ("status.supabase.com.evil.example", None),
        ("supabase.com/dashboard.evil.example", None),
        ("not-status.supabase.com", None),
        ("<https://evil.example|status.supabase.com.evil.example>", None),
    ],
)
def test_two_addresses_are_links_wherever_the_bot_says_what_to_do(text, shown):
    """None: the text stays as it is."""
    said = linked(escape(text))
    assert said == escape(text) if shown is None else shown in said


def test_whom_to_ring_can_be_tapped_and_the_notification_reads_well():
    assert ringing([LEAD, SUPPORT]) == (
        "*Technical lead* <tel:+34600123456|+34 600 123 456>, <mailto:lead@aikeys.test|lead@aikeys.test> · "
        f"*Supabase* <{FORM}|support form> (no &lt;!x&gt;)"
    )
    assert ringing([LEAD, SUPPORT], tap=False) == (
        f"*Technical lead* +34 600 123 456, lead@aikeys.test · *Supabase* {FORM} (no &lt;!x&gt;)"
    )


def test_where_a_click_came_to_nothing_the_status_page_can_be_tapped():
    said = refusals.not_done(
        Failure(Source("It", "api.supabase.com"), "It did not answer.", "Open status.supabase.com and the dashboard."),
        "settle",
    )
    assert "<https://status.supabase.com|status.supabase.com>" in str(said.blocks)
    assert "<https://supabase.com/dashboard|the dashboard>" in str(said.blocks)
