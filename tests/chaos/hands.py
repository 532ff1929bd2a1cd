"""What people do with the newest of what they see: press a button, fill in a modal."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from random import Random
from typing import Any

from playground.slack.errors import ControlError
from playground.slack.workspace import Workspace

OPS, INCIDENTS = "C0OPS", "C0INC"
BEHIND = 80  # messages that people look back at
FAR = 5_000  # all of a day: what holds up the rest until somebody presses it is looked for


class NotThere(Exception):
    """No such button, or message, is to be seen."""


class Hands:
    """Of everybody; *chance* says which of several."""

    def __init__(self, slack: Workspace, chance: Random) -> None:
        self.slack = slack
        self.chance = chance

    async def click(self, who: str, button: Mapping[str, Any]) -> None:
        """Press it. Raises ControlError where it has gone meanwhile."""
        await self.slack.click(who, button["channel"], button["ts"], button["action_id"], block_id=button["block_id"])

    def button(self, action: str, channel: str = OPS, behind: int = BEHIND) -> dict[str, Any]:
        """One of the newest buttons of that kind. Raises NotThere where there is none."""
        found = list(islice(self._seen(action, channel, behind), 4))
        if not found:
            raise NotThere
        return self.chance.choice(found)

    def buttons(self, action: str, channel: str = OPS, behind: int = BEHIND) -> list[dict[str, Any]]:
        """All that are not too far up, *behind* messages at most, the newest first."""
        return list(self._seen(action, channel, behind))

    def _seen(self, action: str, channel: str, behind: int) -> Iterator[dict[str, Any]]:
        return (
            {
                "channel": channel,
                "ts": message.ts,
                "action_id": element["action_id"],
                "block_id": block["block_id"],
                "value": str(element.get("value", "")),
            }
            for message in islice(reversed(self.slack.state.timelines[channel].values()), behind)
            for block in message.blocks
            if block["type"] == "actions"
            for element in block["elements"]
            if str(element.get("action_id")).startswith(action)
        )

    async def modal(self, who: str, button: Mapping[str, Any], timeout: float = 1) -> dict[str, Any]:
        """Press it; the modal that it opens. Raises NotThere where none comes."""
        await self.click(who, button)
        try:
            modals = await self.slack.until(lambda: self.slack.views(who)["modals"], timeout=timeout)
        except TimeoutError:
            raise NotThere from None
        top: dict[str, Any] = modals[-1]
        return top

    async def fills(self, who: str, button: Mapping[str, Any], values: dict[str, dict[str, Any]]) -> None:
        """Press it, fill in what opens, submit it; what stays open is closed."""
        try:
            with suppress(NotThere, ControlError):
                await self.slack.submit(who, (await self.modal(who, button))["id"], values)
        finally:
            await self.leaves(who)

    async def leaves(self, who: str) -> None:
        """Close whatever stands in front of *who*."""
        for modal in self.slack.views(who)["modals"]:
            with suppress(ControlError):
                await self.slack.close(who, modal["id"])

    def letters(self, channel: str) -> list[str]:
        """The keys of the bot's newest letters there, the newest first: `incident/7/card`."""
        return [
            str(message.metadata["event_payload"]["key"])
            for message in islice(reversed(self.slack.state.timelines[channel].values()), BEHIND)
            if message.metadata and message.metadata["event_type"] == "aikeys_letter"
        ]
