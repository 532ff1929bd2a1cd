"""The timeline's head in #ops: when it is posted, and that a file cut off or put back is noticed against it."""

import shutil

import pytest

from tests.chat import words
from tests.wait import eventually


def heads(chat) -> list[str]:
    """The ID:MAC of each posted head, oldest first."""
    said = [one["text"] for one in chat.sees("ana") if one.get("bot_id")]
    return [text.removeprefix("Audit head ") for text in said if text.startswith("Audit head ")]


async def posted(chat, moved, count: int) -> None:
    """Let a round come, and wait for its post."""
    await moved.passes(seconds=31)
    await eventually(lambda: len(heads(chat)) == count)
    await chat.slack.underway.ended()  # and the bot has heard that it stands there: else it posts it again


@pytest.fixture(autouse=True)
def _no_looks(life):
    """What a day of looks would find on a clock that jumps is no matter of the heads."""
    life.watching = False


@pytest.fixture
def opened(life, moved):
    """Opens an incident in the timeline, as an alert will."""

    def open_incident(severity: str, number: int):
        data = {"dedup_key": f"k{number}", "severity": severity, "title": "It broke"}
        return life.store.events.append(f"incident/{number}", "incident.opened", "bot", data, moved.now())

    return open_incident


async def test_at_the_first_start_daily_and_at_each_p0(chat, life, moved, opened):
    await life.begins()
    await posted(chat, moved, 1)
    assert heads(chat)[0] == str(life.store.events.of("audit")[0].id) + ":" + life.store.events.of("audit")[0].mac
    await moved.passes(minutes=2)
    opened("P1", 1)
    await moved.passes(minutes=2)
    assert len(heads(chat)) == 1, "a P1 waits for the day"
    p0 = opened("P0", 2)
    await posted(chat, moved, 2)
    assert "P0 opened" in words(await chat.until("P0 opened"))
    assert heads(chat)[1] == f"{p0.id}:{p0.mac}"
    await life.ends()

    await moved.passes(hours=23)
    await life.begins()
    await moved.passes(seconds=40)
    assert len(heads(chat)) == 2
    await life.ends()
    await moved.passes(hours=1)
    await life.begins()
    await posted(chat, moved, 3)
    assert "daily" in words(await chat.until("daily"))


@pytest.fixture
async def put_back(chat, life, moved, opened, tmp_path):
    """A bot whose file is an older copy, taken before the newest head was posted; the key is the right one."""
    await life.begins()
    await posted(chat, moved, 1)
    await life.ends()
    shutil.copytree(life.file.parent, tmp_path / "yesterday")
    await life.begins()
    opened("P0", 1)
    await posted(chat, moved, 2)
    await life.ends()
    shutil.rmtree(life.file.parent)
    shutil.copytree(tmp_path / "yesterday", life.file.parent)


async def test_an_older_copy_put_back_is_said_in_the_channel_once(chat, life, moved, put_back):
    for _ in range(2):
        await life.begins()
        await moved.passes(seconds=9)
        await chat.until("The timeline does not hold the audit head")
        await moved.passes(seconds=60)
        await life.ends()
    said = [one for one in chat.sees("zoe") if "does not hold" in words(one)]
    assert len(said) == 1
    assert not said[0]["ephemeral"]
    assert life.rows("SELECT count(*) FROM events WHERE kind = 'audit.missed'") == [(1,)]


async def test_a_timeline_that_is_whole_is_not_spoken_of(chat, life, moved):
    await life.begins()
    await posted(chat, moved, 1)
    await moved.passes(hours=1.1)
    await chat.says("ana", "/aikeys nonsense")
    await chat.until("nonsense")
    assert not [one for one in chat.sees("ana") if "does not hold" in words(one)]


async def test_verify_reads_the_posts(shell, environment, put_back):
    """The file alone proves nothing against its own past; the posts do, and name the row."""
    alone = await shell("audit", "verify", environ=environment)
    assert alone.code == 0
    assert "not held against any posted head" in alone.out
    held = await shell("audit", "verify", "--posted", environ=environment)
    assert held.code == 1
    assert "the timeline ends before it" in held.err


async def test_verify_against_the_posts_of_a_whole_timeline(shell, environment, chat, life, moved):
    await life.begins()
    await posted(chat, moved, 1)
    await life.ends()
    held = await shell("audit", "verify", "--posted", environ=environment)
    assert (held.code, held.err) == (0, "")
    assert "held against 1 posted heads" in held.out


async def test_posts_that_cannot_be_read_are_a_sentence(shell, environment, life, town):
    await life.begins()
    await life.ends()
    none = await shell("audit", "verify", "--posted", environ=environment)
    assert none.code == 2
    assert "no head was posted by this bot" in none.err
    nowhere = {name: value for name, value in environment.items() if name != "AIKEYS_OPS_CHANNEL"}
    assert "AIKEYS_OPS_CHANNEL is not set" in (await shell("audit", "verify", "--posted", environ=nowhere)).err
    town.slack.app.scopes.discard("channels:history")
    refused = await shell("audit", "verify", "--posted", environ=environment)
    assert refused.code == 2
    assert "channels:history" in refused.err
    assert "--head" in refused.err
    assert "Traceback" not in refused.err


async def test_a_p0_in_the_round_that_slack_is_away_is_not_forgotten(chat, life, moved, opened, town):
    await life.begins()
    await posted(chat, moved, 1)
    await town.slack.faults.set("slack_5xx", True)
    await moved.passes(seconds=1)
    opened("P0", 1)
    await moved.passes(seconds=31)
    await town.slack.faults.set("slack_5xx", False)
    await eventually(lambda: len(heads(chat)) == 1)
    for _ in range(5):
        await moved.passes(seconds=31)
    await eventually(lambda: len(heads(chat)) == 2)
