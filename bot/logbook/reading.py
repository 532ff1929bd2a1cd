"""From a question to a page: asked piece by piece, the newest first, and cleaned before anything else sees it."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from bot.clients.errors import Failure, Source, WrongShape
from bot.clients.supabase import Urgency
from bot.logbook.clickhouse import number, read_moment
from bot.logbook.question import LINE, Level, Question
from bot.logbook.span import Span
from bot.redaction import redact

MOST = 1000  # rows of one answer (Supabase docs, "Querying logs")
_AT_ONCE = 50  # rows that are cleaned in one turn of the loop: some 100 ms where all are made to be slow
_WORD, _BREAKS = 200, " \t\n\"',;&"  # the longest that is looked for at a cut, and what ends one
_LEVELS: Mapping[str, Level] = {"error": "error", "warn": "warn", "info": "info"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it may be shown: *text* holds no secret any more."""

    id: str
    at: datetime
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Counts:
    """All rows of the question: by level, and by (beginning of a bucket, level)."""

    levels: Mapping[Level, int]
    buckets: Mapping[tuple[datetime, Level], int]

    @property
    def all(self) -> int:
        """How many rows there are."""
        return sum(self.levels.values())


@dataclass(frozen=True, slots=True)
class Page:
    """*lines*: oldest first. *counts*: None where they could not be had, and *uncounted* says why."""

    question: Question
    lines: tuple[Line, ...]
    counts: Counts | None
    uncounted: str = ""


class Logs(Protocol):
    """What is needed of bot.clients.supabase. Raises Failure."""

    @property
    def source(self) -> Source:
        """Who is asked."""
        ...

    async def log_rows(
        self, sql: str, start: datetime, end: datetime, *, urgency: Urgency = Urgency.PERSON
    ) -> list[dict[str, Any]]:
        """The rows of one SELECT."""
        ...


async def read(logs: Logs, question: Question, names: "asyncio.Future[Mapping[str, str]]") -> Page:
    """The newest lines and the counts, asked at the same time. *names*: of functions, by id. Raises Failure.

    The lines are the answer; what is known without the counts is shown without them.
    """
    counting = asyncio.ensure_future(_counts(logs, question))
    try:
        rows = await _rows(logs, question)
        lines = await _cleaned(logs, question, rows, await names)
        try:
            return Page(question, tuple(reversed(lines)), await counting)
        except Failure as failure:
            return Page(question, tuple(reversed(lines)), None, f"{failure.what} {failure.do}")
    finally:
        counting.cancel()
        await asyncio.gather(counting, return_exceptions=True)


async def fresh(
    logs: Logs, question: Question, seen: set[str], names: Mapping[str, str], urgency: Urgency = Urgency.FOLLOWER
) -> list[Line]:
    """Lines of *question*'s span whose ids are not in *seen*, which grows by them; oldest first. Raises Failure."""
    rows = await logs.log_rows(
        question.lines(question.span, MOST), question.span.start, question.span.end, urgency=urgency
    )
    new = [row for row in rows if str(row.get("id")) not in seen]
    seen.update(str(row.get("id")) for row in new)
    return list(reversed(await _cleaned(logs, question, new, names)))


async def _cleaned(
    logs: Logs, question: Question, rows: Sequence[dict[str, Any]], names: Mapping[str, str]
) -> list[Line]:
    """`clean`, a few rows at a time: who writes the worst line for it must not keep acks and clicks waiting."""
    found: list[Line] = []
    for at in range(0, len(rows), _AT_ONCE):
        found += clean(logs, question, rows[at : at + _AT_ONCE], names)
        await asyncio.sleep(0)
    return found


