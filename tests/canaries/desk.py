"""Ana and Ben at their desks: they ask, approve, enter and give up, by the buttons that they see."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from playground.slack.errors import ControlError
from playground.town import Town

Json = dict[str, Any]
PRESSES_AGAIN = 10.0  # seconds
PATIENCE = 120.0  # real seconds for anything to show, on a machine that has other work


class Desk:
    """Sees what the bot says, newest last; `forget` before each rotation. *path*: the bot's database, to look into."""

    def __init__(self, town: Town, path: Path) -> None:
        self._town, self._path = town, path
        self._messages: dict[str, Json] = {}
        self._operations: sqlite3.Connection | None = None
        town.slack.backend.feed.listeners.add(self._hear)

    def _hear(self, event: Json, _sees: Any) -> None:
        if event["type"] in ("message", "message_changed") and event["message"].get("bot_id"):
            self._messages.pop(event["message"]["ts"], None)
            self._messages[event["message"]["ts"]] = event["message"]

    def forget(self) -> None:
        """What was said so far is of the past."""
        self._messages.clear()

    async def says(self, who: str, text: str, channel: str = "#ops") -> None:
        """Type it."""
        await self._town.slack.say(who, channel, text)

    def button(self, action: str, value: str = "") -> tuple[Json, Json] | None:
        """The newest message of the channel with that button, and the button; of that *value*, where it matters."""
        for message in reversed([one for one in self._messages.values() if one["channel"] == "C0OPS"]):
            for block in message.get("blocks") or []:
                for element in block.get("elements", []):
                    named = element.get("type") == "button" and element.get("action_id") == action
                    if named and value in ("", element.get("value")):
                        return message, element | {"block_id": block.get("block_id")}
        return None

    async def clicks(self, who: str, action: str) -> str:
        """Press the button once it is there; its value."""
        found = await self.until(lambda: self.button(action))
        message, element = found
        await self._town.slack.click(
            who,
            channel=message["channel"],
            ts=message["ts"],
            action_id=element["action_id"],
            block_id=element["block_id"],
        )
        return str(element.get("value", ""))

    async def hears(self, words: str) -> None:
        """Wait until the bot has said it."""
        await self.until(lambda: any(words in str(one) for one in self._messages.values()))

    async def modal(self, patience: float = PATIENCE) -> Json:
        """Open the modal; what stands in it. A click's trigger lives three seconds: who sees none presses again."""
        async with asyncio.timeout(patience):
            while True:
                await self.clicks("ana", "aikeys:enter")
                with suppress(TimeoutError):
                    await self.until(lambda: self._town.slack.views("ana")["modals"], PRESSES_AGAIN)
                    modals: list[Json] = self._town.slack.views("ana")["modals"]
                    return modals[-1]

    async def submits(self, modal: Json, values: dict[str, str]) -> Json:
        """Submit; what Slack answers."""
        given = {f"secret:{name}": {"value": value} for name, value in values.items()}
        return await self._town.slack.submit("ana", modal["id"], given)

    async def closes(self, modal: Json) -> None:
        """Close it with what was typed in it."""
        await self._town.slack.close("ana", modal["id"])

    async def until(self, look: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """What *look* gives, once it gives something: also what only the bot's own file tells."""
        try:
            async with asyncio.timeout(patience):
                while not (found := look()):  # noqa: ASYNC110  # the file tells nobody that it has changed
                    await asyncio.sleep(0.01)
        except TimeoutError:
            heard = "\n".join(str(one.get("text"))[:200] for one in list(self._messages.values())[-6:])
            raise TimeoutError(f"waited in vain; heard last:\n{heard}") from None
        return found

    def state(self) -> str:
        """Of the newest operation; empty where there is none."""
        if self._operations is None:
            self._operations = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)
        row = self._operations.execute("SELECT number, state FROM operations ORDER BY number DESC LIMIT 1").fetchone()
        return f"{row[0]} {row[1]}" if row else ""

    def close(self) -> None:
        """Look no more."""
        if self._operations is not None:
            self._operations.close()
            self._operations = None

    def close_modals(self) -> None:
        """Nothing stays open in front of Ana."""
        self._town.slack.backend.views.stacks.clear()


__all__ = ["ControlError", "Desk"]
