"""Log lines: ANSI, backticks and broken lines around secrets that stand nowhere else; redacted, then drawn as a card.

The door: bot.redaction and the page of the logs. Several lines go through together, as they do there: each is an input.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.context import Target
from bot.logbook.question import Question
from bot.logbook.reading import Counts, Line, Page
from bot.logbook.sources import SOURCES
from bot.logbook.span import Span
from bot.redaction import redact
from bot.views import logs
from bot.views.blocks import Message
from tests.attack.million import canaries, nasty, rules
from tests.attack.million.kind import shorter

Drawn = tuple[
    tuple[str, str, str], ...
]  # lines: what is said, the secret in it as it stands there, what nobody may read
_BEFORE = (" ", '"', "'", "(", "[", "\n", "\x1b[31m", ", ", "; ", "\x1b[1;32m", "\t", "\x00", "`", "<", "*")
_AFTER = (" ", '"', "'", ")", "\n", "\x1b[0m", ",", " \x07", "\r\n", "\t", "`", ">", " ")
_NOON, _EACH = datetime(2026, 11, 26, 12, tzinfo=UTC), 12
_SPAN = Span(_NOON - timedelta(hours=1), _NOON)


@dataclass
class Logs:
    """*redact*: lines as they may be shown; *show*: the card of a page of them."""

    redact: Callable[[Sequence[str]], list[str]] = redact
    show: Callable[[logs.Shown], Message] = logs.show
    name: str = "log lines"
    share: int = 3000

    def draw(self, chance: Random) -> Drawn:
        """Up to a dozen, every third with a secret in it."""
        found = []
        for _ in range(1 + int(chance.random() * (2 * _EACH - 1))):
            line, said, secret = nasty.text(chance)[:2000], "", ""
            if chance.random() < 0.35:
                said, secret = canaries.drawn(chance)
                line += chance.choice(_BEFORE) + said + chance.choice(_AFTER) + nasty.piece(chance)
            found.append((line, said, secret))
        return tuple(found)

    def size(self, drawn: Drawn) -> int:
        """Each line is one."""
        return len(drawn)

    def wrong(self, drawn: Drawn) -> Iterator[str]:
        """As many lines as before, one under the other, without a secret, and a card that wakes nobody."""
        shown = self.redact([line for line, _, _ in drawn])
        if len(shown) != len(drawn):
            yield f"{len(drawn)} lines became {len(shown)}"
        for said, (_, _, secret) in zip(shown, drawn, strict=False):
            if secret and secret in said:
                yield "a planted secret is to be read"
            if "\n" in said and any(not row.startswith("    ") for row in said.split("\n")[1:]):
                yield "a line goes on where another would begin"
            yield from rules.shown(said)
        page = Page(QUESTION, tuple(Line(str(at), _NOON, "error", said) for at, said in enumerate(shown)), _COUNTS)
        message = self.show(logs.Shown(Target("emolyyvmvvfjyxbguhyn"), page.question, page))
        yield from rules.message(message.text, list(message.blocks))
        said = str(message)
        if any(secret and secret in said for _, _, secret in drawn):
            yield "a planted secret is on the card"

    def smaller(self, drawn: Drawn) -> Iterator[Drawn]:
        """One line alone, then shorter ones around the secret."""
        if len(drawn) > 1:
            yield from ((one,) for one in drawn)
            yield from (drawn[: len(drawn) // 2], drawn[len(drawn) // 2 :])
            return
        for line, said, secret in drawn:
            yield from (((less, said, secret),) for less in shorter(line) if said in less)


QUESTION = Question(SOURCES["db"], _SPAN, ZoneInfo("Europe/Madrid"), ("<!here>", "`"))
_COUNTS = Counts({"error": 7, "warn": 1}, {(_NOON - timedelta(minutes=at), "error"): at for at in range(1, 6)})
