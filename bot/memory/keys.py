"""The key of the timeline's hash chain: from the settings, or one made once and kept beside the database."""

import os
import secrets
from pathlib import Path

from bot.errors import AikeysError
from bot.settings import Settings

DATABASE = "aikeys.sqlite"
KEPT = "audit.key"


class NoKey(AikeysError):
    """There is no audit key, and none can be made."""


def database(settings: Settings) -> Path:
    """Return where the database is."""
    return settings.data.expanduser() / DATABASE


def audit_key(settings: Settings, *, make: bool = True) -> bytes:
    """Return the key. Without a setting it lies beside the database, readable for the bot's user alone.

    There it notices damage and careless hands, not somebody who may read the folder: for that the key has to be kept
    elsewhere, by AIKEYS_AUDIT_KEY. Raises NoKey when the file cannot be read, or is not there and *make* is false.
    """
    if settings.audit_key is not None:
        return settings.audit_key.get_secret_value().encode()
    path = settings.data.expanduser() / KEPT
    try:
        if make and not path.exists():
            _make(path)
        key = path.read_text().strip()
    except OSError as error:
        raise NoKey(f"The audit key {path} cannot be read ({error.strerror}). Set AIKEYS_AUDIT_KEY.") from error
    if len(key) < 32:
        raise NoKey(f"The audit key {path} is cut short. Restore it from a backup, or set AIKEYS_AUDIT_KEY.")
    return key.encode()


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written aside and linked into place: of two that start at once one wins, and nobody reads half a key.
    aside = path.with_name(f"{KEPT}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
