"""Every switch of the control panel that breaks the project: exactly the right message, once, and its end."""

import pytest

from bot.health.answers import Question
from bot.incidents.seeing import KILLS
from bot.incidents.wider import Wider
from tests.chat import words
from tests.incidents.conftest import USUALLY

INCIDENTS, OPS = "#incidents", "#ops"
BLIND = (OPS, "P1 My watch is blind in part")
TOLD = {
    "database_outage": (INCIDENTS, "P0 Database outage"),
    "slow_database": (OPS, "P1 Database slow"),
    "webhook_failing": (OPS, "P1 Webhooks failing"),
    "disk_full": (INCIDENTS, "P0 Database read-only"),
    "webhooks_silent": (OPS, "P1 Webhooks silent"),
    "secret_missing": (OPS, "P1 Secret missing"),
    "function_throttled": (INCIDENTS, "P0 Webhook processing failed"),
    "function_not_invokable": (INCIDENTS, "P0 Wallet unreachable"),
    "signature_attack": (OPS, "P1 Forged webhooks"),
    "high_risk_event": (OPS, "P1 High-risk security event"),
    "management_down": BLIND,
    "management_429": BLIND,
    "project_paused": (INCIDENTS, "P0 Project not running"),
    "circle_down": None,  # its API alone: its events go on
    "stale_secrets": None,  # both shown by what a rotation says of them
    "secrets_kept": None,
    "pitr": None,
    "restore_fails": None,  # until one is asked for
    "supabase_incident": None,  # nothing of ours is broken by it
    "logs_unpaid": BLIND,
    "logs_429": BLIND,
    "logs_metered": None,  # the watch asks twice a minute, of ten
    "logs_failing": BLIND,
    "logs_gone": BLIND,
}
APART = 80  # seconds between two looks: blindness wants five minutes, what is slow two
OVER = 460  # the longest calm that any of them asks for is half an hour, in five good looks
ASKS = {"slow_database": KILLS, "logs": {Wider.CALLS, Wider.SIGN_INS, Question.FUNCTIONS, *KILLS}}  # else what is usual


def test_no_switch_is_left_out(project):
    assert {one.name for one in project.switches} == set(TOLD)


@pytest.mark.slow
@pytest.mark.parametrize("group", ["wallet", "supabase", "logs"])
async def test_each_switch_leads_to_its_message_once_and_off_again_to_its_end(watching, chat, group):
    watching.town.project.limits.off = True  # hours pass here within a minute of Supabase's
    await watching.looks()
    for one in watching.town.project.switches:
        if one.group == group:
            await _on_and_off(watching, chat, one.name, TOLD[one.name], ASKS.get(one.name, ASKS.get(group, USUALLY)))


async def _on_and_off(watching, chat, name, told, asks):
    before = len(watching.incidents.recent(100))
    await watching.switch(name)
    await watching.looks(5 if told else 2, asked=asks, apart=APART)
    new = watching.incidents.recent(100)[: len(watching.incidents.recent(100)) - before]
    assert [f"{one.severity} {one.title}" for one in new] == ([told[1]] if told else []), name
    if told:
        channel, title = told
        card = await chat.until(lambda one: title in words(one) and "Nobody has it yet" in words(one), channel=channel)
        roots = [one for one in chat.sees("zoe", channel) if one.get("thread_ts", one["ts"]) == one["ts"]]
        again = [one for one in roots if title in words(one)]
        assert len([one for one in again if one["ts"] >= card["ts"]]) == 1, name

    await watching.switch(name, on=False)
    await watching.looks(5 if told else 1, asked=asks, apart=OVER)
    if told:
        ended = watching.incidents.of(new[0].subject)
        assert ended.resolved_by == "bot", name
        over = await chat.until(
            lambda one: one["ts"] == card["ts"] and "*Resolved* by itself" in words(one), channel=channel
        )
        assert over["ts"] == card["ts"]
    opened = [watching.incidents.story(one.subject)[0].data["what"] for one in watching.incidents.recent(100)]
    assert len(opened) == before + len(new), (name, opened)
    await watching.later(31)  # what comes back sooner is the same incident
