"""All the settings, from the files of their topics. A new one goes into its topic's file."""

from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.settings.about import About
from bot.settings.access import Access
from bot.settings.changing import Changing
from bot.settings.copies import Copies
from bot.settings.emergency import Emergency
from bot.settings.outside import Outside
from bot.settings.people import People
from bot.settings.running import Running
from bot.settings.telling import Telling


class Settings(Running, Copies, Outside, Changing, Emergency, Telling, People, Access):
    """Plain values, read once at start. People read them from the last base to the first: tokens stand first."""

    @property
    def zone(self) -> ZoneInfo:
        """The team's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def tokens(self) -> dict[str, SecretStr]:
        """The tokens for one purpose each, by the name of their setting, as far as they are set."""
        found = {about()[name].env: getattr(self, name) for name in type(self).model_fields if name[:6] == "token_"}
        return {env: token for env, token in found.items() if token is not None}

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secret values that are set: what must never be written anywhere."""
        values: list[Any] = [getattr(self, name) for name in type(self).model_fields]
        return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def about() -> dict[str, About]:
    """Return what people read about each setting, by its attribute's name, in the order of declaration."""
    return {
        name: next(item for item in field.metadata if isinstance(item, About))
        for name, field in Settings.model_fields.items()
    }
