"""The value of a secret, held so that it is hard to let slip: nothing prints it, copies it or keeps it by accident."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

BEGINS = 8  # hex digits of the digest that may be shown: a whole one lets a short value be guessed


class Gone(RuntimeError):
    """The value was wiped: whoever asks again asks too late."""


class Value:
    """UTF-8 bytes in a buffer of our own, overwritten by `wipe`, at the latest when nobody holds the object any more.

    *digest*: SHA-256 in hex, as Supabase lists it; it stays after the wipe. Show *begins*, its first eight digits.
    *sealed*: it reached us in a box that only the bot can open.

    What this cannot do: the text that was parsed out of Slack's frame, and what httpx and TLS copy on the way out, are
    Python's and freed, not overwritten.
    """

    __slots__ = ("_buffer", "digest", "sealed")

    def __init__(self, plain: bytes | bytearray, *, sealed: bool = False) -> None:
        self._buffer: bytearray | None = bytearray(plain)
        self.digest = hashlib.sha256(plain).hexdigest()
        self.sealed = sealed

    @property
    def begins(self) -> str:
        """The first eight hex digits of the digest: all that may be shown."""
        return self.digest[:BEGINS]

    @contextmanager
    def reveal(self) -> Iterator[bytearray]:
        """Lend a copy of the bytes inside the `with`; it is zeros afterwards. Raises Gone after the wipe.

        `hmac`, `hashlib` and `b"".join` take it as it is. What is made of it (`decode`, `bytes`) is Python's: keep
        that inside, and short.
        """
        if self._buffer is None:
            raise Gone("the value was wiped")
        lent = bytearray(self._buffer)
        try:
            yield lent
        finally:
            _overwrite(lent)

    def wipe(self) -> None:
        """Overwrite the bytes with zeros and let them go. Twice is once."""
        if self._buffer is not None:
            _overwrite(self._buffer)
            self._buffer = None

    def __repr__(self) -> str:
        return "Value(…)"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a value is neither copied nor pickled")

    def __del__(self) -> None:
        if hasattr(self, "_buffer"):
            self.wipe()


def _overwrite(buffer: bytearray) -> None:
    buffer[:] = bytes(len(buffer))  # the same length: overwritten in place, not moved
