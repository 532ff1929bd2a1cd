"""A conversation: who says what where, what they see afterwards. No sleeping: waits are for what is seen."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from bot.clock import Clock, SystemClock
from playground.blockkit import check_message
from playground.clock import moving
from playground.slack.workspace import PATIENCE, Workspace

Seen = dict[str, Any]


class Chat:
    """People in the playground's workspace; *clock*: the bot's, where it has one of its own that is moved by hand."""

    def __init__(self, slack: Workspace, clock: Clock | None = None) -> None:
        self.slack = slack
        self._clock = clock or SystemClock()

    async def says(self, who: str, text: str, channel: str = "#ops", thread: str | None = None) -> dict[str, Any]:
        """*who* types *text*; returns what the composer got back."""
        return await self.slack.say(who, channel, text, thread_ts=thread)

    async def clicks(self, who: str, label: str, channel: str = "#ops") -> dict[str, Any]:
        """*who* presses the newest button labelled *label*, as soon as they see one."""
        while not (offered := next(self._offered(who, label, channel), None)):  # gone again: an edit came between
            await moving(self._clock, self.slack.until(lambda: self.offers(who, label, channel)))
        message, element = offered
        return await self.slack.click(
            who,
            channel=channel,
            ts=message["ts"],
            action_id=element["action_id"],
            block_id=element.get("block_id"),
        )

    def offers(self, who: str, label: str, channel: str = "#ops") -> bool:
        """Whether *who* sees such a button now."""
        return any(self._offered(who, label, channel))

    def _offered(self, who: str, label: str, channel: str) -> Iterator[tuple[Seen, dict[str, Any]]]:
        for message in reversed(self.sees(who, channel)):
            for element in _buttons(message):
                if element["text"]["text"] == label:
                    yield message, element

    def sees(self, who: str = "ana", channel: str = "#ops") -> list[Seen]:
        """What *who* sees there, oldest first."""
        return self.slack.messages(channel, who)

    async def until(
        self, wanted: Callable[[Seen], bool] | str, who: str = "ana", channel: str = "#ops", timeout: float = PATIENCE
    ) -> Seen:
        """Wait until *who* sees a message of the bot's that holds the text, or suits *wanted*; return the newest."""
        found: list[Seen] = []

        def there() -> bool:
            found[:] = [one for one in self.sees(who, channel) if one.get("bot_id") and _holds(one, wanted)]
            return bool(found)

        await moving(self._clock, self.slack.until(there, timeout=timeout))
        assert not check_message(found[-1]), check_message(found[-1])
        return found[-1]


def whole(wanted: str) -> Callable[[Seen], bool]:
    """True for a message that holds *wanted* and waits for nobody any more."""
    return lambda message: wanted in words(message) and "Not answered yet" not in words(message)


def verdict(message: Seen) -> bool:
    """A verdict on health, whatever it is: a machine that stands still for two seconds has a database in doubt."""
    return any(word in words(message) for word in ("Healthy", "Degraded"))


def words(message: Seen) -> str:
    """Everything that can be read in a message, the card included."""
    return f"{message.get('text', '')}\n{json.dumps(message.get('blocks', []), ensure_ascii=False)}"


def _holds(message: Seen, wanted: Callable[[Seen], bool] | str) -> bool:
    return wanted in words(message) if isinstance(wanted, str) else wanted(message)


def _buttons(message: Seen) -> list[dict[str, Any]]:
    return [
        element | {"block_id": block.get("block_id")}
        for block in message.get("blocks") or []
        for element in [*block.get("elements", []), block.get("accessory", {})]
        if element.get("type") == "button"
    ]
