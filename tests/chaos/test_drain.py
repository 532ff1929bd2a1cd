"""What was written while Slack was away, with its limits on: a piece of `python -m tests.chaos.drain` in the gate."""

from tests.chaos.drain import Wanted, drained
from tests.outbox.hurried import Hurried


async def test_a_backlog_goes_as_fast_as_slack_allows_the_p0_first(tmp_path):
    done = await drained(Wanted(letters=18, channels=2, away=3), Hurried(6), tmp_path)
    assert not done.wrong, done.line()
    assert done.last >= done.allowed - 1, "the limits were on"
