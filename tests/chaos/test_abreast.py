"""The lanes of tests.chaos.nth: what they say arrives, is added up, and one that breaks off is no silence."""

import argparse
from collections import Counter

from tests.chaos import abreast
from tests.chaos.abreast import Figures


def test_what_a_lane_says_arrives(capsys):
    met = Figures(Counter({("deploy", "write"): 3}), refusals=1, failures=2, slowest=4.5, left_out=6, wrong=["“it” is"])
    abreast.tell(met)
    abreast.tell(Figures())
    first, second = capsys.readouterr().out.splitlines()
    assert (abreast.told(first).line(), abreast.told(first).wrong) == (met.line(), ["“it” is"])
    assert abreast.told(second).line() == Figures().line()


def test_the_sum_and_the_slowest():
    some = [Figures(Counter({("deploy", "git"): 3}), slowest=2.0), Figures(Counter({("note", "git"): 4}), slowest=9.0)]
    found = abreast.together(some)
    assert found.line().startswith("7 failures in 2 workflows, 0 left out (7 × git)")
    assert found.slowest == 9.0


async def test_a_lane_that_breaks_off_is_a_violation():
    wanted = argparse.Namespace(first=1, stride=1, most=0, lanes=2, minutes="soon", only=None, kinds=None)
    assert sorted((await abreast.lanes(wanted)).wrong) == ["lane 0 broke off with 2", "lane 1 broke off with 2"]
