"""The machine is lost: the memory comes back from a copy, and what waited goes on."""

import asyncio
import shutil

import pytest

from bot.memory.copying import TITLE
from store import copies
from tests.chat import words
from tests.deploys import WEBHOOK, Deploying, has_button
from tests.wait import eventually


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "copies"


@pytest.fixture
def environment(environment, repository, folder):
    return environment | {"AIKEYS_SOURCE": str(repository.path), "AIKEYS_COPIES": str(folder)}


async def copied(moved, folder) -> None:
    """A copy of what is there now is made, on the bot's clock; the thread takes its own time."""
    now = moved.now().replace(microsecond=0)
    await moved.passes(minutes=4, seconds=1)
    await eventually(lambda: copies.copies(folder) and copies.copies(folder)[0].at > now)


async def test_a_lost_machine_goes_on_with_what_waits(chat, life, moved, folder, environment, shell, project):
    """Ben's yes comes after the loss; the other request's clock runs out meanwhile, and that is said late."""
    life.watching, chat.slack.limits.off = False, True
    deploying = Deploying(chat, project)
    await life.begins()
    await chat.says("ana", "/aikeys deploy health")
    await deploying.card("Deploy health")
    await moved.passes(minutes=25)
    await chat.says("ana", f"/aikeys deploy {WEBHOOK}")
    card = await chat.until(lambda one: has_button("Approve")(one) and WEBHOOK in words(one))
    await copied(moved, folder)
    await life.ends()
    shutil.rmtree(life.file.parent)
    await moved.passes(minutes=3)

    ended = await shell("restore", environ=environment)
    assert ended.code == 0, ended.err
    assert "2 approvals wait" in ended.out
    await life.begins()

    await chat.until(lambda one: "Expired: nobody approved it" in words(one) and "Deploy health" in words(one))
    await deploying.click("ben", card, "Approve")
    await eventually(lambda: deploying.effects)
    await eventually(lambda: life.store.operations.recent(1)[0].over)
    await moved.passes(seconds=2)  # edits of one message are a second apart
    await deploying.headline("Done.")
    assert [slug for slug, _ in deploying.effects] == [WEBHOOK]
    ended = await shell("audit", "verify", environ=environment)
    assert ended.code == 0, ended.err


async def test_the_command_line_copies_beside_a_running_bot(life, moved, environment, shell, folder):
    await life.begins()
    ended = await shell("backup", environ=environment)
    assert (ended.code, ended.out.startswith("copied: ")) == (0, True), ended.err
    ended = await shell("restore", "--replace", environ=environment)
    assert (ended.code, "is in use by process" in ended.err) == (3, True)


async def test_copies_that_fail_are_a_p1(chat, life, moved, folder):
    """Once, and not before a quarter of an hour."""
    life.watching = False
    folder.write_text("a file in the place of a folder")
    await life.begins()
    for _ in range(5):
        await moved.passes(minutes=4, seconds=10)
        await asyncio.sleep(0.05)  # the thread's own time
    seen = await chat.until(TITLE)
    assert "may not be" in words(seen) or "cannot be" in words(seen)
    assert len(life.rows("SELECT 1 FROM incidents")) == 1


async def test_a_bot_begun_anew_says_at_once_whose_copies_those_are(chat, life, moved, folder, environment, shell):
    """And `--replace` puts the lost memory in the place of the empty one."""
    life.watching, chat.slack.limits.off = False, True
    await life.begins()
    await chat.says("ana", "/aikeys freeze waiting --until 2d")
    await chat.until("frozen")
    await copied(moved, folder)
    await life.ends()
    shutil.rmtree(life.file.parent)
    await life.begins()
    await moved.passes(seconds=6)
    await chat.until("holds copies of another memory")
    await life.ends()

    ended = await shell("restore", "--replace", environ=environment)

    assert ended.code == 0, ended.err
    assert "what was there lies at" in ended.out
    await life.begins()
    await chat.says("ana", "/aikeys operations")
    await chat.until("waiting")
