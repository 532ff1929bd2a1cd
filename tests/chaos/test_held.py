"""What the soak reads of the bot's process from outside."""

import subprocess
import sys
from subprocess import PIPE

import pytest

from tests.chaos.held import Held

MEGABYTES = 64
LEAKS = f"""
import sys, threading
kept = []
for line in sys.stdin:
    kept.append(bytearray(b"x" * {MEGABYTES * 2**20}))
    kept.append(open("/dev/null"))
    kept.append(threading.Thread(target=threading.Event().wait, daemon=True))
    kept[-1].start()
    print(flush=True)
"""


def test_it_sees_what_another_process_keeps():
    """More memory, a file once it has stayed, a thread; nobody asked that process."""
    with subprocess.Popen([sys.executable, "-c", LEAKS], stdin=PIPE, stdout=PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        held, seen = Held(other.pid), []
        for _ in range(3):
            other.stdin.write("more\n")
            other.stdin.flush()
            other.stdout.readline()
            seen.append(held.now())
        other.kill()
    first, second, third = seen
    assert second["memory"] - first["memory"] == pytest.approx(MEGABYTES, abs=4)
    assert second["threads"] - first["threads"] == 1
    assert first["handles"] == 0, "what came since the last time may go again"
    assert third["handles"] - second["handles"] == 1


def test_of_one_that_is_gone_nothing_is_said():
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    with pytest.raises(OSError, match="No such file"):
        Held(gone.pid).now()
