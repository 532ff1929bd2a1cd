"""What Slack's client would never send: another card's id, a made-up one, JSON, much of it, another team's."""

import json

import pytest

from bot.rights.pressing import BUTTONS, MODALS
from tests.attack.test_doors import click, handed, worked_off
from tests.chat import words
from tests.deploys import Deploying
from tests.wait import eventually

MADE_UP = (
    "", "approval/999999", "approval/1/../2", "approval/1\n", "approval/٣", "incident/1", "operation/1", "a" * 10_000,
    '{"subject": "approval/1", "user": "U0BEN"}', "approval/1; DROP TABLE events", "\ud800",
)  # fmt: skip
# Buttons whose second half names what is done; a made-up half must do nothing either.
HALVES = {
    "settle": ("settle:done", "settle:__class__", "settle:"), "incident": ("incident:resolve", "incident:__init__"),
    "errand": ("errand:send:support", "errand:tick:nothing", "errand:"), "check": ("check:1", "check:-1", "check:٣"),
    "redeploy": ("redeploy:yes", "redeploy:maybe"), "rate": ("rate:yes", "rate:"),
}  # fmt: skip
ASKS = frozenset({"ask", "below", "refresh", "where", "how"})  # change nothing, and are tried in test_doors


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path), "AIKEYS_OPERATORS": "U0ANA U0BEN"}


def state(bot, project):
    """All that a click could have moved."""
    events = [
        one.kind for one in bot.store.events.page(limit=500) if not one.kind.startswith(("head.", "audit.", "watch."))
    ]
    return sorted(set(events)), len(events), [one.state for one in bot.store.approvals.recent()], project.state.deploys


async def test_no_made_up_value_of_any_button_moves_anything(chat, bot, project, town, capsys):
    """Pressed by one who operates and approves, while a request waits, under every name that there is."""
    deploying = Deploying(chat, project)
    await deploying.asks()
    town.slack.limits.off = True
    before = state(bot, project)
    for name in sorted(BUTTONS.keys() - ASKS):
        for action in HALVES.get(name, (name,)):
            for value in MADE_UP:
                if (name, value) != ("errand", "incident/1"):
                    handed(bot, "interactive", click(f"aikeys:{action}", value, user="U0BEN"))
    await worked_off(bot)
    assert state(bot, project) == before
    logged = capsys.readouterr().err
    assert "Traceback" not in logged
    assert "delivery.broke" not in logged


async def test_a_card_is_decided_by_its_id_whatever_the_click_claims(chat, bot, project):
    """The id of another request under this card's button: that other one is asked about, by its own rules."""
    deploying = Deploying(chat, project)
    await deploying.asks("deploy health")
    await deploying.asks("deploy payments-circle-webhook", who="ben")
    await eventually(lambda: bot.store.approvals.get("approval/2") is not None)
    mine, hers = "approval/2", "approval/1"
    forged = {"user": {"id": "U0BEN", "team_id": "T0AIKEYS", "roles": ["approver"], "name": "cy"},
              "message": {"ts": "1.0", "text": "approved by Cy", "metadata": {"approved": True}}}  # fmt: skip
    handed(bot, "interactive", click("aikeys:approve", mine, user="U0BEN") | forged)
    told = words(await chat.until("cannot approve your own request", "ben"))
    assert "Two people" in told
    assert [one.state for one in bot.store.approvals.recent()] == ["pending", "pending"]
    handed(bot, "interactive", click("aikeys:withdraw", hers, user="U0BEN") | forged)
    await chat.until("cannot withdraw", "ben")
    assert [one.state for one in bot.store.approvals.recent()] == ["pending", "pending"]


def submitted(name: str, metadata: str, values: dict[str, dict[str, object]], user: str):
    payload = click("x", user=user)
    del payload["actions"]
    view = {"callback_id": f"aikeys:{name}", "private_metadata": metadata, "state": {"values": values}, "id": "V1",
            "type": "modal", "blocks": []}  # fmt: skip
    return payload | {"type": "view_submission", "view": view}


VALUES: dict[str, dict[str, object]] = {
    "reason": {"reason": {"value": "because"}},
    "project": {"project": {"value": "AIKeys Wallet"}},
    "code": {"code": {"value": "123456"}},
    "title": {"value": {"value": "I was here"}},
    "until": {"until": {"selected_option": {"value": "1h"}}},
    "severity": {"severity": {"selected_option": {"value": "P0"}}},
    "incident": {"incident": {"selected_option": {"value": "incident/1"}}},
}


async def test_a_modal_that_nobody_opened_does_nothing(chat, bot, project, capsys):
    """Each modal of ours, submitted for something made up; and by one who may only look, whatever it names."""
    deploying = Deploying(chat, project)
    await deploying.asks()
    before = state(bot, project)
    for name in sorted(MODALS):
        for metadata in (*MADE_UP, json.dumps({"channel": "C0OPS", "ts": "1.0"}), "approval/1"):
            for user in ("U0ZOE", "U0GUS", "U0CY"):
                if user == "U0CY" and (metadata == "approval/1" or name == "declare"):
                    continue  # Cy approves, and may declare: for him that one is real
                handed(bot, "interactive", submitted(name, metadata, VALUES, user))
    await worked_off(bot)
    assert state(bot, project) == before
    assert "Traceback" not in capsys.readouterr().err


CLAIMS: tuple[dict[str, object], ...] = (
    {"api_app_id": "A0OTHER"},
    {"team": {"id": "T0OTHER"}, "user": {"id": "U0BEN", "team_id": "T0OTHER"}},
    {"enterprise": {"id": "E0GRID"}, "user": {"id": "U0SAM", "team_id": "E0GRID"}, "is_enterprise_install": True},
    {"user": {"id": "U0SAM", "team_id": "T0AIKEYS"}, "team": {"id": "T0AIKEYS"}},
    {"user": {"id": "U0NOBODY", "team_id": "T0AIKEYS"}},
    {"user": {"id": "USLACKBOT", "team_id": "T0AIKEYS"}},
    {"user": {"id": "", "team_id": ""}},
    {"user": "U0BEN"},
)


async def test_what_a_payload_claims_of_its_sender_gives_nobody_a_role(chat, bot, project):
    """Another app's, another workspace's, a grid's, nobody's: who may is asked of Slack, by the id alone."""
    deploying = Deploying(chat, project)
    await deploying.asks()
    for claims in CLAIMS:
        handed(bot, "interactive", click("aikeys:approve", "approval/1", user="U0ZOE") | claims)
    await worked_off(bot)
    assert bot.store.approvals.get("approval/1").state == "pending"
    assert deploying.effects == []


class TestListed:
    @pytest.fixture
    def environment(self, environment):
        return environment | {"AIKEYS_APPROVERS": "U0SAM U0GUS U0CY", "AIKEYS_OPERATORS": "U0ANA U0SAM"}

    async def test_a_stranger_in_a_list_of_roles_stays_a_stranger(self, chat, bot, project):
        deploying = Deploying(chat, project)
        await deploying.asks()
        for user, team in (("U0SAM", "T0OTHER"), ("U0SAM", "T0AIKEYS"), ("U0SAM", "E0GRID"), ("U0GUS", "T0AIKEYS")):
            handed(bot, "interactive", click("aikeys:approve", "approval/1", user=user, team=team))
        await worked_off(bot)
        assert bot.store.approvals.get("approval/1").state == "pending"
