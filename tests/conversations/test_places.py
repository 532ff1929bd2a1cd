"""Where things are said: channels, threads, DMs, rooms the bot has no seat in; and who may say them."""

import pytest

from tests.chat import verdict, words


async def test_a_mention_in_a_thread_is_answered_in_that_thread(chat, town):
    """Slash commands do not work in threads; @aikeys does."""
    root = await town.slack.say("ana", "#ops", "something is odd")
    await chat.says("ben", "@aikeys health", thread=root["ts"])

    card = await chat.until(verdict)

    assert card["thread_ts"] == root["ts"]


async def test_a_mention_in_the_channel_is_answered_in_a_thread_under_it(chat):
    said = await chat.says("ana", "@aikeys health")

    card = await chat.until(verdict)

    assert card["thread_ts"] == said["ts"]


async def test_a_direct_message_needs_no_slash(chat):
    await chat.says("zoe", "health", channel="@aikeys")

    card = await chat.until(verdict, who="zoe", channel="@zoe")

    assert "thread_ts" not in card


async def test_in_a_room_without_a_seat_only_the_asker_gets_it(chat):
    """The bot is not in #war-room: chat.postMessage says channel_not_found there."""
    await chat.says("ana", "/aikeys health", channel="#war-room")

    card = await chat.until(verdict, channel="#war-room")

    assert card["ephemeral"]
    assert "/invite @aikeys" in words(card)
    assert not [one for one in chat.sees("ben", "#war-room") if one.get("bot_id")]


async def test_zoe_may_look(chat):
    await chat.says("zoe", "/aikeys health")

    await chat.until(verdict, who="zoe")


@pytest.mark.parametrize(("who", "channel", "why"), [("gus", "#ops", "guest"), ("sam", "#partners", "workspace")])
async def test_guests_and_outsiders_are_refused_privately(chat, who, channel, why):
    """They are told why; nobody else sees anything, and nothing is asked."""
    await chat.says(who, "/aikeys health", channel=channel)

    refusal = await chat.until("members of this workspace only", who=who, channel=channel)

    assert refusal["ephemeral"]
    assert why in words(refusal)
    assert not [one for one in chat.sees("ana", channel) if one.get("bot_id")]


async def test_a_typo_is_answered_privately_with_what_was_meant(chat):
    await chat.says("ana", "/aikeys healht")

    refusal = await chat.until("Did you mean")

    assert refusal["ephemeral"]
    assert "health" in words(refusal)


async def test_a_word_too_many_is_refused_by_name_not_dropped(chat):
    await chat.says("ana", "/aikeys health database please")

    assert "please" in words(await chat.until("🚫"))


async def test_hostile_words_come_back_harmless(chat):
    """What was typed is shown escaped: it pings nobody and links nowhere."""
    await chat.says("ana", "/aikeys <!channel> `*x*` <https://evil.example|click>")

    refusal = await chat.until("🚫")

    assert "<!channel>" not in words(refusal)
    assert "<https://evil" not in words(refusal)


async def test_help_is_private_and_filtered(chat):
    await chat.says("zoe", "/aikeys")

    said = await chat.until("health", who="zoe")

    assert said["ephemeral"]


async def test_the_home_tab_shows_the_target(chat, town):
    await town.slack.open_home("ana")

    await town.slack.until(lambda: town.slack.views("ana")["home"])

    assert "emolyyvmvvfjyxbguhyn" in str(town.slack.views("ana")["home"])


@pytest.mark.parametrize("user", ["gus", "sam"])
async def test_the_home_tab_of_who_may_do_nothing_shows_nothing(chat, town, user):
    await town.slack.open_home(user)

    await town.slack.until(lambda: town.slack.views(user)["home"])

    shown = str(town.slack.views(user)["home"])
    assert "members of this workspace only" in shown
    assert "emolyyvmvvfjyxbguhyn" not in shown
    assert "/aikeys" not in shown
