"""What loses data takes two approvers, and each types the project's name: a click alone is too quick for it."""

from dataclasses import replace

import pytest

from bot.approvals.policy import RiskClass
from bot.command import Role
from bot.deploys import planning
from tests.chat import words
from tests.deploys import buttons, has_button, opened

NAME = "aikeys-wallet"


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.fixture
async def card(bot, chat):
    """Ana has asked for something that loses data."""
    ctx = bot._answering._ctx
    made = await planning.deploy(ctx, "health", "HEAD")
    for body in made.bodies:
        bot.store.bodies.keep(body, bot.clock.now())
    where = {
        "channel": "C0OPS",
        "approvers": sorted(await ctx.roles.holding(Role.APPROVER)),
        "target": {"ref": ctx.target.ref, "name": ctx.target.name},
    }
    assert ctx.target.name == NAME
    bot.changes.requests.ask(replace(made.plan, risk_class=RiskClass.DATA_LOSS), "U0ANA", where=where)
    return await chat.until(has_button("Approve"))


async def test_two_people_type_it(deploying, chat, town, card):
    """Ben mistypes it, then not; Cy does it too; then it is done. The button itself asks nothing: the modal does."""
    assert "needs 2 of the approvers, who type the project's name" in words(card)
    assert not [one for one in buttons(card) if one["text"]["text"] == "Approve" and "confirm" in one]
    await deploying.click("ben", card, "Approve")
    view = await opened(town, "ben")
    assert NAME in words(view)
    assert "Another approver must do the same" in words(view)
    wrong = await town.slack.submit("ben", str(view["id"]), {"project": {"project": "aikeys"}})
    assert list(wrong["errors"]) == ["project"]
    assert NAME in wrong["errors"]["project"]
    assert await town.slack.submit("ben", str(view["id"]), {"project": {"project": NAME}}) == {"ok": True}
    card = await deploying.card("1 of 2: <@U0BEN>")
    assert deploying.effects == []

    await deploying.click("cy", card, "Approve")
    view = await opened(town, "cy")
    assert "It begins at once" in words(view)
    assert await town.slack.submit("cy", str(view["id"]), {"project": {"project": NAME}}) == {"ok": True}
    await deploying.headline("Done.")
    assert len(deploying.effects) == 1


async def test_alone_under_glass_too(deploying, chat, town, bot, card):
    """The P0 stands for the second person, not for the name."""
    bot.store.incidents.open("P0", "Database down", "database", bot.clock.now())
    there = await chat.until(has_button("Break glass"))
    await deploying.click("ana", there, "Break glass")
    view = await opened(town, "ana")
    values = {"reason": {"reason": "it burns"}, "project": {"project": "wallet"}}
    assert list((await town.slack.submit("ana", str(view["id"]), values))["errors"]) == ["project"]
    values["project"] = {"project": NAME}
    assert await town.slack.submit("ana", str(view["id"]), values) == {"ok": True}
    await deploying.headline("Done.")
    assert len(deploying.effects) == 1
