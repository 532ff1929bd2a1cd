"""What lies on the disk: whose it is, what a planted link or a crafted copy can do, what a bundle may be called."""

import asyncio
import os
import sqlite3
import stat
import tarfile
import zipfile
from contextlib import closing
from datetime import UTC, datetime

import pytest

from bot.bundle import File, from_platform
from bot.doctor import machine
from bot.errors import AikeysError
from bot.memory.keys import KEPT, audit_key
from bot.settings import Settings
from store import audit, copies
from store.database import look_into, open_store
from store.errors import StoreDamaged, StoreError
from tests.chat import verdict
from tests.running import KEY, running

AT = datetime(2026, 11, 25, 19, 45, tzinfo=UTC)


async def test_all_that_the_bot_writes_is_its_own_alone(settings, clock, chat_of):
    """Under a careless umask, after a question, a copy and a stop: no file that others may read, no folder."""
    mask = os.umask(0)
    try:
        async with running(settings, clock) as bot:
            chat = chat_of(bot)
            await chat.says("ana", "/aikeys health")
            await chat.until(verdict)
            await asyncio.to_thread(copies.make, bot.store.path, settings.data / "copies", AT)
            audit_key(settings)
            modes = {path: path.lstat().st_mode for path in [settings.data, *settings.data.rglob("*")]}
            open_to = [(path, stat.filemode(mode)) for path, mode in modes.items() if mode & 0o077]
    finally:
        os.umask(mask)
    assert open_to == []


@pytest.fixture
def chat_of(town):
    from tests.chat import Chat

    return lambda _bot: Chat(town.slack)


@pytest.mark.parametrize("name", ["aikeys.sqlite.lock", KEPT])
def test_a_link_in_the_folder_leads_the_bot_nowhere(told, tmp_path, name):
    """Somebody could write into the folder: what the link points at is neither cut nor written, nor made."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    precious = tmp_path / "precious"
    precious.write_text("do not touch")
    (data / name).symlink_to(precious)
    (data / "dangling").symlink_to(tmp_path / "made-by-a-link")
    settings = told(AIKEYS_DATA=str(data))
    with pytest.raises((AikeysError, StoreError)):
        _started(settings)
    assert precious.read_text() == "do not touch"
    assert not (tmp_path / "made-by-a-link").exists()


def test_a_copys_link_is_not_followed_out(store, tmp_path):
    """A link under the name of the next copy, or of its part: the copy takes its place, what it points at stays."""
    folder, precious = tmp_path / "copies", tmp_path / "precious"
    folder.mkdir(mode=0o700)
    precious.write_text("do not touch")
    for name in (f"aikeys-{AT:%Y%m%dT%H%M%SZ}.sqlite", f"aikeys-{AT:%Y%m%dT%H%M%SZ}.{os.getpid()}.part"):
        (folder / name).symlink_to(precious)
    made = copies.make(store.path, folder, AT)
    assert precious.read_text() == "do not touch"
    assert not made.path.is_symlink()


def _started(settings: Settings) -> None:
    open_store(settings.data / "aikeys.sqlite", audit_key=audit_key(settings)).close()


CRAFTED = {
    "a vote that writes itself": "CREATE TRIGGER helpful AFTER INSERT ON events WHEN NEW.kind = 'approval.requested' "
    "BEGIN INSERT INTO approval_votes VALUES (NEW.subject, 'U0BEN', NEW.at, NEW.id); END",
    "a guard that is gone": "DROP TRIGGER approval_voted",
    "a guard that guards nothing": "DROP TRIGGER approval_granted",
}


@pytest.mark.parametrize("sql", CRAFTED.values(), ids=CRAFTED)
def test_a_copy_with_triggers_of_somebody_elses_is_not_put_back(store, tmp_path, sql):
    """The rows are all there and all signed; what would happen at the next one is not what the bot wrote."""
    store.events.append("test/1", "test.happened", "bot", {}, AT)
    made = copies.make(store.path, tmp_path / "copies", AT)
    crafted = sqlite3.connect(made.path)
    crafted.execute(sql)
    crafted.commit()
    crafted.close()
    target = tmp_path / "new.sqlite"
    with pytest.raises(StoreDamaged, match=r"guard|trigger"):
        copies.restore(made.path, target, KEY, at=AT)
    assert not target.exists()
    looked = look_into(made.path)
    assert not audit.verify(looked, KEY).ok
    looked.close()


@pytest.mark.parametrize("kind", ["tar", "zip", "text", "nothing", "a folder", "a pipe", "SQL", "another database"])
def test_what_is_no_copy_is_not_unpacked_and_not_run(tmp_path, kind):
    """A restore reads SQLite's pages and nothing else: no archive is unpacked, so nothing leads out of one."""
    given, target = tmp_path / "aikeys-20261125T194500Z.sqlite", tmp_path / "here" / "aikeys.sqlite"
    target.parent.mkdir()
    evil = tmp_path / "evil"
    evil.write_text("x")
    if kind == "tar":
        with tarfile.open(given, "w") as archive:
            archive.add(evil, "../../evil-was-here")
    elif kind == "zip":
        with zipfile.ZipFile(given, "w") as archive:
            archive.writestr("../evil-was-here", "x")
    elif kind == "a folder":
        given.mkdir()
    elif kind == "a pipe":
        os.mkfifo(given)
    elif kind == "another database":
        with closing(sqlite3.connect(given)) as other:
            other.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, mac TEXT)")
    else:
        given.write_bytes({"text": b"hello" * 5000, "nothing": b"", "SQL": b"DROP TABLE events;\n" * 500}[kind])
    with pytest.raises(StoreError):
        copies.restore(given, target, KEY, at=AT)
    assert not list(tmp_path.rglob("*evil-was-here*"))
    assert [path.name for path in target.parent.iterdir() if "lock" not in path.name] == []


HARMFUL = (
    "../x.ts",
    "/etc/passwd",
    "a/../../x",
    "..\\x",
    "C:\\x",
    "a\x00b",
    ".git/hooks/post-checkout",
    "a//b",
    "~/x/",
    "file:///etc/passwd/../x",
)


@pytest.mark.parametrize("path", HARMFUL)
def test_a_bundle_from_the_platform_names_no_place_outside(path):
    """What is live is downloaded before it is replaced; it is kept by hash, in the database, never as files."""
    try:
        found = [File.of(one, b"").path for one in from_platform(["source/index.ts", path]).values()]
    except ValueError:
        return
    for one in found:
        assert not os.path.isabs(one)  # noqa: PTH117  # as whoever wrote it to a disk would ask
        assert os.path.normpath(f"/here/{one}").startswith("/here/")


def test_the_doctor_says_who_else_may_look(told, clock, tmp_path):
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    found = {line.what: line for line in machine.look(told(AIKEYS_DATA=str(data)), clock)}
    assert "others may look" in found["AIKEYS_DATA"].said
