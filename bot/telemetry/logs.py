"""JSON lines to stderr (readable ones on a terminal), with no secret and no message text in them.

`structlog.contextvars.bind_contextvars(interaction=…)` puts the interaction's id on every line of its work.
Each named point is an event of its own, such as `log.debug("inbox.committed", …)`: switched off it costs a few
hundred nanoseconds.
"""

import logging
import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.hide import HIDDEN, hide
from bot.telemetry.tracebacks import format_exception

# What people wrote and what they were told is for the channel, not for a log that more people read.
_TEXTS = frozenset({"text", "blocks", "payload", "body", "message"})
_DEEPEST = 6


def configure(
    level: str = "info",
    extra_processors: Sequence[Processor] = (),
    *,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Set up the process's logs, once, before the first line is logged.

    *level* is a name of `logging`'s; *extra_processors* see every event first, with the event's name in `event`;
    *secrets* are values that must not appear whatever their shape. Raises ValueError for an unknown level.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(f"{level} is not a log level; choose debug, info, warning or error")
    out = sys.stderr if stream is None else stream
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # On a terminal too the traceback is a text before it is hidden: the console's own would show every variable.
    last: list[Processor] = [
        format_exception,
        Hider(secrets),
        structlog.dev.ConsoleRenderer() if out.isatty() else structlog.processors.JSONRenderer(default=str),
    ]
    structlog.configure(
        processors=[*extra_processors, *shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=True,
    )
    _adopt_stdlib(shared, last, out, number)


def _adopt_stdlib(shared: list[Processor], last: list[Processor], out: TextIO, number: int) -> None:
    """Send what libraries log the same way, so that their lines are hidden too."""
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Below warning, the SDKs log whole payloads: never switched on from outside.
    root.setLevel(max(number, logging.WARNING))


class Hider:
    """A processor that hides message texts, known secret values and everything shaped like a secret."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # Longest first: one secret may begin with another. Below 8 characters a value is a word, not a secret.
        self._values = sorted({value for value in secrets if len(value) >= 8}, key=len, reverse=True)

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Return *event* as it may be written."""
        return {key: self._shown(key, value) for key, value in event.items()}

    def _shown(self, key: str, value: Any) -> Any:
        if key in _TEXTS:
            size = len(value) if isinstance(value, str | bytes | list | tuple | dict) else None
            return f"[not logged, {size} long]" if size is not None else "[not logged]"
        return self._clean(value, _DEEPEST)

    def _clean(self, value: Any, depth: int) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if depth == 0:
            return "[too deep]"
        if isinstance(value, dict):
            return {self._text(str(key)): self._shown_inside(str(key), item, depth) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(item, depth - 1) for item in value]
        return self._text(value if isinstance(value, str) else _plain(value))

    def _shown_inside(self, key: str, value: Any, depth: int) -> Any:
        return self._shown(key, None) if key in _TEXTS else self._clean(value, depth - 1)

    def _text(self, text: str) -> str:
        for value in self._values:
            text = text.replace(value, HIDDEN)
        return hide(text)


def _plain(value: object) -> str:
    try:
        return str(value)
    except Exception as error:  # noqa: BLE001  # a line is logged even about an object whose __str__ is broken
        return f"[{type(value).__name__} without text: {type(error).__name__}]"
