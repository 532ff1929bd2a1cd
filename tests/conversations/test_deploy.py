"""/aikeys deploy, as Ana asks and Ben approves."""

import asyncio
import math
from typing import Any

import pytest

from bot.clients.supabase import DEPLOY_PATIENCE
from bot.clock import SystemClock
from bot.deploys.steps import SETTLES
from playground.source import CY
from tests.chat import words
from tests.deploys import WEBHOOK, buttons, has_button, opened
from tests.wait import eventually

pytestmark = pytest.mark.usefixtures("deploying")


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


async def test_asked_approved_deployed_verified(deploying, chat, project, repository):
    """The whole way: headline, card, another person's yes, saved, sent, compared, called; the buttons gone."""
    before = project.state.functions[WEBHOOK].version

    card = await deploying.asks()

    headline = await deploying.headline("Waits for approval")
    assert card["thread_ts"] == headline["ts"]
    assert len([one for one in chat.sees("ana") if one.get("ephemeral")]) == 1, "the headline says the rest"
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
        "Roll back takes a minute",  # what could go wrong
    ):
        assert told in shown or told.replace("`false`", "`false` → `false`") in shown, told
    styles = {one["text"]["text"]: one.get("style") for one in buttons(card)}
    assert styles == {"Approve": "primary", "Deny": "danger", "Withdraw": None}
    assert all("confirm" in one for one in buttons(card) if one.get("style"))
    assert deploying.effects == []

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


async def test_nobody_approves_their_own_request_nor_without_the_role(deploying, chat):
    """Ana asked, Zoe only looks: both are told privately, and the card stays as it is."""
    card = await deploying.asks()

    await deploying.click("ana", card, "Approve")
    own = await chat.until("cannot approve")
    await deploying.click("zoe", card, "Approve")
    not_hers = await chat.until("That takes an approver", "zoe")

    assert own["ephemeral"]
    assert not_hers["ephemeral"]
    assert deploying.effects == []
    still = await deploying.card("Waits for approval")
    assert [one["text"]["text"] for one in buttons(still)] == ["Approve", "Deny", "Withdraw"]


class TestATeamOfOne:
    @pytest.fixture
    def environment(self, environment):
        alone = {"AIKEYS_ALONE": "true", "AIKEYS_OPERATORS": "U0ANA", "AIKEYS_APPROVERS": "U0ANA"}
        return environment | alone

    async def test_it_approves_itself_and_every_card_says_alone(self, deploying):
        """Set explicitly; whoever reads the card later sees that nobody else has looked."""
        card = await deploying.asks()
        assert "alone: a team of one" in words(card)

        await deploying.click("ana", card, "Approve")

        assert "approved by <@U0ANA> *alone*" in words(await deploying.headline("Done."))
        assert "Approved by <@U0ANA> *alone*" in words(await deploying.card("Approved by"))
        assert len(deploying.effects) == 1


async def test_two_clicks_at_once_are_one_decision(deploying, chat):
    """Ben and Cy press in the same moment: one deploys, the other hears by whom it was approved."""
    card = await deploying.asks()

    await asyncio.gather(deploying.click("ben", card, "Approve"), deploying.click("cy", card, "Approve"))

    await deploying.headline("Done.")
    assert len(deploying.effects) == 1
    settled = await deploying.card("Approved by")
    winner = "U0BEN" if "Approved by <@U0BEN>" in words(settled) else "U0CY"
    loser = "cy" if winner == "U0BEN" else "ben"
    told = await chat.until("decided already", loser)
    assert told["ephemeral"]
    assert f"granted by <@{winner}>" in words(told)


async def test_denied_with_a_reason(deploying, chat, town):
    """Deny asks why; everybody sees it; nothing is done."""
    card = await deploying.asks()

    await deploying.click("ben", card, "Deny")
    modal = await opened(town, "ben")
    await town.slack.submit("ben", modal["id"], {"reason": {"reason": "Wait for the *incident*"}})

    headline = await deploying.headline("Denied by <@U0BEN>")
    assert "Wait for the ∗incident∗" in words(headline)
    assert not buttons(await deploying.card("Denied by <@U0BEN>"))
    assert deploying.effects == []


