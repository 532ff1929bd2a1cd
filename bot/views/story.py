"""The story of an incident in Slack: a page of it, what was found by words, the list of a month. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.incidents.telling import Told, folded
from bot.views.blocks import (
    Block,
    Message,
    actions,
    ask_button,
    cap,
    code,
    context,
    escape,
    header,
    section,
    when,
)
from bot.views.incident import card
from bot.views.incidents import in_a_line
from bot.views.moments import line
from bot.views.pens import SlackPen
from store.events import Event
from store.incidents import Incident

_ROOM = 2900  # characters of a section, a few less than Slack takes


def told(seen: Told) -> Message:
    """`/aikeys incident show`: the card's facts, then all that happened, row by row."""
    message = card(seen.incident, seen.seen, seen.now)
    buttons = [block for block in message.blocks if block["type"] == "actions"]
    blocks = [block for block in message.blocks if block["type"] != "actions"]
    lines = [_row(one.event, one.at) for one in folded(seen.page.moments)]
    blocks += sections(lines) or [section("Nothing more.")]
    blocks += [context(f"Page {seen.page.number} from the end · a row is corrected by `/aikeys incident note`")] * (
        seen.page.number > 1 or seen.page.more
    )
    number = seen.incident.number
    turn = [ask_button("Earlier", f"incident show {number} {seen.page.number + 1}")] if seen.page.more else []
    if seen.page.number > 1:
        turn.append(ask_button("Later", f"incident show {number} {seen.page.number - 1}"))
    turn.append(ask_button("Export", f"incident export {number}"))
    return Message(text=message.text, blocks=[*blocks[:46], actions(*turn), *buttons])


def found(events: Sequence[Event], words: str) -> Message:
    """`/aikeys timeline`: the newest rows that hold the words, each with what it happened to."""
    title = f"{len(events)} in the timeline" if events else "Nothing in the timeline"
    said = f"{title} for “{escape(words, 100)}”"
    lines = [f"{_row(one, one.at)} · {code(one.subject)}" for one in events]
    blocks: list[Block] = [header(cap(f"🔎 {title}", 150)), *sections(lines)]
    if not events:
        blocks.append(section(f"No row holds all of “{escape(words, 100)}”. Fewer words find more."))
    note = (
        "Newest first. All words must be in a row, in whatever form: rotate finds rotated. The last may be only begun."
    )
    return Message(text=f"{said}.", blocks=[*blocks[:48], context(note)])


def listed(incidents: Sequence[Incident], month: str) -> Message:
    """`/aikeys incident list`: those of a month."""
    title = f"{len(incidents) or 'No'} incident{'s' * (len(incidents) != 1)} in {month}"
    lines = [in_a_line(one) for one in incidents[-60:]]
    more = [context(f"and {len(incidents) - 60} earlier")] if len(incidents) > 60 else []
    note = context("Another month: `/aikeys incident list 2026-10` · figures: `/aikeys stats`")
    return Message(text=f"{title}.", blocks=[header(f"📋 {title}"), *sections(lines), *more, note])


def sections(lines: Sequence[str]) -> list[Block]:
    """As many lines a block as fit, so that none is cut: within a mention or a mark that would show."""
    blocks: list[list[str]] = []
    for one in lines:
        if not blocks or sum(map(len, blocks[-1])) + len(blocks[-1]) + len(one) > _ROOM:
            blocks.append([])
        blocks[-1].append(one)
    return [section("\n".join(block)) for block in blocks]


def _row(event: Event, at: datetime) -> str:
    stamp = when(at.timestamp(), f"{at:%d %b %H:%M:%S} UTC", "{date_num} {time_secs}")
    return f"{stamp} `#{event.id}` {line(event, _Short())}"


class _Short(SlackPen):
    """Of what people wrote, as much as a list has room for."""

    def text(self, value: object, limit: int = 300) -> str:
        return escape(value, min(limit, 250))
