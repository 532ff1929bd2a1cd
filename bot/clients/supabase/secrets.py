"""Secrets: their names and digests. A value is never read: the API has none to give."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from pydantic import Field, SecretStr

from bot.clients.supabase.door import Door, Duty, Read, moment

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Secret(Read):
    """A secret's name. *digest* is the SHA-256 of its value in hex: guessable for a weak value, never shown whole."""

    name: str
    digest: SecretStr = Field(alias="value")
    updated_at: str | None = None

    @property
    def begins(self) -> str:
        """The first eight digits of the digest; empty where what came is none: it could be the value itself."""
        digest = self.digest.get_secret_value()
        return digest[:8] if _SHA256.fullmatch(digest) else ""

    @property
    def at(self) -> datetime | None:
        """When it was set last, UTC; None where that is not known."""
        return moment(self.updated_at)


class SecretCalls(Door):
    """Permissions: edge_functions_secrets_read, and edge_functions_secrets_write to set."""

    async def secrets(self) -> list[Secret]:
        """The names and digests of all secrets."""
        return await self._get("/secrets", list[Secret])

    async def set_secrets(self, values: Mapping[str, str]) -> datetime | None:
        """Set all of *values*, by name, in one call: all of them or none. Never repeated here.

        Return when the call went out by Supabase's own clock (the answer's Date), None where it does not say.
        `bodies.may_have_happened` tells which failures leave it open. The values are in this one request's body.
        """
        body = [{"name": name, "value": value} for name, value in values.items()]
        answer = await self._change(Duty.SECRETS, "POST", "/secrets", json=body)
        try:
            answered = parsedate_to_datetime(answer.headers.get("date", ""))
        except ValueError:
            return None
        return answered - timedelta(seconds=answer.seconds) if answered.tzinfo is not None else None
