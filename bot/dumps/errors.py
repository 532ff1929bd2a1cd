"""What can go wrong with a dump."""

from bot.errors import AikeysError


class DumpFailed(AikeysError):
    """It was not made, or is not what it should be: a sentence, and what to do. It never holds a secret or a row."""
