"""The two lines to Slack through everything that Slack's side does to them."""

import time

import pytest

from tests.chat import words
from tests.wait import eventually

WITHIN = 15  # seconds: the promise for the wedge and for a silent socket


async def answered(chat, word: str) -> None:
    """A question gets its answer over the lines as they are now."""
    said = await chat.says("ana", f"/aikeys {word}")
    assert said["acked"], said
    assert word in words(await chat.until(word))


async def test_two_lines_are_kept(town, bot):
    assert bot.sockets.up == 2
    assert len(town.slack.sockets.open) == 2


async def test_a_refresh_makes_the_new_socket_before_the_old_one_goes(chat, town, bot):
    """At no moment during a `warning` does Slack see fewer than two sockets."""
    seen: list[int] = []

    def renewed() -> bool:
        seen.append(len(town.slack.sockets.open))
        return len([one for one in town.slack.sockets.open if not one.leaving]) == 2

    await town.slack.faults.set("socket_refresh", True)
    await town.slack.until(renewed, timeout=WITHIN)

    assert min(seen) == 2
    await answered(chat, "afterrefresh")


@pytest.mark.slow
async def test_the_wedge_is_got_out_of(chat, town, bot):
    """After a refresh each next handshake is refused once: a client that keeps its address is deaf for good."""
    await town.slack.faults.set("socket_wedge", True)
    began = time.monotonic()
    before = set(town.slack.sockets.open)
    await town.slack.faults.set("socket_kill", True)

    await eventually(
        lambda: not before & set(town.slack.sockets.open) and bot.sockets.up == 2 and len(town.slack.sockets.open) == 2,
        WITHIN,
    )

    assert time.monotonic() - began < WITHIN
    await answered(chat, "afterwedge")


@pytest.mark.slow
async def test_a_silent_socket_is_noticed_and_replaced(chat, town, bot):
    """Open sockets fall silent without a close frame: no answer to a ping means a new socket."""
    began = time.monotonic()
    await town.slack.faults.set("socket_freeze", True)

    def well() -> bool:
        return bot.sockets.up == 2 and len([one for one in town.slack.sockets.open if not one.frozen]) == 2

    await eventually(well, WITHIN)

    assert time.monotonic() - began < WITHIN
    await answered(chat, "aftersilence")


async def test_a_cut_connection_is_made_again(chat, town, bot):
    before = set(town.slack.sockets.open)
    await town.slack.faults.set("socket_kill", True)

    await eventually(lambda: len(set(town.slack.sockets.open) - before) == 2 and bot.sockets.up == 2, WITHIN)

    await answered(chat, "aftercut")


async def test_a_repeated_event_renews_the_lines(chat, town, bot):
    """A redelivery for `timeout` means that somebody swallowed the first copy."""
    await chat.says("ana", "@aikeys nonsense")
    await chat.until("nonsense")
    first = town.slack.journal.entries("events_api")[-1]["body"]
    before = town.slack.sockets.tickets.issued

    await town.slack.sockets.deliver(
        "events_api", first["payload"], accepts=False, retry_attempt=1, retry_reason="timeout"
    )

    await town.slack.until(lambda: town.slack.sockets.tickets.issued >= before + 2, timeout=WITHIN)


async def test_a_moment_of_invalid_auth_does_not_end_a_line(chat, town, bot):
    """apps.connections.open is refused for a while: the lines go on asking and come back."""
    good, town.slack.tokens.app = town.slack.tokens.app, "xapp-1-A0AIKEYS-1-another"
    await town.slack.faults.set("socket_kill", True)
    await eventually(lambda: bot.sockets.up == 0, WITHIN)

    town.slack.tokens.app = good

    await eventually(lambda: bot.sockets.up == 2, WITHIN)
    await answered(chat, "afterrefusal")
