"""The heartbeat: sent each minute while the bot looks and can tell. It means that, or it is not sent."""

from collections.abc import Callable

import structlog

from bot.clients.errors import Failure
from bot.clients.heartbeat import Heartbeat
from bot.telemetry import metrics

log = structlog.get_logger(__name__)

EVERY = 60.0  # seconds
SAY_AGAIN = 60  # beats that fail in a row: an hour between two lines of the log


class Beating:
    """*holds*: why no beat may be sent now, in a word or two; empty where all is well."""

    def __init__(self, heartbeat: Heartbeat, holds: Callable[[], str]) -> None:
        self._heartbeat = heartbeat
        self._holds = holds
        self._held = ""
        self._failed = 0

    async def round(self) -> None:
        """Send one, or say in the log why not."""
        why = self._holds()
        if why:
            if why != self._held:
                log.warning("heartbeat.held", reason=why)
            self._held = why
            return
        self._held = ""
        try:
            await self._heartbeat.beat()
        except Failure as error:
            if self._failed % SAY_AGAIN == 0:
                log.warning("heartbeat.failed", error=error.what, do=error.do, in_a_row=self._failed + 1)
            self._failed += 1
            metrics.called("heartbeat", "beat", type(error).__name__)
            return
        if self._failed:
            log.info("heartbeat.back", failed=self._failed)
        self._failed = 0
        metrics.called("heartbeat", "beat", "ok")
