"""Every switch of the control panel that breaks the project: exactly the right message, once, and its end."""

from pathlib import Path

import pytest

from bot.health.answers import Question
from bot.incidents.seeing import KILLS
from bot.incidents.wider import Wider
from playground.town import Town
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


# Of the others: Slack's and mail's hinder the telling and are told of below, or change no message of an incident.
ELSEWHERE = {
    "alert_p0": "tests/incoming/test_demo.py",
    "alert_p1": "tests/incoming/test_demo.py",
    "alert_storm": "tests/incoming/test_demo.py",
}
HINDERING = {
    *("slack_429", "slack_5xx", "slack_store_then_drop", "slack_no_files", "slack_latency", "slack_away"),
    *("socket_kill", "socket_freeze", "socket_wedge", "socket_refresh", "socket_refresh_now", "socket_disabled"),
    *("mail_away", "mail_busy", "mail_refused", "mail_store_then_drop"),
}


async def test_no_switch_of_the_panel_is_left_out(project, clock):
    """By the panel's own list, as the demo has it: a new switch without a row fails here."""
    town = Town(clock, project=project, alerts_to="127.0.0.1:9")
    await town.start()
    try:
        assert {one["name"] for one in town.slack.faults.as_json()} == {*TOLD, *ELSEWHERE, *HINDERING}
    finally:
        await town.stop()
    for name, file in ELSEWHERE.items():
        assert name in (Path(__file__).parents[2] / file).read_text(), name


async def test_whatever_hinders_the_telling_a_p0_is_told_once_and_its_end_too(watching, chat, town):
    """Each switch of Slack's and of mail's: put on when it begins, off after a while, and all is there once."""
    town.slack.limits.off = True
    alerts = watching.bot._answering._ctx.alerts
    for name in sorted(HINDERING):
        title = f"Under {name.replace('_', ' ')}"
        await watching.switch(name)
        subject = alerts.open("P0", title, "U0ANA", "").subject
        await watching.clock.passes(seconds=20)
        await watching.switch(name, on=False)
        errands = watching.bot.store.errands
        for _ in range(90):
            lead, pin = errands.get(subject, "lead"), errands.get(subject, "room/pin")
            if lead is not None and lead.over and pin is not None and pin.state == "done":
                break
            await watching.clock.passes(seconds=2)
        assert errands.get(subject, "lead").state == ("lost" if name == "mail_refused" else "done"), name
        alerts.resolve(subject, "U0ANA")
        card = await _shown(watching, chat, f"P0 {title} · resolved", INCIDENTS)
        roots = [one for one in chat.sees("zoe", INCIDENTS) if one.get("thread_ts", one["ts"]) == one["ts"]]
        assert [one["ts"] for one in roots if f"P0 {title} · " in words(one)] == [card["ts"]], name
        begun = (one for one in town.mailbox.messages if title in one.subject and "It is over" not in one.text)
        mails = {one.message_id for one in begun}
        assert len(mails) == (name != "mail_refused"), name
        assert len([one for one in chat.slack.state.channels.values() if one.name.endswith(_slug(title))]) == 1, name
    assert len(watching.incidents.recent(50)) == len(HINDERING), "and nothing else was told"


def _slug(title):
    return f"-{title.lower().replace(' ', '-')}"


async def _shown(watching, chat, text, channel):
    for _ in range(60):
        seen = [one for one in chat.sees("zoe", channel) if one.get("thread_ts", one["ts"]) == one["ts"]]
        if found := [one for one in seen if text in words(one)]:
            return found[-1]
        await watching.clock.passes(seconds=2)
    raise AssertionError(text)


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
