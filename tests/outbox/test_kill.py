"""kill -9 while letters are sent: each stands in the channel once afterwards, in its order, as it was last written."""

import signal

import pytest

from bot.clock import SystemClock

POINTS = [
    *((point, nth) for point in ("letter.intent", "letter.effect", "letter.result") for nth in (1, 2)),
    *((point, 4) for point in ("letter.intent", "letter.effect", "letter.result")),  # the file
    ("letter.edited", 1),
]


@pytest.fixture
def clock():
    """The killed program has the machine's, and what it looks for is looked for by time."""
    return SystemClock()


@pytest.fixture
def lives(nursery, tmp_path, path, workspace, ops):
    """Runs the program, to die at a point or not; returns its exit code."""

    async def run(*point):
        arguments = (str(path), workspace.api_url, workspace.bot_token, ops)
        mortal = await nursery.bears("tests.outbox.program", tmp_path / "out", *arguments, point=point)
        return await mortal.died()

    return run


@pytest.mark.parametrize(("point", "nth"), POINTS)
async def test_killed_at_a_named_point(lives, workspace, point, nth):
    assert await lives(point, nth) == -signal.SIGKILL

    assert await lives() == 0

    said = [one for one in workspace.messages("#ops", "ana") if one.get("bot_id")]
    assert [one["text"] for one in said] == ["done", "step one", "step two", ""]
    assert [[file["title"] for file in one.get("files", [])] for one in said] == [[], [], [], ["What changes"]]
    assert {one["thread_ts"] for one in said[1:]} == {said[0]["ts"]}
