"""What both analytics endpoints answer: rows, or an error of theirs under a status that says all is well."""

from typing import Any

from bot.clients.supabase.door import Read

_SAID = 200  # characters of Supabase's own words that a sentence may quote


class _Wrong(Read):
    """An error as an object; as a text it comes too."""

    message: str = ""


class Told(Read):
    """*result* is null or empty where *error* is set."""

    result: list[dict[str, Any]] | None = None
    error: str | _Wrong | None = None

    @property
    def quote(self) -> str:
        """The error in Supabase's words, to stand behind a sentence of ours; empty where it has none."""
        said = self.error.message if isinstance(self.error, _Wrong) else self.error or ""
        return f": {said[:_SAID]}" if said else ""
