"""The judge of the storm is not blind: to commands that nobody acknowledged, to few of them, to a breeze."""

import pytest

from tests.chaos.storm import ACKED, Sent, storm, too_slow, unacknowledged

GOOD = [0.02] * 99 + [0.2]


@pytest.mark.parametrize(
    ("acks", "unheard", "judged", "said"),
    [
        (GOOD, 0, 30, ""),
        ([], 0, 0.2, ""),  # a short one, all of it within the opening of the memory
        ([], 0, 30, "0 commands were acknowledged in 30 s; 85 at least"),
        ([0.01], 0, 30, "1 commands were acknowledged in 30 s"),
        (GOOD, 1, 30, "1 commands were never acknowledged"),
        ([ACKED + 0.1] * 100, 0, 30, "within 400 ms"),
    ],
)
def test_few_acks_late_ones_and_none_are_seen(acks, unheard, judged, said):
    found = list(unacknowledged(acks, unheard, judged))
    assert bool(found) is bool(said)
    assert said in "".join(found)


@pytest.mark.parametrize(
    ("seconds", "took", "said"), [(60, 61.0, ""), (60, 70.0, "857 alerts a second were taken"), (5, 8.0, "")]
)
def test_a_rate_that_was_not_kept_is_seen(seconds, took, said):
    found = list(too_slow(Sent(seconds * 1000, 3, took), seconds, 1000))
    assert bool(found) is bool(said)
    assert said in "".join(found)


@pytest.mark.slow
async def test_a_short_one_with_a_death_in_it(tmp_path):
    line, wrong = await storm(seconds=2, rate=200, kills=1, seed=7, folder=tmp_path)
    assert not wrong, line
    assert "400 had their 202" in line
    assert "0 never acknowledged" in line