def clean(logs: Logs, question: Question, rows: Sequence[dict[str, Any]], names: Mapping[str, str]) -> list[Line]:
    """Rows as lines, without secrets. Raises WrongShape."""
    source = question.source
    try:
        told = [{key: str(row.get(key) or "") for key in source.keys} for row in rows]
        for one in told:
            if source.by_function and "function" in one:
                one["function"] = names.get(one["function"], one["function"][:8])
        texts = [source.says(_whole(str(row.get("message") or "")), one) for row, one in zip(rows, told, strict=True)]
        shown = redact(texts, people=not question.full)
        return [
            Line(str(row["id"]), read_moment(row["timestamp"]), _LEVELS.get(str(row.get("level")), "info"), text)
            for row, text in zip(rows, shown, strict=True)
        ]
    except (KeyError, ValueError) as error:
        raise WrongShape(logs.source, "result", f"a row without {str(error)[:60]}") from None


def _whole(message: str) -> str:
    """Without the word that Supabase has cut off: half a key has no shape to be known by."""
    if len(message) < LINE:
        return message
    end = max(message.rfind(char, len(message) - _WORD) for char in _BREAKS)
    return f"{message[: end + 1] if end >= 0 else message[:-_WORD]}…"


async def _rows(logs: Logs, question: Question) -> list[dict[str, Any]]:
    """The newest first, piece by piece and a thousand at a time, until there are enough."""
    found: list[dict[str, Any]] = []
    for piece in question.span.pieces():
        before = None
        while (left := question.limit - len(found)) > 0:
            most = min(left, MOST)
            rows = await logs.log_rows(question.lines(piece, most, before), piece.start, piece.end)
            found += rows
            if len(rows) < most:
                break
            before = _last(logs, rows[-1])
    return found


def _last(logs: Logs, row: dict[str, Any]) -> tuple[datetime, str]:
    try:
        return read_moment(row["timestamp"]), str(row["id"])
    except (KeyError, ValueError) as error:
        raise WrongShape(logs.source, "result", f"a row without {str(error)[:60]}") from None


async def _counts(logs: Logs, question: Question) -> Counts:
    levels: Counter[Level] = Counter()
    buckets: Counter[tuple[datetime, Level]] = Counter()
    for rows in await asyncio.gather(*(_count(logs, question, piece) for piece in question.span.pieces())):
        for at, level, n in rows:
            levels[level] += n
            buckets[at, level] += n
    return Counts(levels, buckets)


async def _count(logs: Logs, question: Question, piece: Span) -> list[tuple[datetime, Level, int]]:
    rows = await logs.log_rows(question.counts(piece), piece.start, piece.end)
    try:
        return [
            (read_moment(row["bucket"]), _LEVELS.get(str(row["level"]), "info"), int(number(row["n"]))) for row in rows
        ]
    except (KeyError, ValueError) as error:
        raise WrongShape(logs.source, "result", f"a count without {str(error)[:60]}") from None


def extended(page: Page, lines: Sequence[Line], now: datetime) -> Page:
    """*page* with lines that came later; as many as were asked for are kept.

    Looks overlap, and who joins a follower is told what their own page shows already: such lines are left out.
    """
    known = {line.id for line in page.lines}
    first = page.lines[0].at if len(page.lines) >= page.question.limit else page.question.span.start
    lines = [line for line in lines if line.id not in known and line.at >= first]
    if not lines:
        return replace(page, question=page.question.about(Span(page.question.span.start, now)))
    levels: Counter[Level] = Counter(page.counts.levels if page.counts else {})
    buckets: Counter[tuple[datetime, Level]] = Counter(page.counts.buckets if page.counts else {})
    size = int(page.question.bucket.total_seconds())
    for line in lines:
        levels[line.level] += 1
        seconds = int(line.at.timestamp()) // size * size
        buckets[datetime.fromtimestamp(seconds, line.at.tzinfo), line.level] += 1
    kept = sorted([*page.lines, *lines], key=lambda line: (line.at, line.id))[-page.question.limit :]
    question = page.question.about(Span(page.question.span.start, now))
    return Page(question, tuple(kept), Counts(levels, buckets) if page.counts else None, page.uncounted)
