"""The files of one answer, each put into its thread once, or a sentence about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from bot.clients.slack import Slack, SlackAway, SlackRefused, SlackUncertain
from bot.clients.slack_files import SETTLES, hand_over, share, stands
from bot.clock import Clock
from bot.context import Caller
from bot.views import files as say
from bot.views.blocks import TextFile

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Attaching:
    """Knows what was put where. *unsure*: an earlier run may have put them already."""

    slack: Slack
    clock: Clock
    caller: Caller
    can_look: bool
    unsure: bool
    _settled: set[str] = field(default_factory=set)
    _fate_unknown: set[str] = field(default_factory=set)
    _mine: tuple[str, str] | None = None  # the asker's direct message, once something was said there

    def left(self, files: Sequence[TextFile]) -> list[TextFile]:
        """Those that are neither there nor refused."""
        return [file for file in files if file.name not in self._settled]

    async def put(self, files: Sequence[TextFile], channel: str, thread: str) -> list[str]:
        """Put those that are left into *thread*; return the sentences to be said of what is not there.

        Where the bot is no member they go to the asker. Raises SlackUncertain: call it again.
        """
        notes = []
        for file in self.left(files):
            try:
                await self._put(file, channel, thread)
            except SlackRefused as error:
                log.warning("file.refused", reason=error.code)
                notes.append(await self._instead(file, error.code))
            self._settled.add(file.name)
        return notes

    async def put_privately(self, files: Sequence[TextFile]) -> list[str]:
        """The same, in a direct message to the asker."""
        notes = []
        for file in self.left(files):
            try:
                await self._to_the_asker(file)
            except SlackRefused as error:
                notes.append(say.missing(file, error.code))
            self._settled.add(file.name)
        return notes

    async def _instead(self, file: TextFile, code: str) -> str:
        if code in say.OUTSIDE:
            try:
                await self._to_the_asker(file)
            except SlackRefused as error:
                return say.missing(file, error.code)
            return say.elsewhere(file, code)
        return say.missing(file, code)

    async def _to_the_asker(self, file: TextFile) -> None:
        if self._mine is None:
            posted = await self.slack.call("chat.postMessage", channel=self.caller.user, text=say.privately(file))
            self._mine = str(posted["channel"]), str(posted["ts"])
        await self._put(file, *self._mine)

    async def _put(self, file: TextFile, channel: str, thread: str) -> None:
        comment = ""
        if self.unsure or file.name in self._fate_unknown:
            there = await self._there(file, channel, thread)
            if there:
                return
            comment = say.TWICE if there is None else ""
        file_id = await hand_over(self.slack, file.name, file.data)
        try:
            await share(self.slack, file_id, file.title, channel, thread, comment)
        except SlackUncertain as error:
            if not isinstance(error, SlackAway):
                self._fate_unknown.add(file.name)
            raise
        self._fate_unknown.discard(file.name)

    async def _there(self, file: TextFile, channel: str, thread: str) -> bool | None:
        """True, False, or None where the bot may not look. Raises SlackUncertain."""
        if not self.can_look:
            await self.slack.call("auth.test")  # a second blind try only once Slack answers again
            return None
        await self.clock.sleep(SETTLES)
        wanted = (file.name, file.title)
        try:
            return await stands(
                self.slack,
                channel,
                thread,
                self.caller.asked_at.timestamp(),
                lambda seen: (seen.get("name"), seen.get("title")) == wanted,
            )
        except SlackRefused as error:
            log.info("file.cannot.look", error=error.code)
            return None
