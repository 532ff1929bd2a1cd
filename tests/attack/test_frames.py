"""Frames that Slack would never send, down one of the two sockets: it is replaced, and the other answers meanwhile."""

import json
import time
import zlib

import pytest

from bot.door.sockets import HEARTBEAT, SILENT
from playground.slack.socket import frame_bytes
from tests.attack.test_ports import ROOM, resident
from tests.chat import words
from tests.wait import eventually

MOST = 4 * 2**20  # bytes: a message has fewer
SOON = 5  # seconds
PART = b"a" * 65_536


class Two:
    """The two sockets from Slack's side: *sick* gets what is made up, *other* all that Slack sends of its own."""

    def __init__(self, town, bot) -> None:
        self.slack, self.bot = town.slack, bot
        self.sick, self.other = self.slack.sockets.open
        self.sick.leaving = True  # what Slack sends goes to another, as in the ten seconds before it closes one

    def replaced(self) -> bool:
        """True once another stands where the sick one did; the other has been left alone."""
        now = self.slack.sockets.open
        assert self.other in now
        return self.sick not in now and len(now) == 2 and bool(self.bot.sockets.up == 2)


@pytest.fixture
def two(town, bot):
    return Two(town, bot)


async def answered(chat, word: str) -> None:
    assert (await chat.says("ana", f"/aikeys {word}"))["acked"]
    assert word in words(await chat.until(word))


def fragments(count: int) -> bytes:
    """A message that is longer with each of its parts, and has not ended with the last."""
    parts = [
        bytes((0x01 if number == 0 else 0x00, 0x7F)) + len(PART).to_bytes(8, "big") + PART for number in range(count)
    ]
    return b"".join(parts)


def command(word: str) -> bytes:
    said = {"command": "/aikeys", "text": word, "user_id": "U0ANA", "team_id": "T0AIKEYS", "channel_id": "C0OPS"}
    return json.dumps({"envelope_id": word, "type": "slash_commands", "payload": said | {"trigger_id": word}}).encode()


def squeezed(text: bytes) -> bytes:
    """A final text frame with RSV1, its payload deflated (RFC 7692 §7.2.1), as if that had been agreed on."""
    packer = zlib.compressobj(wbits=-15)
    packed = (packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\x00\x00\xff\xff")
    frame = frame_bytes(packed)
    return bytes((frame[0] | 0x40,)) + frame[1:]


@pytest.mark.parametrize(
    "sent",
    [
        frame_bytes(b" " * MOST),
        fragments(MOST // len(PART)),
        squeezed(command("smuggled")),
        squeezed(b" " * (200 * 2**20)),
        b"\xa1\x02hi",
        b"\x83\x02hi",
        b"\x89\x7e\x00\x80" + b"a" * 128,
        frame_bytes(b"\xff\xfe"),
    ],
    ids=["too long", "too long in parts", "compressed", "a bomb", "RSV2", "opcode 3", "a long ping", "no UTF-8"],
)
async def test_a_frame_that_is_none_costs_its_socket_alone(two, chat, sent):
    """Nothing of it is heeded, kept or unpacked."""
    before = resident()
    two.sick.write(sent)
    await answered(chat, "meanwhile")
    await eventually(two.replaced, SOON)
    assert resident() - before < ROOM
    await answered(chat, "afterwards")
    assert "smuggled" not in "".join(map(words, chat.sees()))


async def test_the_longest_message_is_read(two, chat):
    """The limit is not lower than it says; and what is refused above is refused for its form alone."""
    text = command("verylong")
    two.sick.write(frame_bytes(text + b" " * (MOST - 1 - len(text))))
    assert "verylong" in words(await chat.until("verylong"))
    two.sick.write(frame_bytes(command("short")))
    assert "short" in words(await chat.until("short"))
    assert two.sick in two.slack.sockets.open


@pytest.mark.slow
async def test_half_a_frame_that_trickles_in_is_not_waited_for(two, chat):
    """Each byte is a sign of life to who asks only for that: nobody would hear by this socket for twenty minutes.

    A frame that is merely slow is heard, and the other, which is quiet for longer, stays.
    """
    slow = frame_bytes(command("slowly"))
    two.sick.write(slow[:20])
    await answered(chat, "meanwhile")
    two.sick.write(slow[20:])
    await chat.until("slowly")
    two.sick.write(frame_bytes(b" " * 2**20)[:20])

    def trickles() -> bool:
        two.sick.write(b" ")
        return bool(two.replaced())

    began = time.monotonic()
    await eventually(trickles, (SILENT + 1) * HEARTBEAT + SOON)
    assert time.monotonic() - began > 2 * HEARTBEAT, "one look is not enough: it may be the bot that stood still"
    await answered(chat, "afterwards")
