"""A piece of two programmes of `make chaos`: all that Slack hands over comes again, and Supabase at its worst."""

import random

import pytest

from tests.chaos.again import Again
from tests.chaos.lane import repository
from tests.chaos.repeats import Figures
from tests.chaos.supabase import Figures as Suffered
from tests.chaos.supabase import Supabase
from tests.clocks import Moved


@pytest.fixture
def source(tmp_path):
    return repository(tmp_path / "wallet").path


@pytest.fixture
def clock():
    return Moved()


async def test_what_comes_again_changes_nothing(town, source, tmp_path):
    figures = Figures()
    await Again(town, random.Random(5), source, tmp_path, figures).lives(1)
    assert not figures.wrong, figures.wrong
    assert figures.incidents == 1
    assert figures.copies
    assert figures.things.keys() >= {"commands", "events", "clicks"}


async def test_a_deploy_of_all_that_breaks_off_says_of_each_what_it_is(town, nursery, source, tmp_path):
    figures = Suffered()
    one = Supabase(town, nursery, random.Random(1), source, tmp_path)
    await one.opens()
    try:
        await one.round(figures, "all", "lost before it")
    finally:
        await one.ends()
    assert not figures.wrong, figures.wrong
    assert figures.ends == {"failed": 1}
