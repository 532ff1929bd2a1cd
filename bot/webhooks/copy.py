"""The bot's own copy of the signing secret: optional, read from a file at each use, and held against what is live.

"My copy is old" is an answer, not an alarm: the wallet then still works, and only this proof does not.
"""

import asyncio
import hashlib
import hmac
import os
import stat
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.clients.errors import Failure
from bot.clients.supabase import Secret
from bot.context import Context
from bot.health.expected import WEBHOOK_SECRET

LARGEST = 24_576  # bytes: the longest secret that Supabase takes


@dataclass(frozen=True, slots=True)
class Copy:
    """*secret*: the copy, where it is the one that is live; else None, and *why* says so in a sentence."""

    secret: SecretStr | None
    why: str = ""


async def fresh(ctx: Context) -> Copy:
    """The copy, if there is one and it is the live one. Raises nothing: what cannot be known is a reason."""
    path = ctx.settings.webhook_secret_path
    if path is None:
        return Copy(None, "I hold no copy of the signing secret (AIKEYS_WEBHOOK_SECRET_PATH).")
    return await held(path, ctx.supabase.secrets)


async def held(path: Path, secrets: Callable[[], Awaitable[Sequence[Secret]]]) -> Copy:
    """The copy in the file *path*, held against what *secrets* lists as live. Raises nothing."""
    try:
        secret = await asyncio.to_thread(_read, path)
    except OSError as error:
        return Copy(None, f"The file of AIKEYS_WEBHOOK_SECRET_PATH cannot be read ({error.strerror}).")
    except ValueError as error:
        return Copy(None, f"The file of AIKEYS_WEBHOOK_SECRET_PATH {error}.")
    try:
        listed = await secrets()
    except Failure as failure:
        return Copy(None, f"Whether my copy of the signing secret is the live one cannot be told. {failure.what}")
    live = next((one.digest.get_secret_value() for one in listed if one.name == WEBHOOK_SECRET), None)
    if live is None:
        return Copy(None, f"{WEBHOOK_SECRET} is not set in Supabase, so nothing can be rightly signed.")
    mine = hashlib.sha256(secret.get_secret_value().encode()).hexdigest()
    if not hmac.compare_digest(mine, live.lower()):
        return Copy(None, "My copy of the signing secret is old: the live one was changed after it.")
    return Copy(secret)


def _read(path: Path) -> SecretStr:
    # Not to wait where somebody has put a pipe in its place: nobody would write, and the thread would be gone for good.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise ValueError("is no ordinary file")
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValueError("is too large to be a secret")
    try:
        text = content.decode().strip()
    except UnicodeDecodeError:
        raise ValueError("is not text") from None
    if not text:
        raise ValueError("is empty")
    return SecretStr(text)
