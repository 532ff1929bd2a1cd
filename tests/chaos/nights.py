"""Incidents, silences and freezes in a hurry, and the clocks that run under them: each fires once, none too soon.

What people open has a title of its own, so that one that was opened twice is seen.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from tests.chaos.hands import INCIDENTS, OPS, Hands, NotThere

ESCALATES_AFTER = timedelta(hours=2)  # the runbook's, of a P1
_CARD = re.compile(r"incident/(\d+)/card")
SILENCED = {"reason": {"reason": "it is known"}, "until": {"until": "30m"}}


class Nights:
    """What people do about incidents; their *titles* are counted. `wrong` judges them and every timer."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._chance = hands.chance
        self._count = 0
        self.fired = self.incidents = 0  # timers and incidents, as the history has them

    async def open(self) -> None:
        """Open one. Where many are open, one is resolved instead."""
        if self._chance.random() < 0.5 and self._cards():
            return await self.resolve()
        self._count += 1
        severity = self._chance.choice(["P0", "P1", "P1", "P1"])
        await self._says(self._chance.choice(["ana", "ben"]), f'incident open "chaos number {self._count}" {severity}')
        return None

    async def acknowledge(self) -> None:
        """By the button, or typed."""
        if self._chance.random() < 0.5:
            button = self._hands.button("aikeys:incident:ack", self._chance.choice([OPS, INCIDENTS]))
            return await self._hands.click("cy", button)
        return await self._says("ben", f"incident ack {self._a_card()}")

    async def resolve(self) -> None:
        """One of the newest."""
        await self._says(self._chance.choice(["ana", "cy"]), f"incident resolve {self._a_card()} --anyway")

    async def silence(self) -> None:
        """For half an hour, or no longer."""
        if self._chance.random() < 0.3:
            return await self._hands.click("ana", self._hands.button("aikeys:silence-end", self._a_room()))
        button = self._hands.button("aikeys:silence", self._a_room())
        if button["action_id"] != "aikeys:silence":
            raise NotThere
        return await self._hands.fills("ana", button, {name: dict(of) for name, of in SILENCED.items()})

    async def freeze(self) -> None:
        """Mostly lifted again: nothing else would come about."""
        self._count += 1
        line = f'freeze "chaos {self._count}" --until 30m' if self._chance.random() < 0.1 else "freeze --lift"
        await self._says("ana", line)

    async def _says(self, who: str, line: str) -> None:
        await self._hands.slack.say(who, "#ops", f"/aikeys {line}")

    def _a_room(self) -> str:
        return self._chance.choice([OPS, INCIDENTS])

    def _a_card(self) -> str:
        found = self._cards()
        if not found:
            raise NotThere
        return self._chance.choice(found[:6])

    def _cards(self) -> list[str]:
        return [m[1] for room in (OPS, INCIDENTS) for one in self._hands.letters(room) if (m := _CARD.fullmatch(one))]

    def wrong(self, db: Database, now: datetime) -> Iterator[str]:
        """Of a history that is settled at *now*."""
        sql = (
            "SELECT title, count(*) FROM incidents WHERE title LIKE 'chaos number %' GROUP BY title HAVING count(*) > 1"
        )
        yield from (f"{title} was opened {count} times" for title, count in db.conn.execute(sql))
        sql = "SELECT dedup_key, count(*) FROM open_incidents GROUP BY dedup_key HAVING count(*) > 1"
        yield from (f"{count} incidents are open for {key}" for key, count in db.conn.execute(sql))
        sql = "SELECT min(subject), count(*) FROM events WHERE kind = 'freeze.set' GROUP BY digest HAVING count(*) > 1"
        yield from (f"{subject} was frozen {count} times by one command" for subject, count in db.conn.execute(sql))
        (self.fired,) = db.conn.execute("SELECT count(*) FROM timers WHERE ended = 'fired'").fetchone()
        (self.incidents,) = db.conn.execute("SELECT count(*) FROM incidents").fetchone()
        sql = """SELECT kind, subject, due, count(*) FROM timers WHERE ended = 'fired'
            GROUP BY kind, subject, due HAVING count(*) > 1"""
        yield from (f"{kind} of {of}, due {due}, fired {n} times" for kind, of, due, n in db.conn.execute(sql))
        sql = "SELECT kind, subject, due, ended_at FROM timers WHERE ended = 'fired' AND ended_at < due"
        yield from (f"{kind} of {of} fired at {at}, before {due}" for kind, of, due, at in db.conn.execute(sql))
        yield from self._expired(db)
        (bad,) = db.conn.execute("SELECT count(*) FROM errands WHERE name = 'room'").fetchone()
        rooms = [one.name for one in self._hands.slack.state.channels.values() if one.name.startswith("inc-")]
        if len(rooms) > bad:
            yield f"{len(rooms)} channels were made for {bad} incidents: {', '.join(rooms)[:300]}"
        for subject, severity, opened in db.conn.execute("SELECT subject, severity, opened_at FROM incidents"):
            yield from _one(db, subject, severity, datetime.fromisoformat(opened), now)

    @staticmethod
    def _expired(db: Database) -> Iterator[str]:
        sql = """SELECT a.subject FROM approvals AS a JOIN events AS e ON e.subject = a.subject
            WHERE e.kind = 'approval.expired' AND e.at < a.expires_at"""
        yield from (f"{subject} expired too soon" for (subject,) in db.conn.execute(sql))


def _one(db: Database, subject: str, severity: str, opened: datetime, now: datetime) -> Iterator[str]:
    """An incident's own clocks, from its story alone."""
    open_, after = True, Counter[Any]()
    changed = False  # to another severity, or back again: then its clock is another
    for kind, at, minutes in db.conn.execute(
        "SELECT kind, at, json_extract(data, '$.after') FROM events WHERE subject = ? ORDER BY id", (subject,)
    ):
        if kind in ("incident.resolved", "incident.merged"):
            open_ = False
        elif kind == "incident.reopened":
            open_, changed = True, True
        elif kind == "incident.severity":
            changed = True
        elif kind == "incident.escalated":
            after[minutes] += 1
            if not open_:
                yield f"{subject} escalated after its end"
            if datetime.fromisoformat(at) < opened + ESCALATES_AFTER:
                yield f"{subject} escalated too soon, at {at}"
    yield from (f"{subject} escalated {times} times after {m} minutes" for m, times in after.items() if times > 1)
    if (
        severity == "P1"
        and open_
        and not after
        and not changed
        and now - opened > ESCALATES_AFTER + timedelta(minutes=1)
    ):
        yield f"{subject} was never escalated"
