"""Pieces of `make chaos` in the gate: edits of timelines, a disk that fails, a memory that is taken away."""

import argparse
import random

import pytest

from playground.slack.errors import ControlError
from tests.chaos import abreast, damage, growth, mutations, nth, sabotage
from tests.chaos.bodily import Body
from tests.chaos.compressed import Compressed
from tests.chaos.nights import SILENCED
from tests.mortal.nursery import Nursery


def test_two_hundred_edits_are_noticed_and_twenty_intact_ones_are_not_called_bad():
    seed = random.randrange(10**6)
    figures = mutations.run(200, 20, seed)
    assert not figures.wrong, f"seed {seed}: {figures.wrong}"
    assert figures.edits.total() == 200
    assert len(figures.edits) >= 8


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The failing disk, built for this machine."""
    made = sabotage.build(tmp_path_factory.mktemp("sabotage"))
    if made is None:
        pytest.skip("this machine cannot build the library that makes writes fail")
    return made


@pytest.fixture
async def fragile(library):
    """Where bots are born whose disk fails when it is told to."""
    nursery = Nursery(library)
    await nursery.open()
    yield nursery
    await nursery.close()


@pytest.mark.slow
async def test_a_write_a_sync_and_a_call_of_a_deploy_fail(town, fragile, repository, tmp_path):
    figures = abreast.Figures()
    town.project.archive.takes = 0.0
    """The same each time, so that a gate that is red is red again; each n of each kind is tests.chaos.nth's."""
    kinds = ["write", "fsync", "answer of Slack"]
    wanted = argparse.Namespace(only=["deploy"], kinds=kinds, first=7, stride=1, most=1, minutes=9)
    await nth.world(wanted, tmp_path, town, fragile, repository, figures, disk=True)
    assert not figures.wrong, figures.wrong
    assert figures.failed.total() >= 2


@pytest.mark.slow
async def test_on_a_full_disk_it_says_so_and_takes_nothing(town, fragile, repository, tmp_path):
    """A file that was taken away: tests/own/test_memory.py."""
    figures, name = damage.Figures(), "disk full"
    body = Body(town, fragile, tmp_path / "bot", {"AIKEYS_SOURCE": str(repository.path)})
    await damage.scene(name, damage.MENDED[name], body, figures)
    assert not figures.wrong, figures.wrong
    assert figures.told[name] < 60


@pytest.mark.slow
async def test_no_start_on_damaged_pages_and_a_copy_put_back_goes_on(town, nursery, repository, tmp_path):
    figures, name = damage.Figures(), "pages damaged"
    body = Body(town, nursery, tmp_path / "bot", {"AIKEYS_SOURCE": str(repository.path)})
    await damage.scene(name, damage.LOST[name], body, figures)
    assert not figures.wrong, figures.wrong
    assert (figures.restored, len(figures.told)) == (1, 1)
    assert figures.refused > 0


def test_what_does_not_grow_is_told_from_what_does():
    """The judge of the soak: noise is no growth, and growth is seen through noise."""
    noise = random.Random(7)
    flat = [80 + noise.uniform(-2, 2) for _ in range(48)]
    leaks = [one + number / 24 * 4 for number, one in enumerate(flat)]
    grows, error = growth.slope(flat, 3600)
    assert abs(grows) < 2 * error + 0.5
    grows, error = growth.slope(leaks, 3600)
    assert grows - 2 * error > growth.MOST["memory"]


def test_a_warm_up_is_no_growth_and_a_short_soak_judges_nothing():
    def soaked(hours: int, slope: float) -> growth.Soaked:
        """It grows by 5 MB an hour for a day, then by *slope*."""
        made = growth.Soaked(3600, 24 * 3600)
        for hour in range(hours):
            made.keep(memory=80 + min(hour, 24) * 5 + max(0, hour - 24) * slope, handles=9, tasks=9, threads=9)
        return made

    assert list(soaked(24 + growth.LEAST, 0).growth(1)) == []
    assert "memory grows by" in "".join(soaked(24 + growth.LEAST, 1).growth(1))
    short = soaked(23 + growth.LEAST, 1)
    assert list(short.growth(1)) == []
    assert "too short to judge growth: that takes 36 samples" in short.line()
    assert "a day)" not in short.line()


def test_connections_of_a_busy_minute_are_no_leak_and_a_leak_is_seen_under_them():
    def soaked(leak: float) -> growth.Soaked:
        made, chance = growth.Soaked(60, 20 * 60), random.Random(7)
        for minute in range(60):
            busy = chance.choice([0, 0, 5, 60]) if minute < 55 else 60
            made.keep(memory=80, handles=40 + busy + leak * minute, tasks=40 + busy, threads=2)
        return made

    assert list(soaked(0).growth(1)) == []
    assert "handles grows by" in "".join(soaked(1).growth(1))


def test_a_compressed_clock_is_one_clock_for_two():
    one, other = Compressed(1_000_000_000, 300), Compressed(1_000_000_000, 300, hurried=False)
    assert abs((one.now() - other.now()).total_seconds()) < 60


@pytest.mark.slow
async def test_a_modal_that_cannot_be_written_down_stays_open_and_says_so(town, fragile, tmp_path):
    """A write fails, one later each time: it is not taken, or says no under its field; none closes for nothing."""
    body = Body(town, fragile, tmp_path / "bot")
    person = body.people()
    said: list[str] = []
    try:
        await body.start("hurried")
        await town.slack.say("ana", "#ops", '/aikeys incident open "noise"')
        await person.until(lambda: person.button("aikeys:silence"), 20)
        for nth in range(1, 60):
            await person.presses("ana", "aikeys:silence")
            await person.until(lambda: town.slack.views("ana")["modals"], 20)
            modal = town.slack.views("ana")["modals"][-1]
            with body.orders.failing(sabotage.WRITE, nth, sabotage.EIO):
                try:
                    answer = await town.slack.submit("ana", modal["id"], {**SILENCED})
                    said.append(" ".join(answer.get("errors", {}).values()))
                except ControlError as error:
                    said.append(error.code)
            assert await body.settles() == [], said
            assert bool(body.asks("SELECT 1 FROM silences WHERE state = 'on'")) is (said[-1] == ""), said
            if "I could not write that down" in said[-1] or not said[-1]:
                break
            person.close_modals()
        assert "I could not write that down" in said[-1], said
        assert town.slack.views("ana")["modals"], "it stays open, with what was typed"
        assert not (await town.slack.submit("ana", modal["id"], {**SILENCED})).get("errors")
        await person.until(lambda: body.asks("SELECT 1 FROM silences WHERE state = 'on'"), 20)
    finally:
        person.close()
        await body.stop()
