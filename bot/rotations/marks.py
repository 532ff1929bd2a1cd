"""Digests that may be kept: keyed, so that a weak value cannot be guessed from the bot's file.

The key is made from the token that looks at Supabase: who has that can read the digests themselves. A new token makes
other marks: what was asked for under the old one is then refused as changed, and asked for again.
"""

import hashlib
import hmac

from bot.context import Context


def mark(token: str, digest: str) -> str:
    """A mark of the SHA-256 *digest* (hex): 64 hex digits that say nothing without *token*."""
    key = hashlib.sha256(b"aikeys secret mark\0" + token.encode()).digest()
    return hmac.new(key, digest.lower().encode(), "sha256").hexdigest()


def marked(ctx: Context, digest: str) -> str:
    """The same, with the bot's own token."""
    return mark(ctx.settings.supabase_access_token.get_secret_value(), digest)
