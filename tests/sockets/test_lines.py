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


async def test_a_repeated_event_renews_the_lines_one_by_one_and_not_again_at_once(chat, town, bot):
    """A redelivery for `timeout` means that somebody swallowed the first copy; ten of them cost no more than one."""
    await chat.says("ana", "@aikeys nonsense")
    await chat.until("nonsense")
    first = town.slack.journal.entries("events_api")[-1]["body"]
    sockets = town.slack.sockets
    before, seen = sockets.tickets.issued, []

    def renewed() -> bool:
        seen.append((sockets.tickets.issued - before, len(sockets.open)))
        return bool(seen[-1][0] >= 2)

    repeated = {"accepts": False, "retry_reason": "timeout"}
    await sockets.deliver("events_api", first["payload"], retry_attempt=1, **repeated)
    await town.slack.until(renewed, timeout=WITHIN)
    assert seen[-1][1] >= 3, "the second line is renewed when the first has its new socket"

    await sockets.deliver("events_api", first["payload"], retry_attempt=2, **repeated)
    await answered(chat, "afterrepeat")
    assert sockets.tickets.issued == before + 2


async def test_a_moment_of_invalid_auth_does_not_end_a_line(chat, town, bot):
    """apps.connections.open is refused for a while: the lines go on asking and come back."""
    good, town.slack.tokens.app = town.slack.tokens.app, "xapp-1-A0AIKEYS-1-another"
    await town.slack.faults.set("socket_kill", True)
    await eventually(lambda: bot.sockets.up == 0, WITHIN)

    town.slack.tokens.app = good

    await eventually(lambda: bot.sockets.up == 2, WITHIN)
    await answered(chat, "afterrefusal")
