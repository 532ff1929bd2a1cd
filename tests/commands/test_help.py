"""/aikeys help, as people ask it."""

import re

from bot.registry import load
from bot.views.help import explained, one
from tests.chat import words


async def test_help_is_private_and_lists_what_i_may_ask(chat):
    """Help answers only who asked, in the runbook's order, with the thread's way of asking."""
    await chat.says("ana", "/aikeys help")
    seen = await chat.until("What you can ask", "ana")
    assert seen["ephemeral"]
    assert "`health`  True health" in words(seen)
    assert "Health Monitoring" in words(seen)
    assert re.search(r"Escalation Procedures[^}]*`incident`[^}]*`incident ack`", words(seen)), (
        "together, in one section"
    )
    assert "@aikeys health" in words(seen)
    assert not [one for one in chat.sees("zoe") if "What you can ask" in words(one)]


async def test_empty_text_is_help(chat):
    """`/aikeys` alone is not an error."""
    await chat.says("zoe", "/aikeys")
    assert (await chat.until("What you can ask", "zoe"))["ephemeral"]


async def test_one_command_is_explained_and_its_examples_can_be_pressed(chat):
    """`help health` has the arguments, the examples, who may, and each example as a button."""
    await chat.says("zoe", "/aikeys help Health")
    seen = words(await chat.until("Examples", "zoe"))
    assert "/aikeys health webhooks" in seen
    assert "One of" in seen
    assert "only looks" in seen
    await chat.says("ana", "/aikeys help deploy")
    assert "the channel sees the request and what becomes of it" in words(await chat.until("Examples", "ana"))
    await chat.clicks("zoe", "health secrets")
    await chat.until("asked `/aikeys health secrets`", "zoe")


async def test_a_typo_is_answered_with_what_was_meant(chat):
    """Nobody has to look up the right spelling."""
    await chat.says("ana", "/aikeys helth")
    assert "Did you mean health?" in words(await chat.until("There is no command", "ana"))
    await chat.says("ana", "/aikeys help helth")
    assert "Did you mean health?" in words(await chat.until("There is no command", "ana"))


async def test_a_word_too_many_is_refused_by_name(chat):
    """No word is dropped: whoever wrote it meant something."""
    await chat.says("ana", "/aikeys help health now")
    assert "“now”" in words(await chat.until("too many", "ana"))


async def test_a_hostile_word_pings_nobody(chat):
    """What is repeated is escaped."""
    await chat.says("ana", "/aikeys <!channel> *bold* <@U0BEN>")
    seen = words(await chat.until("There is no command", "ana"))
    assert "<!channel>" not in seen
    assert "<@U0BEN>" not in seen


async def test_a_guest_is_told_why_not(chat):
    """Guests get a reason, not silence."""
    await chat.says("gus", "/aikeys help", "#general")
    assert "guest" in words(await chat.until("members of this workspace only", "gus", "#general"))


def test_what_has_no_default_shows_none():
    """An empty one would read “Default .”, as if something were missing."""
    shown = [words({"blocks": one(explained(command)).blocks}) for command in load().values()]
    assert [text for text in shown if re.search(r"Default `?\s*`?\.", text)] == []
