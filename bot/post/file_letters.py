"""Letters that are files (bot.post.outbox): shown in their thread once, or a sentence instead."""

import structlog

from bot.clients.slack import Slack, SlackRefused, SlackUncertain
from bot.clients.slack_files import hand_over, share, stands
from bot.clock import Clock
from bot.post.letters import PASSING, later
from bot.views.blocks import TextFile
from bot.views.files import TWICE, missing
from store.letter import Letter
from store.outbox import Outbox as Rows

log = structlog.get_logger(__name__)


class FileLetters:
    """Sends them. The bytes are handed over first, which nobody sees; then comes the INTENT, and the file is shown."""

    def __init__(self, rows: Rows, slack: Slack, clock: Clock) -> None:
        self._rows = rows
        self._slack = slack
        self._clock = clock

    async def send(self, letter: Letter) -> None:
        """Show it; one whose fate is unknown is looked for before. Raises SlackUncertain."""
        note = ""
        if letter.state == "trying" and letter.file_id:
            there = await self._there(letter)
            if there:
                self._rows.shared(letter, letter.file_id)
                log.info("letter.found", letter=letter.key)
                return
            note = TWICE if there is None else ""
        await self._share(letter, note)

    async def _share(self, letter: Letter, note: str) -> None:
        rows, file = self._rows, letter.file
        rows.trying(letter, self._clock.now())
        try:
            file_id = await hand_over(self._slack, file["name"], TextFile(**file).data)
            rows.handed_over(letter, file_id)
            log.debug("letter.intent", letter=letter.key)
            await share(self._slack, file_id, file["title"], letter.channel, letter.thread, note)
        except SlackRefused as error:
            if error.code in PASSING:
                rows.refused(letter, later(letter, self._clock), error.code)
            else:
                log.warning("letter.file.refused", letter=letter.key, reason=error.code)
                rows.words_instead(letter, {"text": missing(TextFile(**file), error.code)})
            return
        log.debug("letter.effect", letter=letter.key)
        rows.shared(letter, file_id)
        log.debug("letter.result", letter=letter.key)

    async def _there(self, letter: Letter) -> bool | None:
        """True, False, or None where the bot may not look. Raises SlackUncertain."""
        since = (letter.first_try or self._clock.now()).timestamp()
        try:
            return await stands(
                self._slack, letter.channel, letter.thread, since, lambda seen: seen.get("id") == letter.file_id
            )
        except SlackRefused as error:
            if error.code in PASSING:
                raise SlackUncertain(f"Slack does not let me look now: {error.code}") from error
            return None
