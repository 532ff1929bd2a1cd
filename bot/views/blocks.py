"""The few Block Kit shapes our messages are made of, and the escaping that every outside value goes through.

Limits: docs.slack.dev/reference/block-kit (section text 3,000; header 150; context 10 elements; button text 75).
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Block = dict[str, Any]

_PERSON = re.compile(r"[UW][A-Z0-9]{2,20}")  # an id of Slack's; of a commit's author Uwe only the name is known
# And half a surrogate, which has no UTF-8.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]")
_LIKE = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}  # look-alikes: mrkdwn has no escape for its marks
_MARKS = re.compile(r"[*~`]|(?<![^\W_])_|_(?![^\W_])")  # a _ inside a word marks nothing: CIRCLE_API_KEY can be copied
_HALF = re.compile(r"(?:<[^<>]*|&[a-z]{0,4})\Z")  # a time, a link or an entity that was cut in its middle
_ELLIPSIS = "…"
_OURS = re.compile(
    r"(?<![\w./-])(?:https://)?(status\.supabase\.com|supabase\.com/dashboard(?:/[a-z]+)*)(?![\w-]|\.\w)"
)
# Beside Supabase’s own status page it is theirs; what others write of a dashboard is not.
_BESIDE = re.compile(r"(status\.supabase\.com> and (?:at )?)the dashboard\b")
SECONDS = "{date_short_pretty} {time_secs}"  # for `when`


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text too long for a message. *name* is what it is saved as, with its ending; *title* what people read.

    A file is shown as it is, so it cannot ping or link; what must not leave has to be cut out before.
    """

    name: str
    title: str
    content: str = field(repr=False)
    encoding: str = ""  # base64: of bytes that are no text, a picture

    @property
    def data(self) -> bytes:
        """What is saved."""
        if self.encoding == "base64":
            return base64.b64decode(self.content)
        return self.content.encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Message:
    """What is said: `text` reads well alone (notifications, screen readers); `blocks` is the card.

    *files* are put into its thread, each once by its name: an edit of the message does not bring them again.
    """

    text: str
    blocks: Sequence[Block] = field(default=())
    files: Sequence[TextFile] = field(default=())


def cap(text: str, limit: int) -> str:
    """Return *text*, cut to *limit* characters with an ellipsis as its last."""
    return text if len(text) <= limit else text[: limit - 1] + _ELLIPSIS


def whole_words(text: str, limit: int) -> str:
    """The same, cut between two words where there are two: half a name, CIRCLE_WEBHOOK_SE…, is another name."""
    if len(text) <= limit:
        return text
    at = text.rfind(" ", 0, limit)
    return f"{text[:at].rstrip()}{_ELLIPSIS}" if at > 0 else cap(text, limit)


def heading(title: str) -> str:
    """A title in plain text: nothing in it is markup, and nobody has to trust that."""
    return title.replace("<", "‹").replace(">", "›")


def escape(value: object, limit: int = 300) -> str:
    """Return an outside value that can neither ping, link, style nor reorder what stands around it.

    Slack wants & < > as entities (docs.slack.dev: formatting, escaping text). Control characters, ANSI escapes
    and direction marks become a visible �.
    """
    return _entities(_MARKS.sub(lambda mark: _LIKE[mark[0]], one_line(value, limit)))


def code(value: object, limit: int = 150) -> str:
    """Return an outside value in code style, to be copied as it is; it cannot break out of the marks."""
    return f"`{_entities(one_line(value, limit).replace('`', _LIKE['`'])) or ' '}`"


def one_line(value: object, limit: int) -> str:
    """An outside value for a plain text: one line, its control characters and direction marks visible."""
    return cap(visible(str(value).replace("\r\n", " ").replace("\n", " ").replace("\t", " ")), limit)


def visible(text: str) -> str:
    """*text*, its lines as they are; what cannot be seen, reorders what stands around it or is no UTF-8 is a �."""
    return text if text.isascii() and text.isprintable() else _CONTROL.sub("�", text)


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_card(address: str) -> str:
    """Return a link to the card at *address*, to be put behind its title; nothing without one that can be a link."""
    return f" · <{address}|open the card>" if address and not set(address) & set("<|> ") else ""


def person(user: str) -> str:
    """A person as Slack shows them, the bot by a word; anything else escaped."""
    if user == "bot":
        return "the bot itself"
    return f"<@{user}>" if _PERSON.fullmatch(user) else escape(user or "nobody", 60)


