"""/aikeys deploy, as Ana asks and Ben approves."""

import pytest

from bot.views.moments import plain
from playground.source import CY
from tests.chat import words
from tests.deploys import WEBHOOK, buttons, has_button

pytestmark = pytest.mark.usefixtures("deploying")


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


async def test_asked_approved_deployed_verified(deploying, chat, project, repository, bot):
    """The whole way: headline, card, another person's yes, saved, sent, compared, called; the buttons gone."""
    before = project.state.functions[WEBHOOK].version

    card = await deploying.asks(f'deploy {WEBHOOK} --reason "cards for <teens>"')

    headline = await deploying.headline("Waits for approval")
    assert card["thread_ts"] == headline["ts"]
    (own,) = [words(one) for one in chat.sees("ana") if one.get("ephemeral")]
    assert "--reason" in own, "the whole line; the headline says the rest"
    shown = words(card)
    for told in (
        "<@U0ANA>",  # who asks
        project.ref,  # the target
        "aikeys-wallet",
        repository.head[:10],  # to what
        f"version {before}",  # from what
        "verify_jwt: `false` (unchanged)",
        "age.ts",  # the diff
        "can be taken back",  # the risk
        "expires",
        "Reason: “cards for &lt;teens&gt;”",
        "Roll back takes a minute",  # what could go wrong
    ):
        assert told in shown or told.replace("`false`", "`false` → `false`") in shown, told
    styles = {one["text"]["text"]: one.get("style") for one in buttons(card)}
    assert styles == {"Approve": "primary", "Deny": "danger", "Withdraw": None}
    assert all("confirm" in one for one in buttons(card) if one.get("style"))
    assert deploying.effects == []
    asked = bot.store.events.latest("approval.requested", "approval/1")
    assert (asked.text, "teens" in plain(asked, {})) == ("cards for <teens>", True), "two people can take it back"

    diff = await deploying.diff(card)
    assert diff["title"].startswith(f"Deploy {WEBHOOK}: +")
    assert f"{WEBHOOK}: version {before} -> commit {repository.head}" in diff["preview"]
    assert "\ndiff --git a/supabase/functions/" in diff["preview"]

    await deploying.click("ben", card, "Approve")

    done = await deploying.ended("refuses an unsigned event (401)")
    assert done["thread_ts"] == headline["ts"]
    assert deploying.effects == [(WEBHOOK, before + 1)]
    assert project.state.functions[WEBHOOK].files == {
        path: (repository.path / path).read_bytes() for path in project.state.functions[WEBHOOK].files
    }
    told = await deploying.headline(f"version {before} → version {before + 1}")
    assert told["ts"] == headline["ts"]
    settled = await deploying.card("Approved by <@U0BEN>")
    assert settled["ts"] == card["ts"]
    assert not buttons(settled)
    assert [one["text"]["text"] for one in buttons(done)] == ["Roll back"]


async def test_only_a_plan(deploying, chat, bot):
    """--plan shows it privately and asks for nothing."""
    await chat.says("ana", f"/aikeys deploy {WEBHOOK} --plan")

    plan = await chat.until("only a plan")

    assert plan["ephemeral"]
    assert "age.ts" in words(plan)
    assert "is in our direct message" in words(plan)
    assert f"Deploy {WEBHOOK}: +" in words(await chat.until("for you alone", "ana", "@ana"))
    assert not buttons(plan)
    assert bot.store.approvals.recent() == []
    assert not [one for one in chat.sees("ben") if one.get("bot_id")]


async def test_verify_jwt_that_flips_is_loud(deploying, project, repository):
    """config.toml of that commit decides; the card says what it means, and it is so afterwards."""
    config = repository.text("supabase/config.toml")
    at = config.index(f"[functions.{WEBHOOK}]")
    flipped = config[:at] + config[at:].replace("verify_jwt = false", "verify_jwt = true", 1)
    repository.commit(CY, "Callers need a token", {"supabase/config.toml": flipped})

    card = await deploying.asks()

    assert "verify_jwt flips" in words(card)
    assert "`false` → `true` (*CHANGES*)" in words(card)
    await deploying.click("ben", card, "Approve")
    await deploying.headline("Failed")  # Circle has no token: the call that proves it is refused at the door
    assert project.state.functions[WEBHOOK].verify_jwt is True
    assert len(deploying.effects) == 1
    ended = await deploying.ended("✗ Call it")
    assert [one["text"]["text"] for one in buttons(ended)] == ["Roll back"]

    await deploying.click("ana", ended, "Roll back")
    back = await deploying.chat.until(has_button("Approve"))
    assert "`true` → `false` (*CHANGES*)" in words(back)
    await deploying.click("ben", back, "Approve")
    await deploying.ended("refuses an unsigned event (401)")
    assert project.state.functions[WEBHOOK].verify_jwt is False
    assert len(deploying.effects) == 2


async def test_asked_in_a_thread_it_all_stays_there(deploying, chat, town):
    root = await town.slack.say("ana", "#ops", "the webhook is odd")
    await chat.says("ana", f"@aikeys deploy {WEBHOOK}", thread=root["ts"])

    card = await chat.until(has_button("Approve"))
    await deploying.click("ben", card, "Approve")
    done = await deploying.card("refuses an unsigned event")

    assert card["thread_ts"] == done["thread_ts"] == root["ts"]
    said = [one for one in chat.sees("zoe") if one.get("bot_id") and "Audit head" not in one["text"]]
    assert {one["thread_ts"] for one in said} == {root["ts"]}


async def test_what_is_live_already_is_not_deployed(deploying, chat, repository):
    await chat.says("ana", f"/aikeys deploy {WEBHOOK} {repository.live}")
    told = await chat.until("There is nothing to deploy")
    assert told["ephemeral"]
    await chat.says("ana", f"/aikeys deploy {WEBHOOK} {repository.live} --again")  # its code was lost on the way
    assert "Approve" in words(await deploying.card("Waits for approval"))


@pytest.mark.parametrize("command", ["deploy", "rollback"])
async def test_zoe_may_not_ask(deploying, chat, bot, command):
    await chat.says("zoe", f"/aikeys {command} {WEBHOOK}")
    assert "needs the role operator" in words(await chat.until("is not for you", "zoe"))
    assert bot.store.approvals.recent() == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("deploy nonsense", "nonsense"),
        (f"deploy {WEBHOOK} no-such-branch", "Look for the name with `git branch -r`;"),
        (f"deploy {WEBHOOK} --upload-pack=x", "There is no option"),
        ("deploy ../../etc", "was not run"),
    ],
)
async def test_what_is_not_there_is_refused_by_name(deploying, chat, bot, line, told):
    await chat.says("ana", f"/aikeys {line}")
    assert told in words(await chat.until("🚫"))
    assert bot.store.approvals.recent() == []


async def test_all_that_differ_in_order(deploying, repository, project):
    """Those whose live code is the commit's are left alone; the result names each."""
    card = await deploying.asks("deploy all")
    await deploying.click("ben", card, "Approve")

    told = await deploying.headline("Done.")

    slugs = [slug for slug, _ in deploying.effects]
    assert slugs == sorted(slugs)
    assert {"health", WEBHOOK} <= set(slugs)
    assert len(slugs) == len(set(slugs))
    assert all(f"`{slug}` is live" in words(told) for slug in slugs)
