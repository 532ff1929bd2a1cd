"""Looks for thousands of values at once in everything that was written or sent, also encoded, reversed and in pieces.

Each way to write a value is cut into pieces of sixteen bytes, one every eight; every sixteen bytes of a text are held
against all of them at once (numpy, by a hash; then letter by letter). So any 23 bytes in a row of a value are found, in
whatever they stand: a half is found, and so is the end of a line that was cut. What many values have in common, such as
`TEST_API_KEY:`, is no secret and not looked for.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np

PIECE, STRIDE = 16, 8  # bytes that are compared; from one piece to the next
SHORTEST = 48  # characters of a canary: each half has more than is needed to be found
_PART = 8 * 2**20  # bytes looked at together
MAY_BE_SHOWN = 8  # hex digits of a digest
_MIX = np.uint64(0x9E3779B97F4A7C15)  # odd and irregular: a factor that spreads bits (Fibonacci hashing)


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of the canary *number*, written in the way *how*, in *place* at *at*. *around*: what stands before it."""

    number: int
    how: str
    place: str
    at: int
    around: str


def ways(value: str) -> Iterator[tuple[str, bytes]]:
    """Every way to write *value* that is looked for."""
    raw = value.encode()
    yield "plain", raw
    yield "reversed", raw[::-1]
    yield "hex", raw.hex().encode()
    yield "HEX", raw.hex().upper().encode()
    yield "in an address", quote(value, safe="").encode()
    yield "in JSON", json.dumps(value)[1:-1].encode()
    for shift in range(3):  # where it begins in the text that was encoded
        for name, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
            # Without the ends, in which other bytes have a part.
            yield name, encode(b"\0" * shift + raw)[4 if shift else 0 : (len(raw) + shift) // 3 * 4]
    digest = hashlib.sha256(raw)
    yield "digest", digest.hexdigest().encode()[MAY_BE_SHOWN:]
    yield "digest in bytes", digest.digest()


class Canaries:
    """Values to be looked for, numbered from 0. `in_bytes` and `in_files` find what is left of them."""

    def __init__(self, values: Iterable[str]) -> None:
        written: dict[bytes, tuple[int, str] | None] = {}
        for number, value in enumerate(values):
            if len(value) < SHORTEST:
                raise ValueError(f"canary {number} is shorter than {SHORTEST} characters")
            for how, encoded in ways(value):
                for at in range(0, len(encoded) - PIECE + 1, STRIDE):
                    piece = encoded[at : at + PIECE]
                    known = written.setdefault(piece, (number, how))
                    if known is None or known[0] != number:
                        written[piece] = None
        self._written = {piece: known for piece, known in written.items() if known is not None}
        self._hashes = np.sort(_hashes(b"".join(self._written))[::2])

    def in_files(self, paths: Iterable[Path], part: int = _PART) -> Iterator[Found]:
        """Look through files, a part at a time."""
        for path in paths:
            with path.open("rb") as file:
                offset, kept = 0, b""
                while chunk := file.read(part):
                    text = kept + chunk
                    yield from self.in_bytes(text, str(path), offset - len(kept))
                    offset, kept = offset + len(chunk), text[-(PIECE - 1) :]

    def in_bytes(self, text: bytes, place: str, offset: int = 0) -> Iterator[Found]:
        """Look through *text*."""
        if len(text) < PIECE or not len(self._hashes):
            return
        for shift in range(STRIDE):
            hashes = _hashes(text[shift:])
            near = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
            for hit in np.flatnonzero(self._hashes[near] == hashes):
                at = int(hit) * STRIDE + shift
                known = self._written.get(text[at : at + PIECE])
                if known is not None:
                    yield Found(*known, place, offset + at, text[max(0, at - 60) : at].decode("utf-8", "replace"))


def _hashes(text: bytes) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    """One of each sixteen bytes that begin at a multiple of eight."""
    words = np.frombuffer(text, dtype="<u8", count=len(text) // STRIDE).astype(np.uint64)
    mixed: np.ndarray[tuple[int], np.dtype[np.uint64]] = (words[:-1] * _MIX) ^ (words[1:] * _MIX * _MIX)
    return mixed


def files(folder: Path) -> list[Path]:
    """All files under *folder*."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
