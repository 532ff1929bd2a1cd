"""What the list of secrets says after the call, what was refused meanwhile, what is to be done by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.operations.steps import NotDone, Unknown
from bot.rotations.checklist import ended, items, owed
from bot.rotations.judging import NEW_SEEN, Live, Seen, last_seen, moved, since, standing
from bot.rotations.marks import mark
from bot.rotations.names import API_KEY, CIRCLE, COMPARE, PROVE, SET, steps
from bot.rotations.part import unanswered
from bot.rotations.refused import told, without
from bot.views.rotation import lost, outcome
from store.operations import Attempt, Operation

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
WELL = Seen("new", "new", "old", NOW, NOW + timedelta(seconds=0.4))


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        pytest.param(WELL, "", id="as it should be: dates have whole seconds"),
        pytest.param(replace(WELL, at=None), "", id="a date is not always told"),
        pytest.param(replace(WELL, now=None), "does not list", id="it is gone"),
        pytest.param(replace(WELL, now="old"), "still has the old digest", id="201, and nothing happened"),
        pytest.param(replace(WELL, now="third"), "neither old nor new", id="somebody else's"),
        pytest.param(replace(WELL, at=NOW - timedelta(seconds=9)), "before the call", id="an older date"),
    ],
)
def test_what_speaks_against_it(seen, words):
    assert words in standing({"A": seen})
    assert bool(words) == bool(standing({"A": seen}))


@pytest.mark.parametrize(
    ("now", "words"),
    [("new", ""), ("old", "has the old digest again: the old value is live again"), ("third", "by somebody else since"),
     (None, "does not list A any more")],
)  # fmt: skip
def test_what_speaks_against_it_once_the_new_digest_was_seen(now, words):
    assert words in since({"A": replace(WELL, now=now)})
    assert bool(words) == bool(since({"A": replace(WELL, now=now)}))


OLD = "NOT PROVEN. " + standing({"A": replace(WELL, now="old")})
DONE, STUCK, BEN = ("done", "", "bot"), ("unknown", OLD, "bot"), ("done", f"over “{OLD}”", "U0BEN")


@pytest.mark.parametrize(
    ("compared", "proved", "live", "words"),
    [
        pytest.param([STUCK], [], Live.OLD, "*the old value was still live*", id="given up"),
        pytest.param([DONE], [("unknown", "no answer", "bot")], Live.NEW, "*not proven*", id="seen, then no answer"),
        pytest.param([("unknown", "no answer", "bot")], [], Live.UNKNOWN, "*not known*", id="never seen"),
        pytest.param([BEN], [], Live.OLD, "*the old value was still live*", id="somebody's word is no look"),
        pytest.param([BEN], [("unknown", f"{NEW_SEEN}. 401", "bot")], Live.NEW, "*not proven*", id="it came after all"),
        pytest.param([DONE], [BEN], Live.OLD, "was said by <@U0BEN>, not shown", id="word for the proof"),
        pytest.param([DONE], [DONE], Live.NEW, "*Proved*", id="proved"),
        pytest.param(
            [DONE], [("not-done", f"It is tried again, after “{OLD}”", "bot"), ("unknown", "no answer", "bot")],
            Live.OLD, "*the old value was still live*", id="asked again in vain",
        ),
    ],
)  # fmt: skip
def test_what_is_said_at_the_end_follows_what_was_seen_last(compared, proved, live, words):
    tries = [Attempt(1, 1, SET, NOW, "done", NOW, {"said": "taken"}, said_by="bot")]
    for step, name, told_ in ((2, COMPARE, compared), (3, PROVE, proved)):
        tries += [Attempt(step, at, name, NOW, got, NOW, {}, why, by) for at, (got, why, by) in enumerate(told_, 1)]
    one = replace(rotation(tries), state="failed", by="U0BEN")
    assert last_seen(one) is live
    assert words in outcome(one)
    assert ("values are set" in outcome(one)) is (live is Live.NEW and "*Proved*" not in outcome(one))


@pytest.mark.parametrize(
    ("outcome_", "detail", "live", "words"),
    [("failed", "400", Live.UNKNOWN, "Nothing was set."), (None, "", Live.UNKNOWN, "were set is *not known*"),
     ("unknown", "", Live.UNKNOWN, "were set is *not known*"), ("done", f"{NEW_SEEN}s.", Live.NEW, "values are set;")],
)  # fmt: skip
def test_of_a_call_whose_fate_is_unknown_it_is_not_said_that_nothing_was_set(outcome_, detail, live, words):
    one = replace(rotation([Attempt(1, 1, SET, NOW, outcome_, NOW, {}, detail, "bot")]), state="failed")
    assert last_seen(one) is live
    assert words in outcome(one)


def test_what_was_to_be_done_by_hand_is_taken_back():
    circle = {"names": CIRCLE}
    assert ended(circle, "pending") == ended(circle, "granted") == ended(circle, "done") == ""
    assert "revoke it" in ended(circle, "denied")
    assert "put the one from before back" in ended(circle, "expired")
    assert "revoke" not in ended(circle, "superseded"), "the newer request may need it"
    assert "secret" not in ended({"names": [API_KEY]}, "withdrawn")
    assert "undo that" in ended(circle | {"undo": {"A": 1}}, "failed")


def test_in_words():
    assert moved({"A": WELL}) == "the digest is ours, set at 12:00:00 UTC"
    assert "not told" in moved({"A": replace(WELL, at=None)})


def test_of_what_was_refused_the_bots_own_is_taken_out():
    times = [NOW, NOW + timedelta(seconds=2), NOW + timedelta(seconds=2.1), NOW + timedelta(minutes=1)]
    left = without(times, [NOW + timedelta(seconds=2.05), NOW + timedelta(hours=1)])
    assert left == [times[0], times[1], times[3]] or left == [times[0], times[2], times[3]]
    assert told(left).number == 3
    assert told([]).words.startswith("none")
    assert len(told([NOW] * 30).lines) == 20


@pytest.mark.parametrize(
    ("per_hour", "words"),
    [(None, "not known"), (0, "*none* may be lost"), (3, "*1* may be lost"), (360, "about 6.0 come in a minute")],
)
def test_what_can_be_lost(per_hour, words):
    assert words in lost(per_hour)


def test_by_hand_the_order_is_circles():
    """A secret of Circle's is made there first; one that the bot makes is put there afterwards."""
    first = [one.text for one in items(CIRCLE, generate=False, back=False)]
    assert [one.by_hand for one in items(CIRCLE, generate=False, back=False)] == [True, True, False, True]
    assert "make a new signing secret" in first[1]
    made = [one.text for one in items(CIRCLE, generate=True, back=False)]
    assert "Enter new values" in made[1]
    assert "that I hand you, sealed" in made[2]
    assert items(("OPENAI_API_KEY",), generate=False, back=False) == ()
    assert len(items(CIRCLE, generate=False, back=True)) == 2


