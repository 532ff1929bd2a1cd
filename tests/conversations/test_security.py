"""The day's security, asked in the channel."""

import pytest

from bot.registry import load
from tests.chat import whole, words


async def test_a_quiet_day_as_a_viewer_sees_it(chat):
    await chat.says("zoe", "/aikeys security")
    card = await chat.until(whole("Nothing of high risk in the last day"), who="zoe")
    assert "Failed sign-ins:" in words(card)
    assert "RLS Enabled No Policy" in words(card)
    assert "none banned" in words(card)


async def test_a_bad_day_tells_no_address(chat, town, project):
    """An attack, a risky event, a ban, and a table that somebody left open under a name of markup."""
    for name in ("signature_attack", "high_risk_event"):
        await town.slack.faults.set(name, True)
    project.state.banned.append("198.51.100.7")
    async with project.postgres.superuser() as admin:
        await admin.execute("""create table public."<!channel> *open*" (id int primary key)""")
        await admin.execute(
            """insert into public.security_events (event_type, event_description, risk_score)
               values ('LOGIN', '<!here> zoe@example.com came from 198.51.100.23', 80),
                      ('AIKEYS_INCIDENT', 'the bot itself', 99)"""
        )
    await chat.says("ana", "/aikeys security")
    card = await chat.until(whole("2 events of high risk in the last day"))
    text = words(card)
    assert "Without row level security" in text
    assert "from 8 addresses" in text
    assert "1 banned" in text
    for hidden in ("<!channel>", "<!here>", "zoe@example.com", "198.51.100", "AIKEYS_INCIDENT"):
        assert hidden not in text, hidden


@pytest.mark.parametrize(
    ("path", "fault", "gap", "still"),
    [
        ("/advisors/security", {"status": 403}, "the advisor's findings", "Failed sign-ins: "),
        ("/analytics/endpoints/logs", {"status": 429}, "failed sign-ins", "RLS Enabled No Policy"),
        ("/network-bans", {"body": {"banned_ipv4_addresses": 7}}, "banned addresses", "RLS Enabled No Policy"),
    ],
)
async def test_a_gap_hides_nothing_else(chat, project, path, fault, gap, still):
    async with project.answers("*", path, **fault):
        await chat.says("ana", "/aikeys security")
        card = await chat.until(whole(f"So not known: {gap}"))
    assert still in words(card)
    assert "as far as that is known" in card["blocks"][0]["text"]["text"]


def test_what_quotes_logs_and_statements_stays_with_the_team():
    assert [name for name in ("db", "security", "triage") if not load()[name].confined] == []


async def test_elsewhere_it_is_told_in_private(chat):
    await chat.says("ana", "/aikeys security", "#general")
    await chat.until(whole("Nothing of high risk"), channel="@ana")
    assert not any("high risk" in words(one) for one in chat.sees("zoe", "#general"))
