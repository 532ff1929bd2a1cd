"""The rules change between the ask and the click: who has just left decides nothing, old requests get no old rules."""

from dataclasses import replace

import pytest

from bot.approvals.objection import Act, Click, Objection, Why
from bot.approvals.policy import RiskClass
from bot.clock import SystemClock
from tests.approvals.conftest import Office, clock, outside, work  # noqa: F401  # the fixtures
from tests.deploys import Deploying

APPROVER = frozenset({"viewer", "approver"})


@pytest.fixture
def office(store, work, clock) -> Office:  # noqa: F811  # a fixture by its name
    return Office(store, work, clock)


async def test_who_loses_the_role_during_the_click_decides_nothing(office):
    """His roles are asked for while the plan is made again: what they were at the click is not enough."""
    approval = office.requests.ask(office.work.plan(), "UANA")
    asked = []

    async def gone(click: Click) -> Click:
        asked.append(click.user)
        return replace(click, roles=frozenset({"viewer"}))

    office.requests.anew = gone
    assert await office.clicks(approval) is Why.ROLE
    assert (asked, office.store.approvals.get(approval.subject).state) == (["UBEN"], "pending")


async def test_a_team_of_one_that_has_grown_does_not_approve_its_old_requests(store, work, clock):  # noqa: F811
    """Asked for while AIKEYS_ALONE was set; it is not after the restart."""
    approval = Office(store, work, clock, alone=True).requests.ask(work.plan(), "UANA")
    assert approval.alone
    grown = Office(store, work, clock)
    assert await grown.clicks(approval, "UANA") is Why.OWN_REQUEST
    assert await grown.clicks(approval, "UBEN") == "granted"
    await grown.settled()


async def test_what_takes_two_today_is_not_granted_by_one_of_yesterday(store, work, clock):  # noqa: F811
    """Nor does a wish of its own lower the number: a team of one may lose data alone, and then is no team of one."""
    approval = Office(store, work, clock, alone=True).requests.ask(work.plan(risk_class=RiskClass.DATA_LOSS), "UANA")
    assert approval.needed == 1
    grown = Office(store, work, clock)
    found = await grown.requests.click(approval.subject, Click("UBEN", Act.APPROVE, APPROVER, typed="unknown"))
    assert isinstance(found, Objection)
    assert (found.why, "takes 2 people" in found.because) == (Why.RULES, True)
    assert await grown.clicks(approval, "UBEN", Act.DENY) == "denied"


async def test_the_vote_of_one_who_has_left_since_is_none(office):
    """Two are needed; Ben has said yes and is taken out of the approvers before Carol does."""
    approval = office.requests.ask(office.work.plan(risk_class=RiskClass.DATA_LOSS), "UANA")
    assert await office.clicks(approval, "UBEN") == "pending"
    roles = {"UCAROL": APPROVER, "UBEN": frozenset({"viewer"})}

    async def anew(click: Click) -> Click:
        return replace(click, roles=roles[click.user])

    office.requests.anew = anew
    found = await office.requests.click(approval.subject, Click("UCAROL", Act.APPROVE, APPROVER, typed="unknown"))
    assert isinstance(found, Objection)
    assert (found.why, found.who) == (Why.RULES, "UBEN")
    assert office.store.operations.running() == []


class TestTheGroup:
    @pytest.fixture
    def environment(self, environment, repository):
        return environment | {"AIKEYS_SOURCE": str(repository.path), "AIKEYS_APPROVERS": "S0APPR"}

    @pytest.fixture
    def clock(self) -> SystemClock:
        return SystemClock()  # that of this file stands still

    async def test_who_was_taken_out_of_the_group_a_second_ago_approves_nothing(self, chat, project, town):
        """What the bot read five minutes ago is good enough for a question, and not for a change."""
        deploying = Deploying(chat, project)
        card = await deploying.asks()
        await chat.says("ben", "/aikeys approvals")  # his roles are known to the bot, and fresh
        await chat.until("Deploy", "ben")
        town.slack.state.groups["S0APPR"] = ("approvers", ["U0CY"])
        await deploying.click("ben", card, "Approve")
        await chat.until("That takes an approver; here you are viewer", "ben")
        assert deploying.effects == []
        await deploying.click("cy", card, "Approve")
        await deploying.headline("Done.")
        assert len(deploying.effects) == 1