def test_what_is_owed_after_the_proof():
    """The old key still works, and the bot's copy is old; what somebody has called done is owed no more."""
    pinned = {"names": list(CIRCLE), "copy": True}
    key, copy = owed(pinned, ())
    assert key.startswith("revoke the *old* API key")
    assert "AIKEYS_WEBHOOK_SECRET_PATH" in copy
    assert owed(pinned, (4,)) == [copy]
    assert owed(pinned | {"undo": {"A": 1}}, ()) == [copy], "the key of before is the one in use again"
    assert owed({"names": ["OPENAI_API_KEY"], "copy": True}, ()) == []


def test_the_steps_are_those_that_apply():
    assert steps(["OPENAI_API_KEY"], back=False)[1:] == (SET, COMPARE, PROVE)
    assert len(steps(CIRCLE, back=False)) == 8
    assert "Ask Circle whether it knows the new key" in steps([API_KEY], back=True)


def test_a_proof_without_an_answer_is_tried_three_times_then_a_person_decides():
    """Each Ask again is three more; another step's tries do not count."""
    said: list[Attempt] = [Attempt(1, 1, SET, NOW, "done", NOW)]
    for number in range(1, 7):
        said.append(Attempt(2, number, COMPARE, NOW, None, None))
        answer = unanswered(rotation(said))
        if number == 3:
            assert isinstance(answer, Unknown)
            assert "“Compare with what Supabase has” had no answer 3 times" in answer.evidence
            said[-1] = replace(said[-1], outcome="unknown", detail=answer.evidence)
            answer = unanswered(rotation(said))  # Ask again
        assert isinstance(answer, NotDone) is (number < 6)
        said[-1] = replace(said[-1], outcome="not-done", detail=answer.evidence)
    said.append(Attempt(3, 1, PROVE, NOW, None, None))
    assert isinstance(unanswered(rotation(said)), NotDone)


def rotation(attempts):
    return Operation(
        "operation/1", 1, "ref", "rotate", "rotate circle", "U0ANA", NOW, "approval/1", {}, {},
        steps(CIRCLE, back=False), tuple(attempts), "running", NOW,
    )  # fmt: skip


def test_a_mark_says_nothing_without_the_token():
    assert mark("a", "AB") == mark("a", "ab")
    assert mark("a", "ab") != mark("b", "ab")
