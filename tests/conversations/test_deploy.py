"""/aikeys deploy, as Ana asks and Ben approves."""

import pytest

from tests.chat import words
from tests.deploys import WEBHOOK, buttons

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
    shown = words(card)
    for told in (
        "<@U0ANA>",  # who asks
        project.ref,  # the target
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

    await deploying.click("ben", card, "Approve")

    done = await deploying.card("refuses an unsigned event (401)")
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
