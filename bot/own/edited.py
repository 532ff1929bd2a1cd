"""Somebody has written into the bot's memory past it: what rests on that does not run, and a P0 says so."""

import structlog

from bot.approvals.policy import HEARSAY
from bot.clock import Clock
from bot.detectors import Firing
from bot.incidents.alerting import Alerts
from bot.incidents.deciding import Opened
from bot.post.outbox import Outbox
from bot.views import own as view
from store.database import Store
from store.errors import StoreError, TooLate
from store.letter import Urgency

log = structlog.get_logger(__name__)

ID = "own_memory_edited"  # the dedup key of its incident: one is open at a time
_TITLE = "My memory was edited"
_DO = (
    "Stop me, and keep aikeys.sqlite as it is for whoever looks into it: aikeys audit verify names the first row that "
    "differs. Find out who can write into my folder; then put back a copy from before (aikeys restore)."
)


class Alarm:
    """Called with the subject that does not run, and why: what is said of it in its thread, and the P0."""

    def __init__(self, store: Store, clock: Clock, outbox: Outbox, alerts: Alerts) -> None:
        self._store = store
        self._clock = clock
        self._outbox = outbox
        self._alerts = alerts

    def __call__(self, subject: str, why: str) -> None:
        """Tell it. Raises nothing: what does not run does not run, whether or not it can be told."""
        log.critical("memory.edited", subject=subject, why=why)
        # Whoever can write the file can bring this about: nobody may act alone under it before another has seen it.
        firing = Firing(
            f"Somebody has written into my database past me. {why} {subject} does not run.",
            _DO,
            sure=True,
            title=subject,
            about={HEARSAY: True},
        )
        try:
            self._alerts.heed(Opened(ID, "P0", _TITLE, firing, self._clock.now()), {})
        except TooLate:
            log.info("memory.edited.open_already")
        except StoreError:
            log.exception("memory.edited.untold")
        try:
            self._say(subject, why)
        except (StoreError, KeyError):
            log.exception("memory.edited.unsaid", subject=subject)

    def _say(self, subject: str, why: str) -> None:
        """In the thread that it was asked in, once."""
        operation = self._store.operations.get(subject)
        approval = self._store.approvals.get(operation.approval if operation else subject)
        where = approval.where if approval else operation.where if operation else {}
        if not where.get("channel"):
            return
        under = where.get("under") or (f"{approval.subject}/headline" if approval else None)
        place = {"thread": where["thread"]} if where.get("thread") else {"under": under}
        message = view.edited(operation.title if operation else approval.title if approval else subject, why)
        self._outbox.say(f"{subject}/edited", where["channel"], message, urgency=Urgency.P0, **place)
