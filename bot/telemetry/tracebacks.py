"""A traceback for the log: where it broke, and what was said of it unless a person's words may be in that.

`KeyError('…')`, `ValueError: …` and a refusal quote what they could not use, which is what somebody typed; the place in
the code is what mends a bug. Errors of the system and our own sentences about outside systems are kept.
"""

import sys
import traceback
from collections.abc import Iterator
from typing import Any

from structlog.typing import EventDict, WrappedLogger

from bot.errors import AikeysError, Refused

_SAID = (OSError, AikeysError, AssertionError, AttributeError, ImportError, NameError, RuntimeError, TypeError)
_QUOTING = (Refused, UnicodeError)
MOST_FRAMES = 30
DEEPEST = 8  # causes of causes


def format_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by `exception`, a text (a structlog processor)."""
    error = _error(event.pop("exc_info", None))
    if error is not None:
        event["exception"] = "\n".join(lines(error))
    return event


def _error(info: Any) -> BaseException | None:
    if isinstance(info, BaseException):
        return info
    if isinstance(info, tuple) and len(info) == 3:
        return info[1] if isinstance(info[1], BaseException) else None
    return sys.exception() if info else None


def lines(error: BaseException, depth: int = DEEPEST) -> Iterator[str]:
    """Yield the traceback, the cause first as Python prints it. Without the values of any variable."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and depth:
        yield from lines(before, depth - 1)
        yield "which led to:"
    for frame in traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]:
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_message(error)}"
    if isinstance(error, BaseExceptionGroup) and depth:
        for number, inside in enumerate(error.exceptions, 1):
            yield f"of which {number}:"
            yield from lines(inside, depth - 1)


def _message(error: BaseException) -> str:
    if isinstance(error, _SAID) and not isinstance(error, _QUOTING):
        return " ".join(str(error).split())[:500]
    return "[not logged]"
