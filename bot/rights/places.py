"""Where logs may be shown: the team's own channels, and those of incidents. Elsewhere only in private."""

from collections.abc import Callable
from typing import Any

import structlog

from bot.clients.deadline import within
from bot.clients.slack import Slack, SlackRefused, SlackUncertain
from bot.clock import Clock
from bot.rights.remembered import Remembered
from bot.settings import Settings

log = structlog.get_logger(__name__)

FRESH = 300.0  # seconds it is believed that a channel is the workspace's own
PATIENCE = 3.0  # seconds; a question waits for this
# Slack Connect: shared already, or offered to another workspace (docs.slack.dev, conversation object).
_SHARED = ("is_ext_shared", "is_pending_ext_shared")

_SHARED_WITH = "This channel is shared with another workspace (Slack Connect)."


class _Unknown(Exception):
    """Slack could not be asked, or would not say."""


class Places:
    """Answers for the channels that the settings name, and who reads along in any.

    *ours*: whether the bot itself made a channel for an incident, by its id; a name anybody can give.
    """

    def __init__(self, settings: Settings, slack: Slack, clock: Clock, ours: Callable[[str], bool]) -> None:
        self._ours = ours
        self._own = {one for one in (settings.ops_channel, settings.incident_channel) if one}
        self._slack = slack
        self._clock = clock
        self._shared = Remembered(self._is_shared, clock, fresh=FRESH, last=FRESH, away=(_Unknown,))

    async def why_not(self, channel: str, *, confined: bool = True) -> str:
        """Why an answer is not shown in *channel*, in a sentence; empty where it is.

        *confined*: it quotes logs, statements or people, and stays with the team: what is not known is a no. Any other
        is kept only from a channel that another workspace certainly reads, and that the settings do not name.
        """
        if channel.startswith("D"):
            return ""  # the bot hears direct messages of its own only
        if not confined:
            return "" if channel in self._own or not await self.strangers(channel) else _SHARED_WITH
        if channel not in self._own and not self._ours(channel):
            named = " and ".join(f"<#{one}>" for one in sorted(self._own))
            return f"I show logs in {named} and in direct messages only." if named else "I show logs in private only."
        try:
            shared = (await self._shared.get(channel)).value
        except _Unknown as error:
            return f"Whether this channel is shared with another workspace could not be found out ({error})."
        return f"{_SHARED_WITH[:-1]}, which must not read logs." if shared else ""

    async def strangers(self, channel: str) -> bool | None:
        """Whether another workspace reads along in *channel*, or has been asked to; None where nobody can tell."""
        try:
            return (await self._shared.get(channel)).value
        except _Unknown:
            return None

    async def _is_shared(self, channel: str) -> bool:
        try:
            answer: dict[str, Any] = await within(
                self._clock, PATIENCE, self._slack.call("conversations.info", channel=channel)
            )
        except SlackRefused as error:
            log.warning("places.unknown", channel=channel, error=error.code)
            raise _Unknown(error.code) from error
        except (SlackUncertain, TimeoutError) as error:
            raise _Unknown("Slack did not answer") from error
        found = answer.get("channel")
        if not isinstance(found, dict):
            raise _Unknown("Slack did not say")
        return any(bool(found.get(name)) for name in _SHARED)
