"""What conversations about deploys have in common: where the cards are, and what really happened."""

from typing import Any

from playground.supabase.project import Project
from tests.chat import Chat, Seen, words

WEBHOOK = "payments-circle-webhook"


class Deploying:
    """Finds the headline, the card, the progress; counts effects in the project."""

    def __init__(self, chat: Chat, project: Project) -> None:
        self.chat = chat
        self.project = project

    @property
    def effects(self) -> list[tuple[str, int]]:
        """Each deploy that took effect: function and version."""
        return [(one.slug, one.version) for one in self.project.state.deploys]

    async def asks(self, line: str = f"deploy {WEBHOOK}", who: str = "ana", channel: str = "#ops") -> Seen:
        """*who* asks; returns the card once its buttons are there."""
        await self.chat.says(who, f"/aikeys {line}", channel)
        return await self.chat.until(has_button("Approve"))

    async def asks_in_vain(self, function: str) -> None:
        """Another request is made and approved while the project is held: who clicks hears by what."""
        await self.chat.says("ana", f"/aikeys deploy {function}")
        card = await self.chat.until(lambda one: has_button("Approve")(one) and function in words(one))
        await self.click("ben", card, "Approve")
        await self.chat.until("Another operation holds the project", "ben")

    async def card(self, text: str, who: str = "ana") -> Seen:
        """The newest message in a thread of #ops that holds *text*."""
        return await self.chat.until(lambda one: _below(one) and text in words(one), who)

    async def ended(self, text: str) -> Seen:
        """The operation's own message with *text*, once it is over: the headline may be edited before it."""
        return await self.chat.until(lambda one: _below(one) and text in words(one) and _over(one))

    async def headline(self, text: str) -> Seen:
        """The newest message of the channel itself that holds *text*."""
        wanted = "Details in the thread"
        return await self.chat.until(lambda one: not _below(one) and wanted in words(one) and text in words(one))

    async def click(self, who: str, card: Seen, label: str, channel: str = "#ops") -> dict[str, Any]:
        """*who* presses *label* on that very card, as it stands now."""
        now = next((one for one in self.chat.sees(who, channel) if one["ts"] == card["ts"]), card)
        button = next(one for one in (*buttons(now), *buttons(card)) if one["text"]["text"] == label)
        return await self.chat.slack.click(
            who, channel=channel, ts=card["ts"], action_id=button["action_id"], block_id=button["block_id"]
        )

    async def diff(self, card: Seen, who: str = "ben") -> dict[str, Any]:
        """The file in the thread of *card*, as *who* sees it."""
        await self.chat.slack.until(lambda: self._files(card, who))
        (file,) = self._files(card, who)
        return file

    def _files(self, card: Seen, who: str) -> list[dict[str, Any]]:
        below = [one for one in self.chat.sees(who) if one.get("thread_ts") == card["thread_ts"]]
        return [file for one in below for file in one.get("files") or []]


def _below(message: Seen) -> bool:
    """True for an answer in a thread; its headline names the thread too, once it has one."""
    return bool(message.get("thread_ts", message["ts"]) != message["ts"])


def _over(message: Seen) -> bool:
    """True for the progress of an operation that is over, by its sign: one that nothing stops has no Cancel either."""
    titles = [block["title"] for block in message.get("blocks") or [] if block["type"] == "plan"]
    return bool(titles) and not titles[0].startswith(("🔧", "❓"))


def buttons(message: Seen) -> list[dict[str, Any]]:
    """Its buttons, each with the block it stands in."""
    return [
        element | {"block_id": block.get("block_id")}
        for block in message.get("blocks") or []
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def has_button(label: str):
    """True for a message with that button."""
    return lambda message: label in [one["text"]["text"] for one in buttons(message)]


async def opened(town, who):
    """The modal in front of *who*, once there is one."""
    await town.slack.until(lambda: town.slack.views(who)["modals"])
    return town.slack.views(who)["modals"][-1]
