"""What conversations about rotations have in common."""

from typing import Any

from playground.supabase.project import Project
from playground.supabase.state import digest
from playground.town import Town
from tests.chat import Chat, Seen, words
from tests.deploys import Deploying, buttons, has_button, opened

KEY, SECRET = "CIRCLE_API_KEY", "CIRCLE_WEBHOOK_SECRET"


class Rotating:
    """Asks, approves, enters; counts what really happened."""

    def __init__(self, chat: Chat, town: Town, project: Project, bot: Any) -> None:
        self.chat, self.town, self.project, self.bot = chat, town, project, bot
        self._deploying = Deploying(chat, project)

    async def asks(self, line: str = "rotate circle") -> Seen:
        """Ana asks; the card once its buttons are there."""
        return await self._deploying.asks(line)

    async def approved(self, line: str = "rotate circle") -> Seen:
        """Ana asks, Ben approves; the card that waits for the values."""
        card = await self.asks(line)
        await self._deploying.click("ben", card, "Approve")
        return await self.chat.until(has_button("Enter new values"))

    async def enters(self, *others: dict[str, Any], **values: str) -> dict[str, Any]:
        """Ana opens the modal and submits *values* by name, and *others* as they are; what Slack answers."""
        await self.chat.clicks("ana", "Enter new values")
        modal = await opened(self.town, "ana")
        given = {f"secret:{name}": {"value": value} for name, value in values.items()}
        return await self.town.slack.submit(
            "ana", modal["id"], given | {block: held for one in others for block, held in one.items()}
        )

    def made(self) -> dict[str, str]:
        """What somebody makes in Circle's dashboard: both, by name."""
        return {KEY: self.project.circle.new_key(), SECRET: self.project.circle.new_secret()}

    async def whole(self, line: str = "rotate circle", **values: str) -> None:
        """Ask, approve, enter."""
        await self.approved(line)
        assert (await self.enters(**(values or self.made()))) == {"ok": True}

    async def said(self, text: str, timeout: float = 20) -> Seen:
        """The newest message in a thread that holds *text*."""
        return await self.chat.until(
            lambda one: one.get("thread_ts", one["ts"]) != one["ts"] and text in words(one), timeout=timeout
        )

    async def click(self, who: str, card: Seen, label: str) -> dict[str, Any]:
        """*who* presses *label* on that very message."""
        return await self._deploying.click(who, card, label)

    def clicks_on_an_old_screen(self, user: str, action: str, value: str) -> None:
        """A button that the card has no more: the click comes down the bot's own socket."""
        payload = {
            "type": "block_actions",
            "trigger_id": "t-old",
            "user": {"id": user, "team_id": "T0AIKEYS"},
            "channel": {"id": "C0OPS"},
            "container": {"type": "message", "message_ts": "1.000001", "channel_id": "C0OPS"},
            "message": {"ts": "1.000001"},
            "actions": [{"action_id": action, "value": value, "type": "button", "block_id": "b"}],
        }
        envelope = {"envelope_id": "e-old", "type": "interactive", "payload": payload}
        self.bot.inbox.arrive(self.bot.sockets.lines[0].current, envelope)

    def live(self, **values: str) -> bool:
        """Whether Supabase has exactly these."""
        return all(digest(self.project.secrets[name]) == digest(value) for name, value in values.items())

    def kinds(self, subject: str) -> list[str]:
        """The kinds of the events of *subject*, in order."""
        return [one.kind for one in self.bot.store.events.of(subject)]


__all__ = ["KEY", "SECRET", "Rotating", "buttons"]
