"""Why no answer came, found under httpx's, httpcore's and anyio's wrappings."""

import socket
import ssl
from collections.abc import Iterator

from bot.clients.errors import BrokenOff, NameUnknown, NobodyThere, NotProven, NotReached, Source


def unreached(source: Source, failed: BaseException, *, connecting: bool) -> NotReached:
    """Return the leaf for what was raised; *connecting* is true while no connection existed yet."""
    for cause in _causes(failed):
        if isinstance(cause, socket.gaierror):
            return NameUnknown(source)
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NotProven(source, cause.verify_message)
        if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return BrokenOff(source)  # hung up during the handshake: that proves nothing about who it is
        if isinstance(cause, ssl.SSLError):
            return NotProven(source, (cause.reason or "no handshake").replace("_", " ").lower())
        if isinstance(cause, ConnectionResetError | BrokenPipeError | ConnectionAbortedError):
            return BrokenOff(source)
        if connecting and isinstance(cause, OSError) and cause.errno is not None:
            return NobodyThere(source)
    return BrokenOff(source)


def _causes(failed: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [failed]
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = cause.exceptions if isinstance(cause, BaseExceptionGroup) else ()
        waiting += [each for each in (*inner, cause.__context__, cause.__cause__) if each is not None]
