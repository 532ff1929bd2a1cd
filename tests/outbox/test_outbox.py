"""Messages that must not be lost: in order, P0 first, once, whatever Slack does."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.post.letters import later
from bot.post.outbox import Outbox
from bot.views.blocks import Message, section
from playground.clock import ManualClock
from store.letter import Urgency
from tests.store.harness import failing_transaction
from tests.wait import eventually


def note(text: str) -> Message:
    return Message(text=text, blocks=[section(text)])


async def test_says_it_once_and_knows_where(desk, ops):
    desk.outbox.say("a", ops, note("hello"))
    assert desk.outbox.where("a") is None
    desk.outbox.open()
    await desk.sent()
    assert desk.texts() == ["hello"]
    channel, ts = desk.outbox.where("a")
    assert (channel, ts) == (ops, desk.workspace.messages("#ops", "ana")[-1]["ts"])


async def test_said_again_is_edited_in_place(desk, ops):
    desk.outbox.open()
    desk.outbox.say("a", ops, note("running"))
    await desk.sent()
    desk.outbox.say("a", ops, note("done"))
    await desk.sent()
    assert desk.texts() == ["done"]


class TestByHand:
    @pytest.fixture
    def clock(self):
        return ManualClock()

    async def test_changed_twice_is_changed_as_soon_as_slack_may_be_asked(self, desk, ops):
        """A second after the change before, on the dot: not at the next look, which may be a second later."""
        desk.outbox.open()
        for text in ("asked", "running"):
            desk.outbox.say("a", ops, note(text))
            await desk.sent()
        await desk.clock.passes(seconds=0.4)
        desk.outbox.say("a", ops, note("done"))
        await desk.clock.passes(seconds=0.6)
        await desk.sent()
        assert desk.texts() == ["done"]


async def test_changed_before_it_was_posted_is_posted_as_it_is_then(desk, ops):
    desk.outbox.say("a", ops, note("pending"))
    desk.outbox.say("a", ops, note("granted"))
    desk.outbox.open()
    await desk.sent()
    assert desk.texts() == ["granted"]


async def test_a_thread_in_order_under_its_root(desk, ops):
    for number in range(6):
        desk.outbox.say(f"a/{number}", ops, note(f"a{number}"), under="a/0" if number else None)
        desk.outbox.say(f"b/{number}", ops, note(f"b{number}"), under="b/0" if number else None)
    desk.outbox.open()
    await desk.sent()
    seen = [one for one in desk.workspace.messages("#ops", "ana") if one.get("bot_id")]
    for name in "ab":
        _, root = desk.outbox.where(f"{name}/0")
        under = [one["text"] for one in seen if one.get("thread_ts") == root and one["ts"] != root]
        assert under == [f"{name}{number}" for number in range(1, 6)]


async def test_what_is_told_is_told_if_and_only_if_it_is_committed(desk, ops):
    desk.outbox.open()
    with failing_transaction(desk.store):
        desk.outbox.say("a", ops, note("never"))
    desk.outbox.say("b", ops, note("yes"))
    await desk.sent()
    assert desk.texts() == ["yes"]


async def test_p0_first(desk, ops):
    """Also where it stands in a thread behind others: the whole thread is urgent then."""
    for number in range(5):
        desk.outbox.say(f"usual/{number}", ops, note(f"usual{number}"))
    desk.outbox.say("incident", ops, note("incident"), urgency=Urgency.P1)
    desk.outbox.say("incident/2", ops, note("it burns"), under="incident", urgency=Urgency.P0)
    order = []
    while waiting := desk.store.outbox.to_post(desk.clock.now()):
        order.append(waiting[0].key)
        desk.store.outbox.posted(waiting[0], ops, f"1.{len(order)}")
    assert order == ["incident", "incident/2", *(f"usual/{number}" for number in range(5))]


@pytest.mark.parametrize("fault", ["slack_away", "slack_5xx", "slack_429"])
async def test_slack_away_delays_it(desk, ops, fault):
    await desk.workspace.faults.set(fault, True)
    for number in range(4):
        desk.outbox.say(f"a/{number}", ops, note(f"a{number}"), under="a/0" if number else None)
    desk.outbox.open()
    await eventually(lambda: desk.store.outbox.get("a/0").why)
    assert desk.texts() == []
    await desk.workspace.faults.clear()
    await desk.sent(within=20)
    assert desk.texts() == [f"a{number}" for number in range(4)]


async def test_posted_without_a_word_is_found_and_not_posted_again(desk, ops):
    await desk.workspace.faults.set("slack_store_then_drop", True)
    desk.outbox.say("a", ops, note("hello"))
    desk.outbox.open()
    await eventually(desk.texts)
    await eventually(lambda: desk.store.outbox.get("a").why)
    assert desk.store.outbox.get("a").state == "trying"
    await desk.workspace.faults.clear()
    await desk.sent()
    assert desk.texts() == ["hello"]


async def test_the_same_in_a_thread_and_changed_meanwhile(desk, ops):
    desk.outbox.open()
    desk.outbox.say("root", ops, note("root"))
    await desk.sent()
    await desk.workspace.faults.set("slack_store_then_drop", True)
    desk.outbox.say("a", ops, note("running"), under="root")
    await eventually(lambda: desk.store.outbox.get("a").why)
    desk.outbox.say("a", ops, note("done"), under="root")
    await desk.workspace.faults.clear()
    await desk.sent()
    assert desk.texts() == ["root", "done"]


async def test_a_restart_is_a_new_chance(desk, ops):
    """What was put off for long is not waited for again."""
    desk.outbox.say("a", ops, note("hello"))
    desk.store.outbox.put_off(desk.store.outbox.get("a"), desk.clock.now() + timedelta(hours=1), "away")
    desk.make().open()
    await desk.sent()
    assert desk.texts() == ["hello"]


async def test_slack_is_heard_again_and_nothing_waits_for_its_own_next_try(desk, ops):
    """But for what Slack itself has put off."""
    await desk.workspace.faults.set("slack_away", True)
    for name in ("a", "b", "told to wait"):
        desk.outbox.say(name, ops, note(name))
    desk.outbox.open()
    await eventually(lambda: all(desk.store.outbox.get(name).why for name in ("a", "b", "told to wait")))
    await eventually(lambda: not desk.outbox._busy)
    later = desk.clock.now() + timedelta(hours=1)
    for name, why in (("a", "no answer"), ("b", "no answer"), ("told to wait", "Slack answered with ratelimited")):
        desk.store.outbox.put_off(desk.store.outbox.get(name), later, why)
    await desk.workspace.faults.clear()
    desk.outbox.say("c", ops, note("c"))
    await eventually(lambda: desk.store.outbox.waiting() == 1)
    assert sorted(desk.texts()) == ["a", "b", "c"]


async def test_a_p0_knocks_more_often(desk, ops):
    for urgency, longest in ((Urgency.P0, 15), (Urgency.USUAL, 60)):
        desk.outbox.say(f"a/{urgency}", ops, note("hello"), urgency=urgency)
        letter = replace(desk.store.outbox.get(f"a/{urgency}"), tries=9)
        assert longest - 1 < (later(letter, desk.clock) - desk.clock.now()).total_seconds() <= longest


async def test_may_not_look_says_that_it_may_appear_twice(desk, ops):
    desk.can_look = False
    outbox = desk.make()
    await desk.workspace.faults.set("slack_away", True)
    outbox.say("a", ops, note("hello"))
    outbox.open()
    await eventually(lambda: desk.store.outbox.get("a").why)
    await desk.workspace.faults.clear()
    await desk.sent()
    (message,) = [one for one in desk.workspace.messages("#ops", "ana") if one.get("bot_id")]
    assert "may appear twice" in json.dumps(message["blocks"])


async def test_what_can_never_be_posted_holds_up_nobody(desk, ops):
    desk.outbox.say("a", "C0NOWHERE99", note("lost"))
    desk.outbox.say("broken", ops, Message(text="x", blocks=[{"type": "nonsense"}]))
    desk.outbox.say("under it", ops, note("still told"), under="broken")
    desk.outbox.open()
    await desk.sent()
    assert desk.texts() == ["x", "still told"], "a card that Slack does not take is said in words alone"
    assert [desk.store.outbox.get(key).state for key in ("a", "broken", "under it")] == ["failed", "posted", "posted"]
    assert desk.store.outbox.get("a").why == "channel_not_found"


async def test_deleted_by_somebody_is_not_posted_again(desk, ops):
    desk.outbox.open()
    desk.outbox.say("a", ops, note("running"))
    await desk.sent()
    channel, ts = desk.outbox.where("a")
    await desk.slack.call("chat.delete", channel=channel, ts=ts)
    desk.outbox.say("a", ops, note("done"))
    await desk.sent()
    assert desk.texts() == []


async def test_a_direct_message_is_edited_where_slack_put_it(desk):
    ben = desk.workspace.state.user("ben").id
    desk.outbox.open()
    desk.outbox.say("dm", ben, note("please approve"))
    await desk.sent()
    desk.outbox.say("dm", ben, note("approved by Carol"))
    await desk.sent()
    channel, _ = desk.outbox.where("dm")
    assert channel.startswith("D")
    assert [one["text"] for one in desk.workspace.messages(channel, "ben")] == ["approved by Carol"]


async def test_a_storm_of_faults(desk, ops):
    """30 % of calls limited, 10 % failing, 10 % done without a word, restarts: each once, each thread in order."""
    for name, rate in (("slack_429", 0.2), ("slack_5xx", 0.1), ("slack_store_then_drop", 0.1)):
        await desk.workspace.faults.set(name, True, rate=rate)
    desk.workspace.limits.off = True
    for number in range(12):
        for thread in "abc":
            desk.outbox.say(
                f"{thread}/{number}", ops, note(f"{thread}{number}"), under=f"{thread}/0" if number else None
            )

    def fewer_than(count: int) -> bool:
        left = desk.store.outbox.waiting()
        return left < count or not left

    for _ in range(4):
        desk.outbox.open()
        before = desk.store.outbox.waiting()
        await eventually(partial(fewer_than, before - 2), within=30)
        await desk.outbox.close()
        desk.make()
    await desk.workspace.faults.clear()
    desk.outbox.open()
    await desk.sent(within=30)
    for thread in "abc":
        assert [one for one in desk.texts() if one[0] == thread] == [f"{thread}{number}" for number in range(12)]


async def test_what_a_channel_turns_away_goes_elsewhere_with_its_thread(desk, ops):
    """The bot was taken out of a private channel after somebody asked: the card is not lost."""
    told = []
    desk.outbox = Outbox(desk.store, desk.slack, desk.clock, can_look=True, elsewhere=ops)
    desk.outbox.moved = lambda key, channel: told.append((key, channel))
    desk.outbox.say("root", "C0WAR", note("the headline"))
    desk.outbox.say("below", "C0WAR", note("the card"), under="root")
    desk.outbox.open()
    await desk.sent()
    assert desk.texts() == ["the headline", "the card"]
    card = desk.workspace.messages("#ops", "ana")[-1]
    assert card["thread_ts"] == desk.outbox.where("root")[1]
    assert told == [("root", ops)]
    desk.outbox.say("later", "C0WAR", note("the result"), under="root")
    desk.outbox.say("root", "C0WAR", note("the headline, settled"))
    await desk.sent()
    assert desk.texts() == ["the headline, settled", "the card", "the result"]


@pytest.mark.parametrize(("channel", "thread"), [("C0WAR", "1.1"), ("U0NOBODY", None)])
async def test_an_answer_in_a_thread_and_a_direct_message_belong_where_they_are(desk, ops, channel, thread):
    desk.outbox = Outbox(desk.store, desk.slack, desk.clock, can_look=True, elsewhere=ops)
    desk.outbox.say("a", channel, note("for there alone"), thread=thread)
    desk.outbox.open()
    await eventually(lambda: desk.store.outbox.get("a").state == "failed")
    assert desk.texts() == []
