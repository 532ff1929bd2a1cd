"""Rotations on every way in, with trouble at every step, and then a search through every byte: nothing is found.

`make canaries` does it ten thousand times.
"""

import sqlite3
from contextlib import closing
from random import Random

import pytest

from tests.canaries.life import Life
from tests.canaries.rotation import Tally

TROUBLED = ("", "typed", "misshapen", "sealed for another", "closed", "cancelled", "unknown key", "answer lost", "kept",
            "killed", "")  # fmt: skip


@pytest.mark.slow
async def test_no_value_is_written_or_sent_and_a_planted_one_is_found(project, repository, tmp_path):
    """Trouble at every step, and some that go well. Then one is left in the database, in the log, in what was sent."""
    tally, folder = Tally(), tmp_path / "life"
    life = Life(project, repository.path, folder, Random(20261125), tally)
    await life.live(len(TROUBLED), TROUBLED)
    assert life.looked.found == []
    assert tally.ends["done"] >= 5
    assert life.looked.posts >= 6, "what may hold a value was sent, past the search"
    assert life.looked.children >= 2, "children were looked at"
    assert min(life.looked.bytes.values()) > 10_000
    assert b"a day of rotations" in (folder / "sent" / "files").read_bytes(), "the exported report is searched too"

    one, two, three = life.values[0], life.values[3], life.values[7]
    with closing(sqlite3.connect(folder / "data" / "aikeys.sqlite")) as db, db:
        db.execute("INSERT INTO traces (delivery, asked, at) VALUES (1000000, ?, '2026')", (f'["{one}"]',))
    with (folder / "said" / "log").open("a") as log:
        log.write(f'{{"error": "{two[len(two) // 2 :]}"}}\n')
    with (folder / "sent" / "slack").open("ab") as sent:
        sent.write(b'{"text": "' + three.encode().hex().encode() + b'"}\n')
    life.search()
    found = {(found.number, found.place.removeprefix(str(folder)).split("/")[1]) for found in life.looked.found}
    assert found == {(0, "data"), (3, "said"), (7, "sent")}
