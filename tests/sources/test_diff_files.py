"""The whole diff as a file: what it says at its head, and that a cut is said."""

import pytest

from bot.bundle import Bundle, File
from bot.deploys.parts import Part
from bot.sources import Diff
from bot.views import deploys, diffs

HEALTH = Part(Bundle("health", (File.of("index.ts", b"x"),), "index.ts"), None, "c" * 40)


def diff(text: str, *, cut: bool = False) -> Diff:
    return Diff(text, files=1, added=1, removed=2, cut=cut)


def test_the_file_says_what_it_is_and_holds_all_of_it():
    (file,) = diffs.file("Deploy health", [HEALTH], [diff("diff --git a/x b/x\n-old\n+new")])
    assert (file.name, file.title) == ("health.diff", "Deploy health: +1 −2 lines")
    assert file.content.startswith("Deploy health\n\nhealth: nothing -> commit ccc")
    assert "\ndiff --git a/x b/x\n-old\n+new\n" in file.content


def test_one_file_is_one_file():
    assert "1 file changed, +1 −2 lines" in deploys.change(HEALTH, diff("x"))


def test_several_functions_are_one_file():
    (file,) = diffs.file("Deploy 2 functions", [HEALTH, HEALTH], [diff("one"), diff("two")])
    assert (file.name, file.title) == ("all.diff", "Deploy 2 functions: +2 −4 lines")
    assert file.content.index("one") < file.content.index("two")


def test_no_difference_is_no_file():
    assert diffs.file("Deploy health", [HEALTH], [Diff()]) == []
    assert diffs.inline([Diff()]) == []


@pytest.mark.parametrize("found", [[diff("x", cut=True)], [diff("x" * diffs.MOST_FILE)]])
def test_what_is_cut_says_so_in_the_title(found):
    (file,) = diffs.file("Deploy health", [HEALTH], found)
    assert "cut where it is too long" in file.title
    assert len(file.content) < diffs.MOST_FILE + 500


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([diff("short")], "The whole diff comes as a file."),
        ([diff("x" * 3000)], "This is the beginning"),
        ([diff("x" * 2600), diff("y")], "This is the beginning"),
        ([diff("x")] * 7, "This is the beginning"),
    ],
)
def test_the_card_shows_the_beginning_and_says_where_the_rest_is(found, said):
    *blocks, word = diffs.inline(found)
    assert said in word["elements"][0]["text"]
    assert len(blocks) <= 6
    assert len(str(blocks)) < 4000
