"""What is asked about the logs, as SQL and as the command line that asks it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.logbook.clickhouse import attribute, containing, literal, moment
from bot.logbook.sources import Source
from bot.logbook.span import Span

Level = Literal["error", "warn", "info"]
LINE = 2000  # characters of a message that are fetched: a page of a thousand stays below nine megabytes
_SIZES = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)  # minutes of a bucket
_QUOTES = '"“”„‟«»'  # as bot.grammar.words reads them
_BUCKETS = 20  # points of a chart (docs.slack.dev, data_visualization)


@dataclass(frozen=True, slots=True)
class Function:
    """One edge function: people write the *slug*, logs hold the *id*."""

    slug: str
    id: str


@dataclass(frozen=True, slots=True)
class Question:
    """*level*: this bad and worse. *words*: all of them, anywhere in the message, in any case. *full*: with people."""

    source: Source
    span: Span
    zone: ZoneInfo
    words: tuple[str, ...] = ()
    level: Level = "info"
    function: Function | None = None
    limit: int = 50
    full: bool = False

    @property
    def same(self) -> tuple[object, ...]:
        """Equal where two ask for the same lines to come."""
        return (self.source.word, self.words, self.level, self.function, self.full)

    @property
    def bucket(self) -> timedelta:
        """The piece of time that rows are counted by."""
        minutes = self.span.length / timedelta(minutes=1)
        return timedelta(minutes=next((size for size in _SIZES if minutes / size <= _BUCKETS - 1), _SIZES[-1]))

    def lines(self, piece: Span, most: int, before: tuple[datetime, str] | None = None) -> str:
        """The newest rows of *piece*, *most* of them; *before*: older than this row."""
        keys = "".join(f",\n  {attribute(key)} as {name}" for name, key in self.source.keys.items())
        older = ""
        if before is not None:
            at = moment(before[0])
            older = f"\n  and (timestamp < {at} or (timestamp = {at} and id < {literal(before[1])}))"
        return (
            f"select id, timestamp, {self.source.level} as level,\n"
            f"  substringUTF8(event_message, 1, {LINE}) as message{keys}\n"
            f"from logs\n{self._where(piece)}{older}\n"
            f"order by timestamp desc, id desc limit {most}"
        )

    def counts(self, piece: Span) -> str:
        """How many rows of each level in each bucket."""
        minutes = self.bucket // timedelta(minutes=1)
        return (
            f"select {self.source.level} as level,\n"
            f"  toStartOfInterval(timestamp, interval {minutes} minute) as bucket, count() as n\n"
            f"from logs\n{self._where(piece)}\ngroup by level, bucket order by bucket limit 1000"
        )

    def _where(self, piece: Span) -> str:
        source = self.source
        parts = [
            f"source = {literal(source.table)}",
            f"timestamp >= {moment(piece.start)} and timestamp < {moment(piece.end)}",
        ]
        if self.level == "error":
            parts.append(f"({source.error})")
        elif self.level == "warn":
            parts.append(f"({source.error} or {source.warn})")
        if self.function is not None:
            parts.append(f"{attribute('function_id')} = {literal(self.function.id)}")
        parts += [f"event_message ilike {containing(word)}" for word in self.words]
        return "where " + "\n  and ".join(parts)

    def about(self, span: Span) -> "Question":
        """The same about another time."""
        return replace(self, span=span)

    def command(self, *first: str, span: Span | None = None, level: Level | None = None, lasting: str = "") -> str:
        """The line that asks it. *first*: options that come first; without *span* about the time up to then."""
        parts = ["logs", self.source.word, *first]
        if span is None:
            parts += ["--since", lasting or _lasting(self.span.length)]
        else:
            parts += ["--until", _iso(span.end), "--since", _iso(span.start)]
        if (level or self.level) != "info":
            parts += ["--level", level or self.level]
        if self.function is not None:
            parts += ["--function", self.function.slug]
        if self.limit != 50:
            parts += ["--limit", str(self.limit)]
        if self.full:
            parts.append("--full")
        return " ".join([*parts, *(["--", *map(_quoted, self.words)] if self.words else [])])


def before(span: Span, shown: Sequence[datetime], *, more: bool) -> Span:
    """The time to ask about for what is older than what is *shown* (oldest first) of *span*.

    *more*: there is more in *span* itself; else the time before it. The oldest line is asked for again, since others
    may be of the same moment; not where all are of that one.
    """
    if not shown or not more:
        return Span(span.start - span.length, span.start)
    end = shown[0] + timedelta(microseconds=1) if shown[-1] > shown[0] else shown[0]
    return Span(span.start, end) if end > span.start else Span(span.start - span.length, span.start)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _lasting(length: timedelta) -> str:
    minutes = max(1, round(length / timedelta(minutes=1)))
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def _quoted(word: str) -> str:
    """As a person would have to type it, and as Slack would send it (bot.grammar)."""
    escaped = "".join(f"\\{char}" if char in _QUOTES or char == "\\" else char for char in word)
    return '"' + escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + '"'
