"""The clocks of incidents, in made-up worlds: a quick part of `python -m tests.chaos.clockwork`."""

from tests.chaos.clockwork import simulate


def test_each_clock_fires_once_in_time_or_says_how_late_and_never_after_the_end(tmp_path):
    figures = simulate(200, 11, tmp_path)
    assert figures.wrong == []
    assert figures.schedules == 200
    assert min(figures.fired, figures.late, figures.kills, figures.jumps) > 0, "all of it happened"
