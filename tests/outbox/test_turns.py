"""A channel that takes no more for now, under Slack's own limits: asked once, the most urgent first, no other waits."""

import pytest

from bot.post.turns import LATELY, LONGEST, PACE, Turns
from bot.views.blocks import Message
from playground.clock import ManualClock
from playground.slack.limits import BURST
from store.letter import Urgency

USUAL = [f"u{number}" for number in range(12)]
AT_ONCE = 3  # lanes for what is usual


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
def slack(desk):
    """The workspace, its calls under way waited for before time passes."""
    desk.clock.settles = desk.workspace.underway.ended
    return desk.workspace


@pytest.fixture
def elsewhere(slack):
    """The id of another channel of the bot's."""
    return next(one.id for one in slack.state.channels.values() if one.name == "incidents")


@pytest.fixture
async def busy(desk, ops, slack):
    """#ops has taken its burst and takes no more for now; seven letters wait."""
    for text in USUAL:
        desk.outbox.say(text, ops, Message(text))
    desk.outbox.open()
    await slack.until(lambda: refused(slack))
    await desk.clock.passes()
    assert desk.texts() == USUAL[:BURST]


def refused(slack) -> int:
    return sum(1 for one in slack.journal.entries("chat.postMessage") if one["status"] == 429)


async def test_one_letter_a_second_and_not_all_that_wait_ask(desk, slack, busy):
    begun = refused(slack)
    assert begun <= AT_ONCE, "those that were under way together"
    for second in range(1, len(USUAL) - BURST + 1):
        await desk.clock.passes(seconds=PACE)
        await slack.until(lambda second=second: len(desk.texts()) == BURST + second)
    assert refused(slack) == begun, "nobody asked too early again"
    assert desk.texts() == USUAL
    assert not desk.store.outbox.waiting()


@pytest.mark.parametrize("urgency", [Urgency.P0, Urgency.P1])
async def test_the_most_urgent_is_next(desk, ops, slack, busy, urgency):
    desk.outbox.say("hot", ops, Message("hot"), urgency=urgency)
    await desk.clock.passes(seconds=PACE)
    await slack.until(lambda: len(desk.texts()) > BURST)
    assert desk.texts() == [*USUAL[:BURST], "hot"]


async def test_a_p0_does_not_wait_for_our_pace(desk, ops, slack, busy):
    """The channel may take a burst again, and only Slack knows; a usual letter keeps its turn."""
    await desk.clock.passes(seconds=PACE)
    await slack.until(lambda: len(desk.texts()) > BURST)
    slack.limits.off = True
    desk.outbox.say("usual", ops, Message("usual"))
    desk.outbox.say("p0", ops, Message("p0"), urgency=Urgency.P0)
    await slack.until(lambda: "p0" in desk.texts())
    assert len(desk.texts()) == BURST + 2


async def test_an_answer_in_a_thread_that_waits_makes_its_root_as_urgent(desk, ops, slack, busy):
    desk.outbox.say("incident", ops, Message("incident"))
    desk.outbox.say("burns", ops, Message("burns"), under="incident", urgency=Urgency.P0)
    await desk.clock.passes(seconds=PACE)
    await slack.until(lambda: len(desk.texts()) > BURST)
    assert desk.texts()[BURST] == "incident"


async def test_another_channel_is_not_held_up(desk, slack, busy, elsewhere):
    """No time passes; twelve older letters wait for #ops."""
    desk.outbox.say("there", elsewhere, Message("there"))
    await slack.until(lambda: "there" in desk.texts("#incidents"))


async def test_a_letter_that_was_turned_away_is_as_if_it_had_not_been_tried(desk, slack, busy):
    limited = [one for one in (desk.store.outbox.get(text) for text in USUAL) if one.why == "ratelimited"]
    assert limited
    assert {(one.state, one.tries, one.first_try) for one in limited} == {("waiting", 0, None)}
    assert not slack.journal.entries("conversations.history"), "nobody has to look for it"


async def test_what_is_uncertain_stays_so(desk, ops, slack):
    """It may stand there, could not be looked for, and then Slack said 429: it still may appear twice."""
    desk.can_look = False
    desk.make()
    await slack.faults.set("slack_5xx", True)
    desk.outbox.say("a", ops, Message("a"))
    desk.outbox.open()
    await slack.until(lambda: slack.journal.entries("chat.postMessage"))
    await slack.faults.set("slack_5xx", False)
    await slack.faults.set("slack_429", True)
    await desk.clock.passes(seconds=3)
    await slack.until(lambda: refused(slack))
    await desk.clock.passes()
    assert desk.store.outbox.get("a").state == "trying"
    await slack.faults.set("slack_429", False)
    await desk.clock.passes(seconds=4)
    await slack.until(desk.texts)
    assert "may appear twice" in desk.texts()[0]


class TestByThemselves:
    """Facts in, facts out."""

    @pytest.fixture
    def turns(self, clock):
        return Turns(clock)

    @pytest.mark.parametrize(
        ("said", "believed"), [(3.0, 3.0), (0.0, PACE), (-5.0, PACE), (86_400.0, LONGEST), (1e300, LONGEST)]
    )
    async def test_retry_after_is_believed_for_a_minute(self, turns, clock, letter, said, believed):
        assert turns.limited("C1", said) == believed
        await clock.passes(seconds=believed - 0.01)
        assert not turns.free(letter("C1", Urgency.P0), [])
        await clock.passes(seconds=0.02)
        assert turns.free(letter("C1"), [])

    async def test_a_channel_that_was_long_left_alone_may_burst_again(self, turns, clock, letter):
        turns.limited("C1", 1.0)
        beside = [letter("C1")]
        await clock.passes(seconds=1.0)
        assert not turns.free(letter("C1"), beside)
        assert turns.free(letter("C1", Urgency.P0), beside)
        assert turns.free(letter("C2"), beside)
        await clock.passes(seconds=LATELY)
        assert turns.free(letter("C1"), beside)
        assert turns.opens() == []

    async def test_it_says_when_the_next_may_go(self, turns, clock):
        turns.begun("C1")
        assert turns.opens() == [], "a channel that was not limited has no pace"
        turns.limited("C1", 3.0)
        assert turns.opens() == [3.0, PACE]
        await clock.passes(seconds=2.0)
        assert turns.opens() == [1.0]


@pytest.fixture
def letter(desk):
    """A letter to a channel, as the rows have it."""

    def make(channel: str, urgency: Urgency = Urgency.USUAL):
        key = f"{channel}/{urgency}"
        desk.outbox.say(key, channel, Message("x"), urgency=urgency)
        return desk.store.outbox.get(key)

    return make