def named(user: str) -> Block:
    """A person as an element of a rich text, which knows no mrkdwn; anything else as plain text."""
    if _PERSON.fullmatch(user):
        return {"type": "user", "user_id": user}
    return {"type": "text", "text": cap(visible(user), 60)}


def when(unix: float, fallback: str, style: str = "{date_short_pretty} {time}") -> str:
    """Return a time that each reader sees in their own zone."""
    return f"<!date^{int(unix)}^{style}|{fallback}>"


def linked(text: str) -> str:
    """Make the two well-known addresses of Supabase's in escaped *text* clickable; nothing else becomes a link."""
    return _BESIDE.sub(r"\1<https://supabase.com/dashboard|the dashboard>", _OURS.sub(r"<https://\1|\1>", text))


def date_and_time(at: datetime) -> str:
    """Return the date and the time, by `when`."""
    return when(at.timestamp(), f"{at:%d %b %H:%M} UTC")


def time_of_day(at: datetime) -> str:
    """Return the time alone, by `when`: of what is today."""
    return when(at.timestamp(), f"{at:%H:%M} UTC", "{time}")


def timed(text: str, at: Sequence[datetime], style: str = "{date_short_pretty} {time}") -> str:
    """*text*, escaped, with each `{at}` in it replaced by the next of *at*, in the reader's own zone."""
    for one in at:
        seconds = f"{one:%d %b %H:%M:%S} UTC" if style == SECONDS else f"{one:%d %b %H:%M} UTC"
        text = text.replace("{at}", when(one.timestamp(), seconds, style), 1)
    return text


def header(text: str) -> Block:
    """A large plain line, 150 characters at most."""
    return {"type": "header", "text": {"type": "plain_text", "text": whole_words(visible(text), 150), "emoji": True}}


def _mrkdwn(text: str, limit: int) -> Block:
    """Markup is what we wrote: an address or a #channel in an outside value does not become a link (verbatim)."""
    if len(text) > limit:
        text = f"{_HALF.sub('', text[: limit - 1])}{_ELLIPSIS}"
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(text: str, *, accessory: Block | None = None) -> Block:
    """A paragraph of mrkdwn, 3,000 characters at most. Values in it must have been escaped."""
    block: Block = {"type": "section", "text": _mrkdwn(text, 3000)}
    if accessory is not None:
        block["accessory"] = accessory
    return block


def fields(texts: Sequence[str]) -> Block:
    """Two columns of short mrkdwn texts, ten at most."""
    return {"type": "section", "fields": [_mrkdwn(text, 2000) for text in texts[:10]]}


def context(*texts: str) -> Block:
    """A small grey line under what it belongs to."""
    return {
        "type": "context",
        "elements": [_mrkdwn(text, 2000) for text in texts[:10]],
    }


def preformatted(text: str) -> Block:
    """Text as it is: in a rich text block nothing is markup."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": visible(text) or " "}]}],
    }


def divider() -> Block:
    """A thin line."""
    return {"type": "divider"}


def actions(*elements: Block, block_id: str | None = None) -> Block:
    """A row of buttons. Of two with one action_id the first: with both Slack would refuse the whole message."""
    kept: dict[str, Block] = {}
    for one in elements:
        kept.setdefault(one["action_id"], one)
    block: Block = {"type": "actions", "elements": list(kept.values())}
    return block if block_id is None else block | {"block_id": block_id}


def button(text: str, action: str, value: str = "", *, style: str | None = None) -> Block:
    """A button. *action* is routed by `bot.router`; *value* is an id, and trusted no further than that."""
    element: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": cap(visible(text), 75), "emoji": True},
        "action_id": f"aikeys:{action}",
    }
    if value:
        element["value"] = cap(value, 2000)
    if style is not None:
        element["style"] = style
    return element


def ask_button(text: str, command: str, *, style: str | None = None) -> Block:
    """A button that asks a reading command, as if the person who clicks had typed it.

    It goes the way of typed text (grammar, role, risk): a forged value can do no more than typing can.
    """
    return button(text, f"ask:{'-'.join(command.split())[:100]}", command, style=style)


def ask_below(text: str, command: str) -> Block:
    """The same, answered in the thread under the message it stands on: that message is needed further."""
    return button(text, f"below:{'-'.join(command.split())[:100]}", command)


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    """What Slack asks before a button is pressed: for `button(…)["confirm"]`. Plain; 100, 300, 30 and 30 characters."""
    words = {"title": cap(title, 100), "text": cap(text, 300), "confirm": cap(yes, 30), "deny": cap(no, 30)}
    return {name: {"type": "plain_text", "text": visible(said)} for name, said in words.items()}
