"""`make attack` counts what was red, also where its time was over, and waits for nothing that hangs."""

import signal
import sys

import pytest

from tests.attack.__main__ import KILLED, ended, judged


@pytest.mark.parametrize(
    ("last", "code", "ran", "broken"),
    [
        ("7 passed in 1.20s", 0, 7, 0),
        ("2 failed, 5 passed, 1 error in 1.20s", 1, 8, 3),
        ("5 passed in 60.00s (0:01:00)", None, 5, 0),
        ("5 passed, 1 error in 60.00s (0:01:00)", None, 6, 1),
        ("1 failed, 5 passed, 2 errors in 60.00s (0:01:00)", None, 8, 3),
        ("no tests ran in 0.01s", 5, 0, 1),
        ("", KILLED, 0, 1),
    ],
)
def test_errors_are_red_whether_it_was_ended_or_came_to_its_end(last, code, ran, broken):
    assert judged(f"!!! KeyboardInterrupt !!!\n{last}\n", code) == (ran, broken)


def test_what_hangs_is_killed_and_counts_as_one():
    deaf = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); print('on', flush=True); signal.pause()"
    said, code = ended([sys.executable, "-c", deaf], {}, 2, grace=0.1)
    assert code == -signal.SIGKILL
    assert judged(said, code) == (0, 1)


def test_what_is_told_to_end_may_say_what_it_has_reached():
    program = """if True:
        import signal
        print("on", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            print("3 passed, 1 error in 2s")"""
    said, code = ended([sys.executable, "-c", program], {}, 2)
    assert code is None
    assert judged(said, code) == (4, 1)
