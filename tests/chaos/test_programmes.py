"""What `make chaos` runs: each programme is there, takes its options, and shrinks with the minutes."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from tests.chaos.all import Came, table
from tests.chaos.programmes import PROGRAMMES, Programme

ROOT = Path(__file__).parents[2]


def test_a_share_of_each_and_never_nothing():
    one = Programme("one", "tests.chaos.one", 60, {"--rounds": 200, "--minutes": 59.0}, ("--random",), {"--minutes": 2})
    assert one.arguments(1) == ["--random", "--rounds", "200", "--minutes", "59.00"]
    assert one.arguments(0.1, 7) == ["--random", "--rounds", "20", "--minutes", "5.90", "--seed", "7"]
    assert one.arguments(0.001) == ["--random", "--rounds", "1", "--minutes", "2.00"]


@pytest.mark.parametrize("one", PROGRAMMES, ids=lambda one: one.name)
def test_each_knows_its_options(one):
    path = ROOT / one.module.replace(".", "/")
    said = (path / "__main__.py" if path.is_dir() else path.with_suffix(".py")).read_text()
    assert all(f'"{option}"' in said for option in (*one.whole, *one.fixed, *one.least, "--seed"))


@pytest.mark.parametrize("one", PROGRAMMES, ids=lambda one: one.name)
def test_none_gives_itself_more_minutes_than_it_is_given(one):
    assert one.whole.get("--minutes", 0) < one.minutes


def test_the_page_says_how_long_all_of_it_may_take():
    said = (ROOT / "docs" / "reliability.md").read_text()
    assert f"{sum(one.minutes for one in PROGRAMMES):.0f} minutes at most" in said


def test_the_table_says_who_and_what():
    came = [Came("a storm", "storm: 3 alerts; seed 7", "", 1.25), Came("clicks", "clicks: none", "exit code 1", 0.5)]
    assert table(came).splitlines()[1:] == [
        "programme  min  violations   figure",
        "a storm    1.2  none         3 alerts; seed 7",
        "clicks     0.5  exit code 1  none",
    ]


async def test_one_that_is_ended_early_says_what_it_reached():
    """By whoever presses Ctrl-C, and by a machine that stops: without a figure the hour was for nothing."""
    code = """if True:
        import asyncio, sys
        from tests.chaos.closing import ends, reaches
        from tests.chaos.mutations import Figures

        async def work():
            reaches("one", Figures(intact=3, wrong=["it is"]))
            print("on", flush=True)
            try:
                await asyncio.sleep(60)
            finally:
                print("closed in order")

        sys.exit(ends(lambda: asyncio.run(work())))"""
    background = f"trap '' INT; exec {sys.executable} -c \"$0\""  # as a shell begins what ends with &
    process = await asyncio.create_subprocess_exec("sh", "-c", background, code, stdout=PIPE, cwd=ROOT)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"on\n"
    process.terminate()
    said, _ = await process.communicate()
    last = "one: edits 0, intact 3, rows 0, wrong 1; ended early"
    assert said.decode().splitlines() == ["closed in order", "  WRONG: it is", last]
    assert process.returncode == 1