async def test_the_reason_comes_too_late(deploying, town):
    """While Ben writes why not, Cy approves: his modal says so, and stays open."""
    card = await deploying.asks()
    await deploying.click("ben", card, "Deny")
    modal = await opened(town, "ben")
    await deploying.click("cy", card, "Approve")
    await deploying.headline("Done.")

    answer = await town.slack.submit("ben", modal["id"], {"reason": {"reason": "too late"}})

    assert "granted" in str(answer)
    assert len(deploying.effects) == 1


async def test_nobody_denies_their_own(deploying, chat):
    card = await deploying.asks()
    await deploying.click("ana", card, "Deny")
    assert (await chat.until("cannot deny your own request"))["ephemeral"]


async def test_withdrawn_by_the_one_who_asked_alone(deploying, chat):
    card = await deploying.asks()

    await deploying.click("ben", card, "Withdraw")
    assert (await chat.until("cannot withdraw this request", "ben"))["ephemeral"]
    await deploying.click("ana", card, "Withdraw")

    await deploying.headline("Withdrawn by <@U0ANA>")
    assert not buttons(await deploying.card("Withdrawn by <@U0ANA>"))


async def test_a_newer_request_supersedes_the_older(deploying):
    """For the same function; the older card says so and has no buttons."""
    first = await deploying.asks()
    await deploying.asks(f"deploy {WEBHOOK} main")

    old = await deploying.card("Superseded by a newer request")
    assert old["ts"] == first["ts"]
    assert not buttons(old)
    assert deploying.effects == []


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


async def test_the_ref_moves_between_plan_and_approval(deploying, chat, repository):
    """What was shown is no longer what would be sent: refused with the field named, nothing is done."""
    card = await deploying.asks(f"deploy {WEBHOOK} main")
    repository.commit(CY, "Something else", {f"supabase/functions/{WEBHOOK}/age.ts": "export const tooOld = 1;\n"})

    await deploying.click("ben", card, "Approve")

    told = await chat.until("The plan is no longer true", "ben")
    assert told["ephemeral"]
    assert "commit" in words(told)
    assert "age.ts" in words(told)
    assert deploying.effects == []
    assert buttons(await deploying.card("Waits for approval"))


async def test_the_live_version_moves_between_plan_and_approval(deploying, chat, project):
    card = await deploying.asks()
    project.state.functions[WEBHOOK].version += 1

    await deploying.click("ben", card, "Approve")

    assert "live.version" in words(await chat.until("The plan is no longer true", "ben"))
    assert deploying.effects == []


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
    back = await deploying.chat.until(has_button("Approve"), timeout=15)
    assert "`true` → `false` (*CHANGES*)" in words(back)
    await deploying.click("ben", back, "Approve")
    await deploying.ended("refuses an unsigned event (401)")
    assert project.state.functions[WEBHOOK].verify_jwt is False
    assert len(deploying.effects) == 2


async def test_copies_for_approvers_are_kept_in_step(deploying, chat):
    """Ben and Cy get the card directly, Ana does not; Ben approves from there, and every copy loses its buttons."""
    await deploying.asks()
    copy = await chat.until(has_button("Approve"), "ben", "@ben")
    await chat.until(has_button("Approve"), "cy", "@cy")
    assert not [one for one in chat.sees("ana", "@ana") if one.get("bot_id")]

    await deploying.click("ben", copy, "Approve", "@ben")

    await deploying.headline("Done.")
    for who in ("ben", "cy"):
        assert not buttons(await chat.until("Approved by <@U0BEN>", who, f"@{who}"))
    assert len(deploying.effects) == 1


async def test_asked_in_a_thread_it_all_stays_there(deploying, chat, town):
    root = await town.slack.say("ana", "#ops", "the webhook is odd")
    await chat.says("ana", f"@aikeys deploy {WEBHOOK}", thread=root["ts"])

    card = await chat.until(has_button("Approve"), timeout=15)
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


@pytest.mark.parametrize(
    ("status", "message", "told"),
    [
        (400, "Failed to bundle the function (reason: The module's source code could not be parsed)", "bundle"),
        (402, "Maximum number of functions reached", "402"),
        (409, "Deployment already exists", "409"),
        (429, "Too many requests", "429"),
        (403, "Forbidden", "403"),
    ],
)
async def test_supabase_says_no(deploying, project, status, message, told):
    """Certainly nothing was done, and that is said."""
    card = await deploying.asks()
    async with project.answers("POST", "/functions/deploy", status=status, body={"message": message}):
        await deploying.click("ben", card, "Approve")
        failed = await deploying.headline("*Failed*")
    assert told in words(failed).lower() or told in words(failed)
    assert deploying.effects == []
    assert not buttons(await deploying.ended("✗ Deploy"))


