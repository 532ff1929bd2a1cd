"""`aikeys detectors` and `replay`, and the file of thresholds: every mistake in a sentence."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clients.wallet import DatabaseSeen
from bot.clock import SystemClock
from bot.detectors import World
from bot.incidents.asking import ALL
from bot.incidents.recording import packed
from bot.incidents.wider import Wider
from bot.settings import Wrong, read_tuning
from bot.settings.tuning import parsed
from store.database import open_store
from tests.detectors.widely import WIDELY
from tests.health.well import WELL, report
from tests.running import KEY

SLOW = replace(WELL, wallet=report(database=DatabaseSeen(connected=True, latency_ms=600)))
FILE = """
database_slow = 300

[detector.database_slow]
confirm = 2
span = 30
"""


@pytest.fixture
def thresholds(tmp_path):
    path = tmp_path / "thresholds.toml"
    path.write_text(FILE)
    return path


async def test_what_is_watched_for_and_by_which_figures(shell, thresholds):
    done = await shell("detectors", environ={"AIKEYS_THRESHOLDS": str(thresholds)})
    assert done.code == 0, done.err
    assert "P0  database_outage" in done.out
    assert "Database slow; looked for every 15 s; 2 looks over 30 s" in done.out
    assert "* database_slow 300 ms (own; default 500). The owners" in done.out, (
        "what differs from the default is marked"
    )
    assert "    * confirm 2 looks (own; default 4)" in done.out


async def test_one_of_them_by_its_name(shell):
    done = await shell("detectors", "database_slow")
    assert done.code == 0, done.err
    assert done.out.startswith("P1  database_slow")
    assert "\nP1" not in done.out
    assert "database_slow 500 ms" in done.out
    assert "webhook_dead_attempts" not in done.out
    wrong = await shell("detectors", "databse_slow")
    assert wrong.code == 2
    assert "did you mean database_slow?" in wrong.err


async def test_a_file_that_is_wrong_stops_it_with_a_sentence(shell, thresholds):
    thresholds.write_text("databse_slow = 300")
    done = await shell("detectors", environ={"AIKEYS_THRESHOLDS": str(thresholds)})
    assert done.code == 2
    assert "did you mean database_slow?" in done.err


@pytest.mark.parametrize(
    ("read", "said"),
    [
        ({"disk_high": 2}, "disk_high must be a number from 0.1 to 0.95"),
        ({"disk_high": True}, "disk_high must be a number"),
        ({"disk_high": float("nan")}, "disk_high must be a number"),
        ({"disk_high": "0.5"}, "disk_high must be a number"),
        ({"nonsense": 1}, "there is no threshold “nonsense”"),
        ({"detector": 7}, "detector must be a table"),
        ({"detector": {"database_slw": {}}}, "did you mean database_slow?"),
        ({"detector": {"database_slow": {"confirm": 1.5}}}, "confirm must be a whole number from 1 to 100"),
        ({"detector": {"database_slow": {"severity": "P0"}}}, "a detector has no “severity”"),
        ({"disk_high": 2, "nonsense": 1}, "; "),
    ],
)
def test_each_mistake_has_its_sentence(read, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        parsed(read)


@pytest.mark.parametrize("content", ["x = ", b"\xff\xfe"], ids=["no TOML", "no text"])
def test_a_file_that_cannot_be_read(tmp_path, content):
    path = tmp_path / "thresholds.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(Wrong, match="AIKEYS_THRESHOLDS"):
        read_tuning({}, str(path))
    with pytest.raises(Wrong, match="cannot be read"):
        read_tuning({"AIKEYS_THRESHOLDS": str(tmp_path / "none")})


async def test_what_would_have_been_posted(shell, needed, tmp_path, thresholds):
    store = open_store(tmp_path / "aikeys.sqlite", audit_key=KEY)
    now = SystemClock().now()
    for n in range(8):
        at = now - timedelta(minutes=20 - n)
        store.looks.keep(at, packed(ALL - {Wider.BACKUPS}, SLOW, World(wider=WIDELY, now=at)))
    store.close()
    environ = needed | {"AIKEYS_DATA": str(tmp_path)}
    done = await shell("replay", "--since", "1", environ=environ)
    assert done.code == 0, done.err
    assert "P1 Database slow, opened" in done.out
    assert "8 looks, 1 message;" in done.out
    thresholds.write_text("database_slow = 900")
    again = await shell("replay", "--thresholds", str(thresholds), environ=environ)
    assert "Database slow" not in again.out
