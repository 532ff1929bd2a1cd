"""A page of the logs: how many of what and when, then the lines themselves, the newest last. Pure.

The lines stand where nothing is markup, and hold no secret (bot.redaction). What does not fit is a file in the thread.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.context import Target
from bot.health.words import count
from bot.logbook.question import Level, Question, before
from bot.logbook.reading import Counts, Line, Page
from bot.views.blocks import (
    Block,
    Message,
    TextFile,
    actions,
    ask_button,
    cap,
    code,
    context,
    escape,
    header,
    preformatted,
    section,
    when,
)

_ROOM = 2900  # characters of lines in the message; beyond that it is scrolled past
_VALUE = 2000  # characters of a button's value (docs.slack.dev, button element)
_FEW = 3  # buckets below which a chart shows nothing
_TELLING = 5  # errors from which their course is worth looking at
_LEVELS: tuple[Level, ...] = ("error", "warn", "info")
_WORDS = {"error": ("error", "errors"), "warn": ("warning", "warnings"), "info": ("other line", "other lines")}
EMPTY = "No rows, which is not proof of health: rows come late, and the same question may find some a minute later."


@dataclass(frozen=True, slots=True)
class Shown:
    """*page*: None while it is asked for, or where *failed* (what, and what to do) says why it is not there.

    *following*: lines are still added; *said*: what has become of that. *own*: wrong signatures by own probes.
    """

    target: Target
    question: Question
    page: Page | None = None
    failed: tuple[str, str] | None = None
    following: bool = False
    own: int = 0
    said: str = ""


def show(shown: Shown) -> Message:
    """The card for any state."""
    if shown.page is None:
        return _without_page(shown)
    page, question = shown.page, shown.page.question
    title = _title(page, shown.own)
    blocks: list[Block] = [header(title), context(_where(shown.target, question))]
    blocks += [*_counts(page), *_own(shown.own)]
    inside, whole, all_in = _lines(page, question.zone)
    blocks.append(preformatted(inside) if page.lines else section(EMPTY))
    files = [TextFile(f"{question.source.word}.log", f"{question.source.title}: {len(page.lines)} lines", whole)]
    blocks.append(context(_small(shown, page, all_in=all_in)))
    blocks.append(_buttons(shown, page))
    return Message(text=_text(shown, title), blocks=blocks, files=[] if all_in or shown.following else files)


def _without_page(shown: Shown) -> Message:
    question = shown.question
    if shown.failed is None:
        return Message(f"Asking Supabase for the logs of {question.source.title.lower()}…")
    what, do = shown.failed
    title = f"❓ {question.source.title}: the logs could not be read"
    blocks = [
        header(title),
        context(_where(shown.target, question)),
        section(f"{escape(what, 600)}\n→ {escape(do, 400)}"),
        _row([ask_button("Ask again", question.command())]),
    ]
    return Message(text=f"{title}. {escape(what, 600)} {escape(do, 400)}", blocks=[one for one in blocks if one])


def _title(page: Page, own: int) -> str:
    source = page.question.source.title
    if page.counts is None:
        return f"{source}: {count(len(page.lines), 'line')}"
    if not page.lines and not page.counts.all:
        return f"❓ {source}: no rows"
    errors = page.counts.levels.get("error", 0)
    sign = "⚠️ " if errors > own else ""
    mine = f", {'all' if own >= errors else own} by my own probes" if own and errors else ""
    return f"{sign}{source}: {count(page.counts.all, 'line')}, {count(errors, 'error')}{mine}"


def _own(own: int) -> list[Block]:
    if not own:
        return []
    whose = "1 wrong signature here is" if own == 1 else f"{own} wrong signatures here are"
    return [section(f"{whose} my own: I post an event that is not rightly signed, to see that it is refused. It was.")]


def _where(target: Target, question: Question) -> str:
    span = question.span
    day = span.length > timedelta(hours=20)
    parts = [code(target.ref), f"{_at(span.start, day=True)} to {_at(span.end, day=day)}"]
    if question.function is not None:
        parts.append(f"function {code(question.function.slug)}")
    if question.level != "info":
        parts.append("errors" if question.level == "error" else "warnings and errors")
    if question.words:
        parts.append("holding " + ", ".join(code(word, 60) for word in question.words[:5]))
    return " · ".join(parts)


def _at(at: datetime, *, day: bool) -> str:
    return when(at.timestamp(), f"{at:%d %b %H:%M} UTC", "{date_short_pretty} {time}" if day else "{time}")


def _counts(page: Page) -> list[Block]:
    counts = page.counts
    if counts is None:
        return [context(f"How many there are in all could not be asked: {escape(page.uncounted, 500)}")]
    if not counts.all:
        return []
    said = " · ".join(_count(level, counts) for level in _LEVELS if counts.levels.get(level))
    busiest = max(counts.buckets, key=lambda key: counts.buckets[key])
    errors = {at: n for (at, level), n in counts.buckets.items() if level == "error"}
    worst = max(errors, key=lambda at: errors[at]) if errors else busiest[0]
    size = page.question.bucket // timedelta(minutes=1)
    clock = _stamp(worst, page)
    peak = f"Most errors from {clock}" if errors else f"Most from {clock}"
    number = errors[worst] if errors else sum(n for (at, _), n in counts.buckets.items() if at == worst)
    within = f"{size} min" if size < 60 else f"{size // 60} h"
    words = section(f"{said}\n{peak} on: {number} in {within}.")
    return [words, *_chart(page, counts)]


def _count(level: Level, counts: Counts) -> str:
    number = counts.levels.get(level, 0)
    one, many = _WORDS[level]
    text = f"{number:,} {one if number == 1 else many}"
    return f"*{text}*" if level == "error" else text


def _chart(page: Page, counts: Counts) -> list[Block]:
    """Bars where there is something to see: a chart is taller than all else, and an even stream needs none."""
    size, start = page.question.bucket, page.question.span.start
    seconds = int(size.total_seconds())
    first = datetime.fromtimestamp(int(start.timestamp()) // seconds * seconds, start.tzinfo)
    moments: list[datetime] = []
    while first < page.question.span.end and len(moments) < 20:
        moments.append(first)
        first += size
    groups: dict[str, tuple[Level, ...]] = {"other lines": ("warn", "info"), "errors": ("error",)}
    labels = [_stamp(at, page) for at in moments]
    busy = Counter[datetime]()
    for (at, _), n in counts.buckets.items():
        busy[at] += n
    uneven = max(busy.values()) >= 3 * counts.all / len(moments)
    telling = counts.levels.get("error", 0) >= _TELLING or (counts.all >= 12 and uneven)
    if len(busy) < _FEW or not telling or len(set(labels)) < len(labels):
        return []
    series = [
        {
            "name": name,
            "data": [
                {"label": label, "value": sum(counts.buckets.get((at, level), 0) for level in levels)}
                for at, label in zip(moments, labels, strict=True)
            ],
        }
        for name, levels in groups.items()
    ]
    minutes = seconds // 60
    each = f"{minutes} min" if minutes < 60 else f"{minutes // 60} h"
    chart: Block = {
        "type": "data_visualization",
        "title": f"Lines in each {each}",
        "chart": {"type": "bar", "series": series, "axis_config": {"categories": labels, "y_label": "lines"}},
    }
    return [chart]


def _stamp(at: datetime, page: Page) -> str:
    """A moment of a chart: of the day where it spans more than one."""
    local = at.astimezone(page.question.zone)
    return f"{local:%d %b %H:%M}" if page.question.span.length > timedelta(hours=23) else f"{local:%H:%M}"


def _lines(page: Page, zone: ZoneInfo) -> tuple[str, str, bool]:
    """What fits into the message, from the newest back; all of it; whether all is in the message."""
    days = len({line.at.astimezone(zone).date() for line in page.lines}) > 1
    texts = [_line(line, zone, days=days) for line in page.lines]
    inside: list[str] = []
    room, gathered = _ROOM, _gathered(page.lines, texts)
    for text in reversed(gathered):
        if len(text) + 1 > room:
            if not inside:
                inside.append(cap(text, _ROOM))
            break
        inside.append(text)
        room -= len(text) + 1
    all_in = len(inside) == len(gathered) and (not gathered or inside[-1] == gathered[0])
    return "\n".join(reversed(inside)), "\n".join(texts), all_in


def _gathered(lines: Sequence[Line], texts: Sequence[str]) -> list[str]:
    """Lines that only repeat the one before stand once, with how often they came."""
    found: list[str] = []
    times, first = 0, ""
    for at, line in enumerate(lines):
        again = at > 0 and (line.level, line.text) == (lines[at - 1].level, lines[at - 1].text)
        times, first = (times + 1, first) if again else (1, texts[at])
        if again:
            found[-1] = f"{first}  (×{times}, the last at {texts[at].partition(line.level.upper())[0].strip()})"
        else:
            found.append(first)
    return found


def _line(line: Line, zone: ZoneInfo, *, days: bool) -> str:
    local = line.at.astimezone(zone)
    at = f"{local:%d %b %H:%M:%S}" if days else f"{local:%H:%M:%S}"
    return f"{at} {line.level.upper():<5} {line.text}"


def _small(shown: Shown, page: Page, *, all_in: bool) -> str:
    question, parts = page.question, []
    if page.lines:
        zone = f"{page.lines[-1].at.astimezone(question.zone):%Z}"
        which = "all" if page.counts and page.counts.all == len(page.lines) else "the newest"
        number = f"{which} {len(page.lines):,}"
        if not all_in:
            number += ", as many as fit" if shown.following else " in the file in the thread, here as many as fit"
        parts.append(f"{number}, newest last, times in {escape(zone, 20)}")
        parts.append("people's addresses shown" if question.full else "e-mail and IP addresses hidden")
    if shown.following:
        parts.append("*following*, a look every 10 s for 10 minutes")
    if shown.said:
        parts.append(escape(shown.said, 300))
    return " · ".join(parts) or "Ask about a longer time, or with fewer words."


def _buttons(shown: Shown, page: Page) -> Block:
    question = page.question
    more = len(page.lines) >= question.limit
    older = before(question.span, [line.at for line in page.lines], more=more)
    buttons = [ask_button("Older", question.command(span=older))]
    errors = page.counts.levels.get("error", 0) if page.counts else 0
    if question.level != "error" and page.counts and 0 < errors < page.counts.all:
        buttons.append(ask_button("Only errors", question.command(level="error")))
    if not page.lines:
        buttons.append(ask_button("Last 24 h", question.command(lasting="24h")))
    if shown.following:
        buttons.append(ask_button("Stop following", question.command()))
    else:
        buttons.append(ask_button("Follow", question.command("--follow")))
    return _row(buttons)


def _row(buttons: Sequence[Block]) -> Block:
    """Without those whose question is too long for a button: cut off it would be another one."""
    fitting = [one for one in buttons if len(one.get("value", "")) < _VALUE]
    return actions(*fitting) if fitting else context("Too long for buttons: type it again.")


def _text(shown: Shown, title: str) -> str:
    """What notifications show and screen readers say; no line of the logs, which would lose its frame here."""
    page = shown.page
    words = EMPTY if page is not None and not page.lines else ""
    return " ".join(part for part in (f"{title}.", words, f"Project {escape(shown.target.ref)}.") if part)