class Hasty(SystemClock):
    """The two minutes that a deploy may take are over once a test says so; what then settles has settled."""

    def __init__(self) -> None:
        self.over = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        if seconds == DEPLOY_PATIENCE:
            await self.over.wait()
        else:
            await super().sleep(0.2 if seconds == SETTLES else seconds)


LOST: dict[str, dict[str, Any]] = {
    "500": {"status": 500, "body": {"message": "x"}},
    "dropped": {"drop": True},
    "hangs": {"delay": math.inf},
}


class TestTheAnswerIsLost:
    @pytest.fixture
    def clock(self):
        return Hasty()

    @pytest.mark.parametrize("fault", LOST.values(), ids=LOST)
    async def test_after_the_effect(self, deploying, project, clock, fault):
        """It is asked whether it is there, and it is: proved and done, once."""
        card = await deploying.asks()
        async with project.answers("POST", "/functions/deploy", after=True, **fault):
            await deploying.click("ben", card, "Approve")
            await eventually(lambda: deploying.effects, within=20)
            clock.over.set()
            await deploying.headline("Done.")
        assert len(deploying.effects) == 1

    @pytest.mark.parametrize("fault", ["500", "dropped"])
    async def test_before_the_effect(self, deploying, project, fault):
        """It is asked whether it is there, and it is not: failed, nothing changed, never sent again by itself."""
        card = await deploying.asks()
        async with project.answers("POST", "/functions/deploy", **LOST[fault]):
            await deploying.click("ben", card, "Approve")
            failed = await deploying.headline("*Failed*")
        assert "nothing was changed" in words(failed)
        assert deploying.effects == []


async def test_somebody_else_deploys_in_the_same_moment(deploying, chat, project):
    """The version moved and holds other code: nobody guesses; a human is asked, and says what became of it."""
    card = await deploying.asks()
    function = project.state.functions[WEBHOOK]
    async with project.answers("POST", "/functions/deploy", status=500, body={"message": "x"}):
        await deploying.click("ben", card, "Approve")
        await deploying.card("Step 2 of 4")
        function.version += 1
        await deploying.headline("Needs a human")
    stuck = await deploying.card("does not hold what was sent")

    await deploying.asks_in_vain("health")
    await deploying.click("zoe", stuck, "Give up")
    assert (await chat.until("is not for you", "zoe"))["ephemeral"]
    await deploying.click("ana", stuck, "Give up")

    await deploying.headline("*Failed*")
    assert not buttons(await deploying.ended("Given up by a human"))


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


async def test_all_stops_at_the_first_failure(deploying, repository, project):
    """What was done stays done and is said; what comes after was not touched."""
    repository.commit(CY, "Broken", {"supabase/functions/health/index.ts": "// playground: bundle broken\n"})
    card = await deploying.asks("deploy all")
    await deploying.click("ben", card, "Approve")

    told = await deploying.headline("*Failed*")

    assert "health" not in [slug for slug, _ in deploying.effects]
    assert f"`{WEBHOOK}` was not touched" in words(told)


@pytest.mark.parametrize("outage", [False, True])
async def test_new_code_that_does_not_start(deploying, project, repository, bot, outage):
    """It went live and does not answer: said so, with the way back. An outage explains it, whatever the code."""
    if outage:
        bot.store.incidents.open("P0", "Database outage", "database_outage", bot.clock.now())
    path = f"supabase/functions/{WEBHOOK}/index.ts"
    repository.commit(CY, "Broken", {path: 'throw new Error("boot");\n' + repository.text(path)})
    card = await deploying.asks()
    await deploying.click("ben", card, "Approve")

    told = words(await deploying.headline("*Failed*"))
    assert ("incident/1 “Database outage” (P0) is open, since before this deploy" in told) is outage
    assert ("a roll back will not end them" in told) is outage
    assert ("roll the last deploy back" in told) is not outage
    assert len(deploying.effects) == 1
    assert [one["text"]["text"] for one in buttons(await deploying.ended("✗ Call it"))] == ["Roll back"]
