"""A private key in a file that its owner alone may read: the bot's own, and those that people make on their laptops."""

import base64
import os
import secrets
import stat
from pathlib import Path

from bot.errors import AikeysError
from bot.vault import sealing

KEPT = "seal.key"  # the bot's, in AIKEYS_DATA
_HEAD = "aikeys-private-key:v1:"
_MOST = 200  # bytes read of a file


class KeyUnusable(AikeysError):
    """The file of a private key cannot be used; the sentence says why."""


def write(path: Path) -> bytes:
    """Make a key pair, keep the private key in *path*, return the public one. Raises KeyUnusable where there is one."""
    private, public = sealing.keypair()
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        # Written aside and linked into place: of two that start at once one wins, and nobody reads half a key.
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_HEAD.encode() + base64.urlsafe_b64encode(private) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        finally:
            aside.unlink()
    except OSError as error:
        raise KeyUnusable(f"The key {path} cannot be written ({error.strerror}).") from error
    return public


def read(path: Path) -> bytes:
    """Return the private key in *path*. Raises KeyUnusable, also where others may read the file."""
    try:
        with path.open("rb") as file:
            mode, text = stat.S_IMODE(os.fstat(file.fileno()).st_mode), file.read(_MOST).decode("ascii", "replace")
    except OSError as error:
        raise KeyUnusable(f"The key {path} cannot be read ({error.strerror}).") from error
    if mode & 0o077:
        raise KeyUnusable(f"Others may read the key {path}. Take that right away: chmod 600 {path}")
    try:
        private = base64.urlsafe_b64decode(text.strip().removeprefix(_HEAD))
    except ValueError:
        private = b""
    if not text.startswith(_HEAD) or len(private) != sealing.PUBLIC:
        raise KeyUnusable(f"{path} holds no private key of mine, or only a part of one.")
    return private


def own(data: Path) -> bytes:
    """Return the bot's private key in the folder *data*; made there when it is first needed. Raises KeyUnusable."""
    path = data.expanduser() / KEPT
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            write(path)
        except KeyUnusable:
            if not path.exists():  # another process was faster
                raise
    return read(path)
