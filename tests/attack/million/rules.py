"""What Slack would make of what is sent: the judge of the million, from Slack's pages; nothing of the bot's is asked.

docs.slack.dev/messaging/formatting-message-text: in mrkdwn, and in a message's `text`, what stands between < and > is
a command: `@U…` and `#C…` name, `!here`, `!channel`, `!everyone` and `!subteam^S…` wake many, `!date^…` is a time, all
else is a link. The three characters & < > stand as entities where they are meant as themselves. A plain_text object
and the texts of a rich text block are shown as they are. Limits: playground.blockkit, from the same pages.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from playground.blockkit import check_message, check_view
from tests.attack.million.nasty import EVIL_HOST, EVIL_ROOM, EVIL_USER

_COMMAND = re.compile(r"<([^<>]*)>")
_DATE = re.compile(r"!date\^-?\d{1,11}\^[^|^<>]{1,60}\|[^|<>]{1,60}")
_NAMED = re.compile(r"[@#][UWC][A-Z0-9]{2,20}(\|[^<>|]*)?")
_OURS = re.compile(
    r"https://(?:supabase\.com/|status\.supabase\.com|console\.circle\.com|aikeys\.slack\.com/)[^\s<>|]*\|[^<>|]+"
    r"|mailto:support@supabase\.io\|support@supabase\.io|tel:\+34600000000\|\+34 600 000 000"
)
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_TEAM = re.compile(r"!subteam\^S[A-Z0-9]{2,20}")
# Controls but line breaks and tabs, what reorders what stands around it, half a surrogate (it has no UTF-8).
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def markup(text: str) -> Iterator[str]:
    """What is wrong with a text that Slack reads as mrkdwn."""
    if "<" in text or ">" in text:
        for found in _COMMAND.finditer(text):
            yield from _command(found[1])
        left = _COMMAND.sub("", text)
        if "<" in left or any(not line.startswith("> ") for line in left.split("\n") if ">" in line):
            yield "an angle bracket stands there as it is"
    if "&" in text and _AMPERSAND.search(text):
        yield "an ampersand stands there as it is"
    yield from shown(text)


def _command(inside: str) -> Iterator[str]:
    if inside.startswith("!"):
        if not _DATE.fullmatch(inside):
            yield f"it wakes many, or is a command that we never give: <{inside[:60]}>"
    elif inside.startswith(("@", "#")):
        if not _NAMED.fullmatch(inside) or EVIL_USER in inside or EVIL_ROOM in inside:
            yield f"it names whom only their text named: <{inside[:60]}>"
    elif not _OURS.fullmatch(inside) or EVIL_HOST in inside:
        yield f"a link that is none of ours: <{inside[:60]}>"


def shown(text: str) -> Iterator[str]:
    """What is wrong with a text that is shown as it is."""
    if not text.isprintable() and (found := _UNSEEN.search(text)):
        yield f"U+{ord(found[0]):04X} goes out as it is"


def message(text: str, blocks: list[Any]) -> Iterator[str]:
    """What is wrong with a message. *blocks* as they are sent, *text* beside them."""
    yield from markup(text)
    yield from _walked(blocks)
    for problem in check_message({"text": text, "blocks": blocks}):
        yield f"{problem.pointer}: {problem.message}"


def view(one: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a modal or a Home tab."""
    yield from _walked(one)
    for problem in check_view(one):
        yield f"{problem.pointer}: {problem.message}"


def _walked(value: Any) -> Iterator[str]:
    """Every text that is shown somewhere below *value*."""
    if isinstance(value, list | tuple):
        for one in value:
            yield from _walked(one)
    elif isinstance(value, dict):
        kind = value.get("type")
        if kind in ("user", "usergroup", "channel", "broadcast", "link"):  # of a rich text block: names without a mark
            yield f"a rich text block holds a {kind}"
        for name, one in value.items():
            if isinstance(one, str):
                if name == "text" and kind == "mrkdwn":
                    yield from markup(one)
                elif name in ("text", "alt_text", "label", "title", "name"):
                    yield from shown(one)
            else:
                yield from _walked(one)
