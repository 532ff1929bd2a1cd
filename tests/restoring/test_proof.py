"""What a database must show after it went back: a table."""

import re

import pytest

from bot.restoring.proof import wrong

NOTED = {"versions": ["1", "2", "3"], "undoes": ["3"], "older": {"payments": 5, "audit": 2}}
NONE = {"payments": 0}
THERE = {"payments": 5, "audit": 2}


@pytest.mark.parametrize(
    ("noted", "history", "rows", "older", "said"),
    [
        (NOTED, ["1", "2"], NONE, THERE, ""),
        (NOTED, ["1", "2"], NONE, {"payments": 6, "audit": 2}, ""),  # one that was deleted since is back
        (NOTED, ["1", "2"], NONE, {"payments": 5}, ""),  # the other cannot be asked
        (NOTED, ["1", "2", "3"], NONE, THERE, "its history has 3"),
        (NOTED, ["1", "2"], {"payments": 2}, THERE, "has not gone back: 2 rows"),
        (NOTED, ["1", "2"], NONE, {"payments": 3, "audit": 2}, "too far: of the rows .* 2 of payments are gone"),
        (NOTED, ["1"], NONE, THERE, "its history lacks 2"),
        (NOTED, [], NONE, THERE, "its history lacks 1, 2"),
        ({"versions": [], "undoes": [], "older": {}}, ["1"], NONE, THERE, ""),  # nothing could be noted
        ({"versions": ["1"], "undoes": []}, ["1"], NONE, THERE, ""),  # noted by an earlier version of the bot
    ],
)
def test_neither_short_of_the_moment_nor_beyond_it(noted, history, rows, older, said):
    found = wrong(noted, history, rows, older)
    assert re.search(said, found) if said else not found
