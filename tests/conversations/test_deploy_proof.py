"""After a deploy of the webhook: a signed event of the bot's own is accepted, or it is said that this is not proven."""

import pytest

from bot.clients.wallet import Wallet
from tests.chat import words
from tests.deploys import WEBHOOK, has_button
from tests.wait import eventually

SAID = "answered a rightly signed event with 401"


@pytest.fixture
def copy(tmp_path, project):
    path = tmp_path / "circle-webhook"
    path.write_text(project.secrets["CIRCLE_WEBHOOK_SECRET"])
    return path


@pytest.fixture
def environment(environment, repository, copy):
    return environment | {
        "AIKEYS_SOURCE": str(repository.path),
        "AIKEYS_SYNTHETIC": "true",
        "AIKEYS_WEBHOOK_SECRET_PATH": str(copy),
    }


async def test_a_signed_event_is_accepted(deploying, project):
    card = await deploying.asks()
    await deploying.click("ben", card, "Approve")
    await deploying.card("refuses an unsigned event (401); it accepts a signed one (200)")
    async with project.postgres.superuser() as connection:
        assert await connection.fetchval(
            "select count(*) from public.payment_events where event_id like 'aikeys-test-%'"
        )


async def test_an_old_copy_proves_less_and_fails_nothing(deploying, project):
    project.state.secrets["CIRCLE_WEBHOOK_SECRET"] = "rotated"
    card = await deploying.asks()
    await deploying.click("ben", card, "Approve")
    await deploying.card("not proven. My copy of the signing secret is old")
    await deploying.headline("Done.")


async def test_code_that_refuses_what_is_rightly_signed_is_not_done(deploying, chat, project):
    """The secret's copy is the live one and the function answers 401 to it: a deploy that cuts Circle off."""
    card = await deploying.asks()
    refused = {"error": "Unauthorized"}
    async with project.answers("POST", f"/{WEBHOOK}$", status=401, body=refused):
        await deploying.click("ben", card, "Approve")
        await chat.until(lambda one: has_button("Roll back")(one) and SAID in words(one))


async def test_callers_of_the_last_hour_are_on_the_card(deploying, chat, project, clock):
    """Somebody's, not the bot's own probes."""
    before = words(await deploying.asks())
    assert "none failed" in before or "failed*" in before
    own = Wallet(project.functions_url, clock, project.ref, project.access_token.encode())
    for _ in range(40):
        await own.probe(WEBHOOK)
    await own.close()
    await deploying.asks()
    await chat.until("Superseded by a newer request")
    after = words(await chat.until(has_button("Approve")))
    called = [int(one.split("Callers in the last hour: ")[1].split(",")[0]) for one in (before, after)]
    assert abs(called[1] - called[0]) < 20, "that of the playground's own traffic, which goes on"


async def test_without_the_logs_the_webhook_is_counted_by_its_rows(deploying, town):
    await town.slack.faults.set("logs_unpaid", True)
    card = await deploying.asks()
    assert "deliveries that left a row: the logs could not be asked" in words(card)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"files": {}}, "What is live is not what was sent"),
        ({"verify_jwt": True}, "verify_jwt is True; False was sent"),
        ({"version": 99}, "version 99"),
    ],
    ids=["code", "flag", "version"],
)
async def test_what_is_live_is_not_what_was_sent(deploying, project, change, told):
    """Changed between the deploy and the look at it: not done, and it is said in what it differs."""
    card = await deploying.asks()
    live = project.state.functions
    async with project.answers("GET", f"/functions/{WEBHOOK}(/body)?$", delay=0.3):
        await deploying.click("ben", card, "Approve")
        await eventually(lambda: deploying.effects, within=20)
        for name, value in change.items():
            setattr(live[WEBHOOK], name, dict.fromkeys(live[WEBHOOK].files, b"// x") if name == "files" else value)
        assert told in words(await deploying.ended("✗ Compare"))
