"""Secrets: their names and digests. A value is never read: the API has none to give."""

from pydantic import Field, SecretStr

from bot.clients.supabase.door import Door, Read


class Secret(Read):
    """A secret's name. *digest* is the SHA-256 of its value in hex: guessable for a weak value, so never shown."""

    name: str
    digest: SecretStr = Field(alias="value")
    updated_at: str | None = None


class SecretCalls(Door):
    """Permission: edge_functions_secrets_read."""

    async def secrets(self) -> list[Secret]:
        """The names and digests of all secrets."""
        return await self._get("/secrets", list[Secret])
