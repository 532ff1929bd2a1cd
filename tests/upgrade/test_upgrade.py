"""What the last releases left behind goes on under this version: read from top to bottom.

What lies in the folders was written by the releases themselves (`make.py`), in the middle of a night.
"""

import base64
import gzip
import json
import re
import sqlite3
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.version import version
from playground.clock import START
from playground.slack.messages import Message
from store.audit import verify
from store.copies import restore
from store.errors import StoreDamaged
from store.schema import migrations
from tests.chat import Chat, words
from tests.deploys import Deploying
from tests.running import KEY, unwatched
from tests.upgrade.scene import OWED, PENDING, SLOW, Still
from tests.wait import eventually

HERE = Path(__file__).parent
RELEASES = sorted(folder.name for folder in HERE.iterdir() if (folder / "aikeys.sqlite.gz").exists())


@pytest.fixture(params=RELEASES)
def left(request):
    return HERE / request.param


@pytest.fixture
def world(left):
    return json.loads(gzip.decompress((left / "world.json.gz").read_bytes()))


@pytest.fixture
def clock(world) -> Still:
    """The upgrade took forty seconds."""
    return Still(datetime.fromisoformat(world["at"]) + timedelta(seconds=40))


@pytest.fixture
def environment(environment, left, tmp_path):
    source = tmp_path / "wallet"
    subprocess.run(["git", "clone", "--quiet", left / "wallet.bundle", source], check=True, capture_output=True)
    return environment | {"AIKEYS_SOURCE": str(source)}


@pytest.fixture
def before(left, world, settings, town, project) -> None:
    """The memory, and the outside as it was."""
    settings.data.mkdir(mode=0o700)
    path = settings.data / "aikeys.sqlite"
    path.touch(mode=0o600)
    path.write_bytes(gzip.decompress((left / "aikeys.sqlite.gz").read_bytes()))
    state = town.slack.state
    town.slack.limits.off = True
    for one in sorted(world["messages"], key=lambda message: message["ts"]):
        if one["channel"].startswith("D"):
            state.dm("U" + one["channel"][1:])
        state.add(Message(**one))
    for slug, known in world["functions"].items():
        function = project.state.functions[slug]
        function.id, function.version, function.ezbr_sha256 = known["id"], known["version"], known["ezbr_sha256"]
        function.files = {path: base64.b64decode(content) for path, content in known["files"].items()}


@pytest.mark.usefixtures("before")
async def test_all_goes_on(settings, clock, town, project):
    chat = Chat(town.slack)
    deploying = Deploying(chat, project)
    version = project.state.functions[PENDING].version
    async with unwatched(settings, clock) as bot:
        store = bot.store

        # The memory is whole, and up to date.
        assert verify(store.db, KEY).ok
        assert not list(migrations.pending(store.db))

        # What was being sent is asked about, not sent again: it had not arrived.
        await eventually(lambda: [one.state for one in store.operations.recent(1)] == ["failed"], 20)
        assert deploying.effects == []

        # What was owed is said, once; what was asked is answered, once, and said to be late.
        await chat.until(OWED)
        await chat.until("I was restarting", "zoe")
        await eventually(lambda: not store.inbox.unfinished(), 20)
        assert len([one for one in chat.sees("zoe") if OWED in words(one)]) == 1
        assert len([one for one in chat.sees("zoe") if "I was restarting" in words(one)]) == 1

        # The deploy that waited is approved by the very card of before, and done.
        pending = f"Deploy {PENDING}"
        card = await chat.until(lambda one: '"Approve"' in words(one) and pending in words(one), "ben")
        await deploying.click("ben", card, "Approve")
        await eventually(lambda: [one.state for one in store.operations.recent(1)] == ["done"], 20)
        assert deploying.effects == [(PENDING, version + 1)]

        # What was silent is silent, until its own end; the clock of the other P1 goes on where it was.
        (silent,) = store.quiet.silences()
        await clock.passes(hours=2)
        await chat.until(lambda one: "within 120 minutes" in words(one) and SLOW in words(one))
        await eventually(lambda: store.quiet.get(silent.id).state != "on", 20)
        assert verify(store.db, KEY).ok


def test_a_copy_of_then_is_put_back(left, tmp_path):
    """Upgraded, and something went wrong: what was copied before is good, though its tables are those of before."""
    copy, target = tmp_path / "aikeys-20261125T194500Z.sqlite", tmp_path / "new" / "aikeys.sqlite"
    target.parent.mkdir()
    copy.write_bytes(gzip.decompress((left / "aikeys.sqlite.gz").read_bytes()))
    assert restore(copy, target, KEY, at=START).rows > 20
    with sqlite3.connect(copy) as edited:
        edited.execute("UPDATE approvals SET needed = needed + 1 WHERE state = 'pending'")
    edited.close()
    target.unlink()
    with pytest.raises(StoreDamaged, match="the table approvals says of approval/"):
        restore(copy, target, KEY, at=START)


def last_release(changelog: str, own: str) -> str:
    """The newest that people may come from. The section of *own* is that of this very tree until `## Next` begins."""
    sections: list[str] = re.findall(r"^## (Next|\d+\.\d+\.\d+)$", changelog, re.MULTILINE)
    return next(one for one in sections if one != "Next" and ("Next" in sections or one != own))


@pytest.mark.parametrize(
    ("sections", "own", "last"),
    [
        pytest.param(["Next", "0.5.0", "0.4.0"], "0.5.0", "0.5.0", id="work after 0.5.0"),
        pytest.param(["0.5.0", "0.4.0"], "0.5.0", "0.4.0", id="the commit that is 0.5.0"),
        pytest.param(["0.5.0", "0.4.0"], "0.6.0", "0.5.0", id="0.6.0 with nothing to say"),
    ],
)
def test_which_release_is_the_last(sections, own, last):
    assert last_release("".join(f"## {one}\n\n- Something.\n\n" for one in sections), own) == last


def test_what_the_last_release_left_is_here():
    last = last_release((HERE.parents[1] / "CHANGELOG.md").read_text(), version())
    assert last in RELEASES, f"python -m tests.upgrade.make <the commit that is {last}> {last}"
