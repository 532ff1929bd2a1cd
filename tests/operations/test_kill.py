"""kill -9 at every named point, and anywhere: no effect twice, nothing acknowledged lost, all of it settled.

The judge is the server that the effects are done to, in another process; it counts and believes nothing.
"""

import os
import random
import signal

import pytest

POINTS = [
    ("approval.requested", 1),
    ("approval.settled", 1),
    *((point, nth) for point in ("step.intent", "step.effect", "step.result") for nth in (1, 2, 3)),
    ("operation.finished", 1),
]


@pytest.mark.parametrize(("point", "nth"), POINTS)
async def test_killed_at_a_named_point(mortal, outside, point, nth):
    assert await mortal.lives(point, nth) == -signal.SIGKILL

    assert await mortal.lives() == 0

    assert mortal.judged(outside) == ["done"]


@pytest.mark.parametrize("mood", ["fails before", "fails after", "hangs after"])
async def test_killed_after_the_question(mortal, outside, mood):
    """The effect broke off, the outside was asked, and then the bot died: it is asked again, and not repeated."""
    outside.mood["deploy"] = [mood]
    assert await mortal.lives("step.question", 1) == -signal.SIGKILL

    assert await mortal.lives() == 0

    assert mortal.judged(outside) == ["done"]
    assert outside.asked["1/deploy"] >= 2


async def test_killed_twice_in_a_row(mortal, outside):
    """After the effect, and after the question that follows from it."""
    assert await mortal.lives("step.effect", 2) == -signal.SIGKILL
    assert await mortal.lives("step.question", 1) == -signal.SIGKILL
    assert await mortal.lives("step.result", 1) == -signal.SIGKILL

    assert await mortal.lives() == 0

    assert mortal.judged(outside) == ["done"]


async def test_killed_and_the_outside_cannot_be_asked(mortal, outside):
    """Then a human is needed, within 30 s, and nothing is repeated."""
    assert await mortal.lives("step.effect", 2) == -signal.SIGKILL
    outside.deaf = True

    assert await mortal.lives(within=30) == 0

    assert mortal.judged(outside, unsettled={"1/deploy"}) == ["needs-human"]
    assert outside.done == {"1/deploy": 1}


@pytest.mark.slow
async def test_killed_anywhere(mortal, outside):
    """At random while one operation follows another, the outside in every mood. AIKEYS_KILLS says how often."""
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    kills = 0
    for _ in range(int(os.environ.get("AIKEYS_KILLS", "8"))):
        moods = chance.choices(["well", "slow", "fails before", "fails after"], k=40)
        outside.mood = {"deploy": moods[:20], "verify": moods[20:]}
        code = await mortal.lives(runs=10**6, kill_after=chance.uniform(0, 0.6))
        kills += code == -signal.SIGKILL
    outside.mood = {}

    assert await mortal.lives(runs=0) == 0

    ended = mortal.judged(outside)
    assert kills, "it was never killed"
    assert set(ended) <= {"done", "failed"}, f"seed {seed}"
    assert ended.count("done") > len(ended) / 2
