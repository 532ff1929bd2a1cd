"""A channel that takes no more for now, under Slack's own limits: asked once, the most urgent first, no other waits."""

from dataclasses import replace

import pytest

from bot.post.turns import LATELY, LONGEST, PACE, Turns
from bot.views.blocks import Message
from playground.clock import ManualClock
from playground.slack.faults import RETRY_AFTER
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


async def test_another_channel_is_not_held_up(desk, ops, slack, busy, elsewhere):
    """No time passes; a hundred older letters wait for #ops."""
    for number in range(100):
        desk.outbox.say(f"old{number}", ops, Message(f"old{number}"))
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


class TestChanges:
    """Slack takes 50 a minute of them in all the workspace: while ten cards count, nothing else may wait for them."""

    CARDS = ("a", "b", "c", "d", "e")

    @pytest.fixture(autouse=True)
    async def cards(self, desk, ops, slack):
        """Five cards, changed, and Slack takes no changes for now."""
        for card in self.CARDS:
            desk.outbox.say(card, ops, Message(card))
        desk.outbox.open()
        await slack.until(lambda: len(desk.texts()) == len(self.CARDS))
        await desk.clock.passes(seconds=BURST + 1)
        await slack.faults.set("slack_429", True, only="chat.update")
        for card in self.CARDS:
            desk.outbox.say(card, ops, Message(card.upper()))
        await slack.until(lambda: asked(slack))
        await desk.clock.passes()

    async def test_a_post_does_not_wait_for_them(self, desk, ops, slack):
        desk.outbox.say("new", ops, Message("new"))
        await slack.until(lambda: "new" in desk.texts())
        assert desk.texts() == [*self.CARDS, "new"]

    async def test_one_asks_for_all_and_each_has_its_turn(self, desk, slack):
        begun = asked(slack)
        assert begun <= AT_ONCE
        await desk.clock.passes(seconds=RETRY_AFTER)
        await slack.until(lambda: asked(slack) > begun)
        await desk.clock.passes()
        assert asked(slack) == begun + 1
        await slack.faults.set("slack_429", False)
        await desk.clock.passes(seconds=RETRY_AFTER)
        for changed in range(1, len(self.CARDS) + 1):
            await slack.until(lambda changed=changed: capitals(desk) == changed)
            await desk.clock.passes(seconds=PACE)
        assert asked(slack) == begun + 1 + len(self.CARDS)

    async def test_who_waits_longest_is_next_and_nobody_twice_before(self, desk, ops, slack):
        """A card that changes all the while does not keep the others from their turn."""
        begun = asked(slack)
        await slack.faults.set("slack_429", False)
        await desk.clock.passes(seconds=RETRY_AFTER)
        for changed in range(1, len(self.CARDS) + 1):
            await slack.until(lambda changed=changed: capitals(desk) == changed)
            for card in self.CARDS[:changed]:
                desk.outbox.say(card, ops, Message(f"{card.upper()}{changed}"))
            if changed < len(self.CARDS):
                await desk.clock.passes(seconds=PACE)
        assert asked(slack) == begun + len(self.CARDS)

    async def test_a_p0s_card_is_next(self, desk, ops, slack):
        desk.outbox.say("e", ops, Message("E!"), urgency=Urgency.P0)
        await slack.faults.set("slack_429", False)
        await desk.clock.passes(seconds=RETRY_AFTER)
        await slack.until(lambda: desk.texts() != list(self.CARDS))
        assert desk.texts()[-1] == "E!"


def asked(slack) -> int:
    return len(slack.journal.entries("chat.update"))


def capitals(desk) -> int:
    return sum(1 for text in desk.texts() if text[0].isupper())


class TestByThemselves:
    """Facts in, facts out."""

    @pytest.fixture
    def turns(self, clock):
        return Turns(clock)

    @pytest.mark.parametrize(
        ("said", "believed"), [(3.0, 3.0), (0.0, PACE), (-5.0, PACE), (86_400.0, LONGEST), (1e300, LONGEST)]
    )
    async def test_retry_after_is_believed_for_a_minute(self, turns, clock, letter, said, believed):
        assert turns.limited(letter("C1"), said) == believed
        await clock.passes(seconds=believed - 0.01)
        assert not turns.free(letter("C1", Urgency.P0), [])
        await clock.passes(seconds=0.02)
        assert turns.free(letter("C1"), [])

    async def test_a_place_that_was_long_left_alone_may_burst_again(self, turns, clock, letter):
        turns.limited(letter("C1"), 1.0)
        beside = [letter("C1")]
        await clock.passes(seconds=1.0)
        assert not turns.free(letter("C1"), beside)
        assert turns.free(letter("C1", Urgency.P0), beside)
        assert turns.free(letter("C2"), beside)
        assert turns.free(replace(letter("C1"), state="posted"), beside), "a change goes another way"
        await clock.passes(seconds=LATELY)
        assert turns.free(letter("C1"), beside)
        assert turns.opens() == []

    async def test_it_says_when_the_next_may_go(self, turns, clock, letter):
        turns.begun(letter("C1"))
        assert turns.opens() == [], "a channel that was not limited has no pace"
        turns.limited(letter("C1"), 3.0)
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
