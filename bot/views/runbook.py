"""The runbook as people read it: a page, the pages it may be, the contents. Pure.

What must never be run stands first, then the buttons, then the owner's own words: who is in a hurry reads from the top.
"""

import re
from collections.abc import Iterator, Sequence

from bot.runbook.asking import Does, Found
from bot.runbook.reading import Kind, Note, Page, Piece
from bot.runbook.search import Hit
from bot.views.blocks import (
    Block,
    Message,
    actions,
    ask_below,
    ask_button,
    cap,
    code,
    context,
    escape,
    header,
    preformatted,
    section,
)

_SIGN = {Kind.NEVER: "⛔ ", Kind.TODAY: "⚠️ ", Kind.LATER: "⏳ ", Kind.IN_SLACK: ""}
_BEFORE = (Kind.NEVER, Kind.IN_SLACK, Kind.LATER, Kind.TODAY)
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_CODE = re.compile(r"`([^`]+)`")
_MOST_PIECES = 20
_MOST_BUTTONS = 20
_LONGEST = 2800


def show(found: Found) -> Message:
    """Any of the three."""
    if found.page is not None:
        return _page(found, found.page)
    return _hits(found) if found.hits else _contents(found)


def _page(found: Found, page: Page) -> Message:
    path = "" if page.section == page.title else f"{escape(page.section)} › "
    blocks: list[Block] = [header(f"📖 {page.title}"), context(f"{path}the wallet’s runbook · {_target(found)}")]
    for kind in _BEFORE:
        blocks += [section(_note(note)) for note in page.notes if note.kind is kind]
        if kind is Kind.IN_SLACK:
            blocks += _buttons(found.does)
    for piece in page.pieces[:_MOST_PIECES]:
        blocks.append(_piece(piece))
    blocks.append(actions(*_ways(found)))
    return Message(text=_said(found, page), blocks=blocks)


def warning(page: Page) -> list[str]:
    """What must never be run of it, and what to do instead."""
    return [_note(note) for note in page.notes if note.kind is Kind.NEVER]


def _buttons(does: Sequence[Does]) -> list[Block]:
    """What only looks can be pressed; what changes something is typed, and by whom is said."""
    asks = [ask_below(one.line, one.line) for one in does if one.reads][:_MOST_BUTTONS]
    typed = dict.fromkeys((one.name, one.role) for one in does if not one.reads)
    blocks = [actions(*asks)] if asks else []
    if typed:
        named = ", ".join(f"{code(name)} ({escape(role)}s)" for name, role in typed)
        blocks.append(context(f"To be typed, because it changes something: {named}"))
    return blocks


def _hits(found: Found) -> Message:
    title = f"The runbook on “{escape(found.text, 80)}”"
    blocks: list[Block] = [section(f"📖 *{title}*"), context(_target(found))]
    blocks += [section(_hit(hit), accessory=ask_button("Open", f"runbook {hit.page.title}")) for hit in found.hits]
    blocks.append(actions(ask_button("Contents", "runbook")))
    named = "; ".join(escape(hit.page.title) for hit in found.hits)
    return Message(text=f"{title}: {named}.", blocks=blocks)


def _hit(hit: Hit) -> str:
    line = f"\n{_words(hit.line.lstrip('#- '), 160)}" if hit.line else ""
    return f"*{escape(hit.page.title)}*  _{escape(hit.page.section)}_{line}"


def _contents(found: Found) -> Message:
    blocks: list[Block] = [header("📖 The wallet’s runbook"), context(_target(found))]
    if found.nothing:
        blocks.append(section(f"Nothing in it is about “{escape(found.text, 80)}”. This is what there is:"))
    contents = dict(found.contents or {})
    for name, titles in contents.items():
        below = "" if list(titles) == [name] else f"\n{escape(', '.join(titles))}"
        blocks.append(section(f"*{escape(name)}*{below}", accessory=ask_button("Open", f"runbook {name}")))
    blocks.append(context(f"Or with your own words: {code('/aikeys runbook webhook 401')}"))
    begin = f"Nothing in the runbook is about “{escape(found.text, 80)}”. " if found.nothing else ""
    named = ". ".join(
        escape(name) if list(titles) == [name] else f"{escape(name)}: {escape(', '.join(titles))}"
        for name, titles in contents.items()
    )
    return Message(text=f"{begin}The runbook has: {named}.", blocks=blocks)


def _ways(found: Found) -> Iterator[Block]:
    for hit in found.hits:
        yield ask_button(hit.page.title, f"runbook {hit.page.title}")
    yield ask_button("Contents", "runbook")


def _piece(piece: Piece) -> Block:
    if piece.code:
        return preformatted(cap("\n".join(piece.lines), _LONGEST))
    return section(cap("\n".join(_words(_bullet(line), 500) for line in piece.lines), _LONGEST))


def _note(note: Note) -> str:
    return _SIGN[note.kind] + _words(note.text, 1200)


def _bullet(line: str) -> str:
    return re.sub(r"^(\s*)- ", r"\1• ", line.rstrip())


def _words(text: str, limit: int) -> str:
    """Markdown of the runbook as mrkdwn: `code` and **bold** stay, everything else is escaped."""
    parts = _BOLD.split(cap(text, limit))
    return "".join(f"*{_coded(part)}*" if at % 2 else _coded(part) for at, part in enumerate(parts) if part)


def _coded(text: str) -> str:
    return "".join(code(part) if at % 2 else escape(part, 3000) for at, part in enumerate(_CODE.split(text)) if part)


def _said(found: Found, page: Page) -> str:
    """What notifications show and screen readers say."""
    never = " ".join(_plain(note.text) for note in page.notes if note.kind is Kind.NEVER)
    lines = ", ".join(f"/aikeys {escape(one.line)}" for one in found.does)
    later = "" if lines else " No command does it yet."
    return f"Runbook, {escape(page.title)}. {never + ' ' if never else ''}" + (
        f"In Slack: {lines}." if lines else later
    )


def _plain(text: str) -> str:
    return escape(text.replace("**", "").replace("`", ""), 600)


def _target(found: Found) -> str:
    return f"project {code(found.target.ref)}"
