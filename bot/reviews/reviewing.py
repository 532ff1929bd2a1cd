"""Lets reviews fall due, gathers their evidence, asks again, escalates, takes signatures.

When one falls due is a durable timer a kind; what becomes of an open one follows from its row alone (kinds.step), so
that a restart or a long absence changes neither.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.approvals.objection import Objection, Why
from bot.clock import Clock
from bot.clockwork.rounds import Rounds
from bot.clockwork.timers import Fired, Timers
from bot.command import Role
from bot.reviews import calendar
from bot.reviews.evidence import Evidence
from bot.reviews.kinds import KINDS, Step, step
from bot.reviews.objection import objection
from store.database import Store
from store.errors import StoreError, TooLate
from store.reviews import Review, subject

log = structlog.get_logger(__name__)

FALLS_DUE = "review.falls-due"  # the timer's kind; its subject is the review's kind
EVERY = 60.0  # seconds between looks at what is open
LOOK_AGAIN = timedelta(minutes=1)  # anybody may ask for it, and each stays on record for good

Gather = Callable[[str, datetime], Awaitable[Evidence]]


class Reviewing:
    """*show* is called inside each transaction that changes a review; *gather* looks for the evidence of a kind.

    *lead* is a Slack id, empty where none is set; *signed* hears of each signature, in its transaction.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        timers: Timers,
        gather: Gather,
        show: Callable[[Review], None],
        *,
        zone: ZoneInfo,
        lead: str = "",
        signed: Callable[[Review], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._timers = timers
        self._gather = gather
        self._show = show
        self._zone = zone
        self._lead = lead
        self._signed = signed
        timers.on(FALLS_DUE, self._fall_due)

    def open(self, rounds: Rounds) -> None:
        """Set what is not set, and look at what is open every minute."""
        with suppress(StoreError):  # a disk that takes nothing must not keep the bot from starting: the next start does
            self.schedule()
        rounds.every(EVERY, "reviews", self.round, first=2)

    def schedule(self) -> None:
        """Set the timer of each kind; move it where the time zone has changed. What is overdue stays so, and fires."""
        now = self._clock.now()
        waiting = {one.subject: one.due for one in self._store.timers.waiting() if one.kind == FALLS_DUE}
        for name, kind in KINDS.items():
            due = calendar.following(kind.cadence, now, self._zone).due
            if name not in waiting or now < waiting[name] != due:
                self._timers.set(FALLS_DUE, name, due)

    def find(self, subject: str) -> Review:
        """The review. Raises KeyError."""
        found = self._store.reviews.get(subject)
        if found is None:
            raise KeyError(subject)
        return found

    def sign(self, subject: str, user: str, roles: frozenset[str], note: str) -> Review | Objection:
        """Sign it, or say what speaks against that. Raises KeyError."""
        review = self.find(subject)
        against = objection(review, user, roles, note)
        if against is not None:
            return against
        try:
            with self._store.transaction():
                review = self._store.reviews.sign(review, user, self._clock.now(), note.strip())
                self._shown(review)
                self._signed(review)
        except TooLate:  # two at once: the schema has taken the first
            return objection(self.find(subject), user, roles, note) or _raced()
        log.info("review.signed", review=subject)
        return review

    async def look(self, subject: str, user: str) -> Objection | None:
        """Gather the evidence again; return what speaks against that. Raises KeyError."""
        review = self.find(subject)
        if review.kind not in KINDS:
            raise KeyError(subject)
        against = objection(review, "", frozenset({Role.OPERATOR}))  # whether it is open: anybody may look
        if against is not None:
            return against
        if self._looked_just_now(review):
            return _just_now()
        evidence = await self._gather(review.kind, self._clock.now())
        review = self.find(subject)
        if self._looked_just_now(review):
            return None  # who clicked at the same time has written it down
        kept = {name: review.data[name] for name in ("passed", "missed") if name in review.data}
        try:
            with self._store.transaction():
                data = kept | _facts(evidence)
                review = self._store.reviews.looked(review, user, self._clock.now(), "\n".join(evidence.lines), data)
                self._shown(review)
        except TooLate:
            return objection(self.find(subject), "", frozenset({Role.OPERATOR})) or _raced()
        return None

    def _looked_just_now(self, review: Review) -> bool:
        """By somebody: that it fell due a moment ago stops nobody."""
        age = self._clock.now() - review.looked_at
        return review.looked_at != review.due_at and timedelta() <= age < LOOK_AGAIN

    async def round(self) -> None:
        """Ask again, or tell the lead, where nobody has signed."""
        for review in self._store.reviews.open():
            now = self._clock.now()
            what = step(review, now)
            if what is None:
                continue
            try:
                with self._store.transaction():
                    rows = self._store.reviews
                    moved = rows.remind(review, now) if what is Step.REMIND else rows.escalate(review, now, self._lead)
                    self._shown(moved)
            except TooLate:
                log.info("review.overtaken", review=review.subject)

    async def _fall_due(self, fired: Fired) -> Callable[[], None] | None:
        kind = KINDS.get(fired.subject)
        if kind is None:
            return None  # a kind of another version
        now = self._clock.now()
        period = calendar.current(kind.cadence, now, self._zone)
        evidence = await self._gather(kind.name, now)

        def record() -> None:
            self._timers.set(FALLS_DUE, kind.name, calendar.following(kind.cadence, now, self._zone).due)
            rows, last = self._store.reviews, self._store.reviews.last(kind.name)
            if rows.get(subject(kind.name, period.key)) is not None:
                return  # the time zone or the clock was changed: once a period
            passed = calendar.passed(kind.cadence, last.due_at, period, self._zone) if last is not None else []
            data = _facts(evidence) | {"passed": passed, "missed": ""}
            for older in rows.open(kind.name):
                data["missed"] = older.of
                self._shown(rows.miss(older, now))
            self._shown(rows.due(kind.name, period.key, now, evidence="\n".join(evidence.lines), data=data))

        return record

    def _shown(self, review: Review) -> None:
        """A card that cannot be drawn stops neither a signature nor the other reviews: /aikeys reviews has it all."""
        try:
            with self._store.transaction():
                self._show(review)
        except Exception:
            log.exception("review.unshown", review=review.subject)


def _facts(evidence: Evidence) -> dict[str, Any]:
    return {"summary": evidence.summary, "people": {str(role): list(ids) for role, ids in evidence.people.items()}}


def _just_now() -> Objection:
    return Objection(
        Why.DECIDED, "This was looked at just now.", "Each look stays on record for good.", "Look again in a minute."
    )


def _raced() -> Objection:
    return Objection(Why.DECIDED, "Somebody was faster.", "It was settled in the same moment.", "See: /aikeys reviews")
