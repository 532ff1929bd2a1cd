"""Approvals: asked for, voted on, decided once. The schema settles every race; the loser gets TooLate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from store.connection import Connection
from store.errors import resting
from store.events import Events
from store.reviews import GLASS, Reviews
from store.times import from_text, to_text

PENDING = "pending"
DECISIONS = ("granted", "denied", "withdrawn", "expired", "superseded")


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's yes. *roles_age*: how long ago Slack had told what they may, where it was away."""

    user: str
    at: datetime
    roles_age: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """A request and what became of it.

    *state*: pending, granted, denied, withdrawn, expired or superseded. *thing*: what it is about; one request per
    thing is pending. *plan*: JSON as it was shown (bot.plan.Plan.to_json); *digest* that of its pinned half.
    *where*: JSON of the asker's, such as channel and thread. *reason* of the request, *decision* of the decision:
    what people wrote. *glass*: the incident under which somebody acted alone. *operation*: what it led to.
    *roles_age* of the decision as in `Vote`.
    """

    subject: str
    number: int
    thing: str
    command: str
    line: str
    title: str
    requested_by: str
    requested_at: datetime
    expires_at: datetime
    needed: int
    alone: bool
    digest: str
    plan: dict[str, Any] = field(hash=False)
    where: dict[str, Any] = field(hash=False)
    reason: str
    votes: tuple[Vote, ...]
    state: str
    decided_by: str = ""
    decided_at: datetime | None = None
    decision: str = ""
    glass: str = ""
    operation: str = ""
    roles_age: str = ""


class Approvals:
    """Reads and appends. Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection", "_events", "_reviews")

    def __init__(self, connection: Connection, events: Events, reviews: Reviews) -> None:
        self._connection = connection
        self._events = events
        self._reviews = reviews

    def request(
        self,
        by: str,
        plan: Mapping[str, Any],
        digest: str,
        at: datetime,
        *,
        expires_at: datetime,
        needed: int,
        alone: bool = False,
        where: Mapping[str, Any] | None = None,
        reason: str = "",
    ) -> tuple[Approval, Approval | None]:
        """Ask for *plan* (JSON with command, line, title, subject). Return the request and the one it superseded."""
        with self._connection.transaction():
            older = self.pending_for(plan["subject"])
            number = self._next()
            if older is not None:
                self.decide(older, "superseded", by, at, data={"by": f"approval/{number}"})
                older = self.get(older.subject)
            data = {
                "number": number,
                "thing": plan["subject"],
                "expires_at": to_text(expires_at),
                "needed": needed,
                "alone": int(alone),
                "digest": digest,
                "plan": dict(plan),
                "where": dict(where or {}),
            }
            self._events.append(f"approval/{number}", "approval.requested", by, data, at, text=reason or None)
        return self._sure(f"approval/{number}"), older

    def vote(self, approval: Approval, by: str, at: datetime, *, roles_age: str = "") -> Approval:
        """*by* says yes. TooLate where it is decided or expired, *by* asked for it, or has said so before."""
        self._events.append(approval.subject, "approval.voted", by, {"roles_age": roles_age} if roles_age else {}, at)
        return self._sure(approval.subject)

    def decide(
        self,
        approval: Approval,
        decision: str,
        by: str,
        at: datetime,
        *,
        reason: str = "",
        data: Mapping[str, Any] | None = None,
    ) -> Approval:
        """Settle it: granted, denied, withdrawn, expired or superseded. TooLate where it is settled.

        To grant, *data* may hold `glass` (an open P0: then *reason* is required, and a review falls due),
        `operation` and `roles_age`.
        """
        if decision not in DECISIONS:
            raise ValueError(f"{decision!r} is no decision")
        facts = {"digest": approval.digest, **(data or {})} if decision == "granted" else dict(data or {})
        with self._connection.transaction():
            if decision == "granted" and facts.get("glass"):
                about = {"title": approval.title}
                self._reviews.due(
                    GLASS, approval.subject, at, evidence=reason, data=about, not_by=by, incident=facts["glass"]
                )
            self._events.append(approval.subject, f"approval.{decision}", by, facts, at, text=reason or None)
        return self._sure(approval.subject)

    def get(self, subject: str) -> Approval | None:
        """The approval *subject* (`approval/7`)."""
        found = self._read("WHERE subject = ?", (subject,))
        return found[0] if found else None

    def pending(self) -> list[Approval]:
        """All that wait, oldest first."""
        return self._read("WHERE state = 'pending' ORDER BY number", ())

    def pending_for(self, thing: str) -> Approval | None:
        """The one that waits for *thing*."""
        found = self._read("WHERE thing = ? AND state = 'pending'", (thing,))
        return found[0] if found else None

    def recent(self, limit: int = 20) -> list[Approval]:
        """Newest first, whatever their state."""
        return self._read("ORDER BY number DESC LIMIT ?", (limit,))

    def _next(self) -> int:
        row = self._connection.raw.execute("SELECT coalesce(max(number), 0) + 1 FROM approvals").fetchone()
        return int(row[0])

    def _sure(self, subject: str) -> Approval:
        (found,) = self._read("WHERE subject = ?", (subject,))
        return found

    def _read(self, where: str, parameters: tuple[object, ...]) -> list[Approval]:
        sql = "SELECT subject, number, state, request_id, decision_id FROM approvals " + where  # noqa: S608  # constants of this file
        with self._connection.reading():
            return [self._resting(*row) for row in self._connection.raw.execute(sql, parameters).fetchall()]

    def _resting(self, subject: str, *row: Any) -> Approval:
        with resting(subject, "approvals"):
            return self._approval(subject, *row)

    def _approval(self, subject: str, number: int, state: str, request_id: int, decision_id: int | None) -> Approval:
        asked = self._events.get(request_id)
        decided = self._events.get(decision_id) if decision_id is not None else None
        plan = asked.data["plan"]
        votes = self._connection.raw.execute(
            "SELECT v.user, v.at, coalesce(json_extract(e.data, '$.roles_age'), '') FROM approval_votes v "
            "JOIN events e ON e.id = v.event_id WHERE v.subject = ? ORDER BY v.event_id",
            (subject,),
        )
        return Approval(
            subject=subject,
            number=number,
            thing=asked.data["thing"],
            command=plan["command"],
            line=plan["line"],
            title=plan["title"],
            requested_by=asked.actor,
            requested_at=asked.at,
            expires_at=from_text(asked.data["expires_at"]),
            needed=asked.data["needed"],
            alone=bool(asked.data["alone"]),
            digest=asked.data["digest"],
            plan=plan,
            where=asked.data["where"],
            reason=asked.text or "",
            votes=tuple(Vote(user, from_text(at), age) for user, at, age in votes),
            state=state,
            decided_by=decided.actor if decided else "",
            decided_at=decided.at if decided else None,
            decision=(decided.text or "") if decided else "",
            glass=str(decided.data.get("glass") or "") if decided else "",
            operation=str(decided.data.get("operation") or "") if decided else "",
            roles_age=str(decided.data.get("roles_age") or "") if decided else "",
        )
