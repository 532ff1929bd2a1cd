"""/aikeys rollback: what was live before comes back, byte for byte, also without git."""

import pytest

from playground.source import CY
from tests.chat import words
from tests.deploys import WEBHOOK, buttons, has_button, opened


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


async def deployed(deploying):
    card = await deploying.asks()
    await deploying.click("ben", card, "Approve")
    await deploying.headline("Done.")


@pytest.mark.parametrize("named", [False, True], ids=["before", "version"])
async def test_the_way_back_after_history_was_rewritten(deploying, chat, project, repository, named):
    """From the saved body: the very bytes, verify_jwt too; the commit it came from may be gone from git."""
    before = dict(project.state.functions[WEBHOOK].files)
    await deployed(deploying)
    version = project.state.functions[WEBHOOK].version
    repository.git("update-ref", "-d", "HEAD")
    repository.commit(CY, "A new history", {})

    line = f"rollback {WEBHOOK}" + (f" {version - 1}" if named else "")
    await chat.says("ana", f"/aikeys {line} --plan")
    await chat.until("only a plan")
    card = await deploying.asks(line)
    assert f"Roll back {WEBHOOK} to version {version - 1}" in words(card)
    assert "age.ts" in words(card)
    await chat.slack.until(lambda: "Roll back payments" in str([one.get("files") for one in chat.sees("ben")]))
    await deploying.click("ben", card, "Approve")
    await deploying.headline(f"version {version} → version {version + 1}")

    taken = await deploying.headline(f"was live as version {version} until")
    assert f"version {version + 1} is live since" in words(taken)
    assert not buttons(await deploying.ended(f"was live as version {version} until"))
    await chat.says("zoe", "/aikeys deploys")
    listed = words(await chat.until("of all functions", "zoe"))
    assert listed.index(f"version {version + 1} rolled back") < listed.index(f"version {version} deployed")
    assert project.state.functions[WEBHOOK].files == before
    assert project.state.functions[WEBHOOK].verify_jwt is False
    assert len(deploying.effects) == 2


async def test_the_button_of_a_result_asks_for_it(deploying, chat):
    """Roll back is offered with the result; it makes a request like any other, in the same thread."""
    await deployed(deploying)
    done = await deploying.card("refuses an unsigned event")

    await deploying.click("ana", done, "Roll back")

    card = await chat.until(has_button("Approve"))
    assert "Roll back payments-circle-webhook to version" in words(card)
    assert card["thread_ts"] == done["thread_ts"]
    assert [one["text"]["text"] for one in buttons(card)] == ["Approve", "Deny", "Withdraw"]
    assert len(deploying.effects) == 1


async def test_to_a_commit(deploying, project, repository):
    await deployed(deploying)
    card = await deploying.asks(f"rollback {WEBHOOK} {repository.live}")
    assert repository.live[:10] in words(card)
    await deploying.click("ben", card, "Approve")
    await deploying.headline("Roll back")
    await deploying.card("Approved by <@U0BEN>")
    await deploying.chat.slack.until(lambda: len(deploying.effects) == 2)
    assert not [path for path in project.state.functions[WEBHOOK].files if path.endswith("age.ts")]


async def test_a_freeze_is_told_at_the_ask_and_passed_with_a_reason(deploying, chat, town):
    """Nothing waits in vain for an approver; who approves a way back that came without a reason is asked for one."""
    await deployed(deploying)
    early = await deploying.asks("deploy health")
    await chat.says("ana", f"/aikeys rollback {WEBHOOK}")
    back = await chat.until(lambda one: has_button("Approve")(one) and f"Roll back {WEBHOOK}" in words(one))
    await chat.says("ana", '/aikeys freeze "incident, hands off" --until 2h')
    await chat.until("frozen")

    await chat.says("ana", "/aikeys deploy wallet-create")
    refused = await chat.until("Wait, or lift the freeze: /aikeys freeze --lift")
    assert refused["ephemeral"]
    assert "<@U0ANA> froze them until" in words(refused)
    assert "hands off" in words(refused)
    await chat.says("ana", f"/aikeys rollback {WEBHOOK}")
    await chat.until(f'cannot wait: /aikeys rollback {WEBHOOK} --reason "…"')

    await deploying.click("ben", early, "Approve")
    assert "hands off" in words(await chat.until("Changes are frozen.", "ben"))
    await deploying.click("ben", back, "Approve")
    modal = await opened(town, "ben")
    assert "hands off" in str(modal)
    await town.slack.submit("ben", modal["id"], {"reason": {"reason": "it refuses payments"}})
    assert "it refuses payments" in words(await deploying.card("Approved by <@U0BEN>: “it"))
    await chat.slack.until(lambda: len(deploying.effects) == 2)


@pytest.mark.parametrize("line", ["rollback health", "rollback health 3"])
async def test_what_was_never_saved_is_refused(deploying, chat, line):
    await chat.says("ana", f"/aikeys {line}")
    assert "is not rolled back" in words(await chat.until("🚫"))
