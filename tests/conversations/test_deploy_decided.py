"""Who decides about a deploy, how often, and on what: another person, once, on the plan that was shown."""

import asyncio

import pytest

from playground.source import CY
from tests.chat import words
from tests.deploys import WEBHOOK, buttons, has_button, opened

pytestmark = pytest.mark.usefixtures("deploying")


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


async def test_nobody_approves_their_own_request_nor_without_the_role(deploying, chat):
    """Ana asked, Zoe only looks: both are told privately, and the card stays as it is."""
    card = await deploying.asks()

    await deploying.click("ana", card, "Approve")
    own = await chat.until("cannot approve")
    assert own.get("thread_ts") == card["thread_ts"], "said where it was clicked"
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
