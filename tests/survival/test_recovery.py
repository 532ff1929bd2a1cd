"""What becomes of a delivery that was not finished, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.command import Risk
from bot.door.recovery import Verdict, ago, believed, verdict

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("risk", "resumed", "acked", "age", "wanted"),
    [
        pytest.param(Risk.READ, False, True, 0, Verdict.ANSWER, id="the usual"),
        pytest.param(Risk.READ, False, False, 0, Verdict.ANSWER, id="a read whose ack was lost harms nobody"),
        pytest.param(Risk.READ, True, False, 899, Verdict.ANSWER, id="a read after a restart"),
        pytest.param(Risk.READ, True, True, 901, Verdict.TOO_OLD, id="an answer about a world that is gone"),
        pytest.param(Risk.DESTRUCTIVE, False, True, 0, Verdict.ANSWER, id="a click taken and acknowledged"),
        pytest.param(Risk.DESTRUCTIVE, False, False, 0, Verdict.CLICK_AGAIN, id="Slack said that the click failed"),
        pytest.param(Risk.DESTRUCTIVE, True, True, 60, Verdict.ANSWER, id="a young click with its ack on record"),
        pytest.param(Risk.DESTRUCTIVE, True, True, 61, Verdict.CLICK_AGAIN, id="an old click"),
        pytest.param(Risk.CHANGE, True, False, 1, Verdict.CLICK_AGAIN, id="a click without an ack on record"),
    ],
)
def test_verdicts(risk, resumed, acked, age, wanted):
    received = NOW - timedelta(seconds=age)
    assert verdict(risk, resumed=resumed, acked=acked, received_at=received, now=NOW) is wanted


@pytest.mark.parametrize("acked", [True, False])
@pytest.mark.parametrize("age", [1, 61])
def test_what_was_begun_is_done_no_second_time(acked, age):
    """Nor is it said that nothing was changed, which nobody knows."""
    when = {"received_at": NOW - timedelta(seconds=age), "now": NOW, "acked": acked, "begun": True}
    assert verdict(Risk.CHANGE, resumed=True, **when) is Verdict.BEGUN
    assert verdict(Risk.READ, resumed=True, **when) is Verdict.ANSWER


@pytest.mark.parametrize(
    ("payload", "unsigned"),
    [
        pytest.param({"command": "/aikeys", "text": "health"}, True, id="a command of before the update"),
        pytest.param({"type": "event_callback", "event": {"type": "app_mention"}}, True, id="a mention"),
        pytest.param({"type": "event_callback", "event": {"type": "reaction_added"}}, False, id="a note"),
        pytest.param({"type": "block_actions"}, False, id="a click"),
        pytest.param({"type": "view_submission"}, False, id="a modal"),
        pytest.param({"type": "block_actions", "command": "/aikeys"}, False, id="a click that says it is a command"),
        pytest.param({"type": None}, False, id="nothing of Slack's"),
        pytest.param(None, False, id="emptied"),
    ],
)
def test_what_is_not_signed_can_ask_and_no_more(payload, unsigned):
    assert believed(payload, signed=None) is unsigned
    assert believed(payload, signed=True)
    assert not believed(payload, signed=False)


@pytest.mark.parametrize(("seconds", "said"), [(-5, "0 s"), (40, "40 s"), (120, "2 min"), (7200, "2 h")])
def test_ages_in_words(seconds, said):
    assert ago(NOW - timedelta(seconds=seconds), NOW) == said
