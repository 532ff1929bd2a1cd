"""Encrypting and decrypting a stream with age, in a thread, a block at a time: the memory it takes does not grow.

Beside the team's public keys a dump is encrypted to a key of its own that lives in memory for as long as the check
takes (docs/decisions/0014): so the very file that is kept can be read back and restored without the team's private
key being anywhere near.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any


class Passing:
    """Key of one check: the file is read with it, then it is gone."""

    def __init__(self) -> None:
        from pyrage import x25519  # noqa: PLC0415  # its library costs the start 3 MB, and few need it

        self.identity: Any = x25519.Identity.generate()

    def __repr__(self) -> str:
        return "Passing()"


class _Counted:
    """A file that is hashed and counted as it passes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()
        self.bytes = 0

    def write(self, data: bytes) -> int:
        self._file.write(data)
        self._note(data)
        return len(data)

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._note(data)
        return data

    def flush(self) -> None:
        self._file.flush()

    def _note(self, data: bytes) -> None:
        self.sha256.update(data)
        self.bytes += len(data)


def seal(source: int, target: Path, team: Sequence[str], passing: Passing) -> tuple[str, int]:
    """Encrypt what comes from the descriptor *source* (closed here) into *target*; return its sha256 and size.

    On the disk when this returns. Blocks.
    """
    import pyrage  # noqa: PLC0415  # see Passing

    recipients = [pyrage.x25519.Recipient.from_str(one) for one in team] + [passing.identity.to_public()]
    with os.fdopen(source, "rb", buffering=0) as plain, _new(target) as file:
        counted = _Counted(file)
        pyrage.encrypt_io(plain, counted, recipients)
        file.flush()
        os.fsync(file.fileno())
    return counted.sha256.hexdigest(), counted.bytes


def unseal(source: Path, target: int, passing: Passing) -> str:
    """Decrypt *source* into the descriptor *target* (closed here); return the sha256 of what was read. Blocks."""
    import pyrage  # noqa: PLC0415  # see Passing

    with source.open("rb") as file, os.fdopen(target, "wb", buffering=0) as plain:
        counted = _Counted(file)
        pyrage.decrypt_io(counted, plain, [passing.identity])
    return counted.sha256.hexdigest()


def _new(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
