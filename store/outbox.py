"""The outbox: messages as rows, so that Slack being away delays them and never loses one.

A letter has a key for life: writing to a key that is there changes the message. It goes waiting → trying → posted;
trying that is found after a crash means that its fate is unknown, and it is looked for before it is sent again.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from store.connection import Connection
from store.letter import COLUMNS, Letter, Urgency, letter_of
from store.times import from_text, to_text

# The first of each lane, as urgent as the most urgent that waits in it and in the order of that; and of each channel
# only so many: one that takes nothing more for a while must not hold up the others. Then those to be edited.
_FIRSTS = """WITH firsts AS (
        SELECT l.id, coalesce((SELECT posted_in FROM letters AS root WHERE root.key = l.under), l.channel) AS place,
            (SELECT min(urgency) FROM letters AS other WHERE other.lane = l.lane
                AND other.state IN ('waiting', 'trying')) AS pressing
        FROM letters AS l WHERE l.state IN ('waiting', 'trying') AND l.next_try <= ? AND l.id = (
            SELECT min(id) FROM letters AS first WHERE first.lane = l.lane AND first.state IN ('waiting', 'trying'))),
    ranked AS (
        SELECT id AS which, pressing, row_number() OVER (PARTITION BY place ORDER BY pressing, id) AS nth FROM firsts)
    """
_AS_PRESSING = COLUMNS.replace("l.urgency", "pressing")
_TO_POST = f"{_FIRSTS}{_AS_PRESSING} JOIN ranked ON l.id = which WHERE nth <= ? ORDER BY pressing, l.id LIMIT ?"
_TO_EDIT = (
    COLUMNS
    + """WHERE l.state = 'posted' AND l.sent_version < l.version AND l.next_try <= ?
        ORDER BY l.urgency, l.next_try, l.id LIMIT ?"""
)

_OWED = "(state IN ('waiting', 'trying') OR (state = 'posted' AND sent_version < version))"


class Outbox:
    """Rows in, marks on them, rows out. Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def write(
        self,
        key: str,
        channel: str,
        body: Mapping[str, Any],
        at: datetime,
        *,
        thread: str | None = None,
        under: str | None = None,
        urgency: Urgency = Urgency.USUAL,
    ) -> None:
        """Say *body*, or, where *key* has been written before, change that message to it.

        *thread*: the ts of a thread that is there; *under*: the key of the letter in whose thread it stands. Where
        a letter goes is settled by its first writing; one that stands under another goes where that one does.
        """
        text, now = json.dumps(dict(body), ensure_ascii=False, sort_keys=True), to_text(at)
        lane = f"{channel}/{thread}" if thread else f"key/{under or key}"
        # A body that is the same costs Slack nothing.
        sql = """INSERT INTO letters (key, lane, channel, thread, under, urgency, body, next_try, written_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET body = excluded.body, version = version + 1,
                urgency = min(urgency, excluded.urgency) WHERE body <> excluded.body"""
        with self._connection.transaction():
            root = self._connection.raw.execute("SELECT channel FROM letters WHERE key = ?", (under,)).fetchone()
            channel = root[0] if root else channel
            self._connection.raw.execute(sql, (key, lane, channel, thread, under, int(urgency), text, now, now))

    def attach(
        self,
        key: str,
        channel: str,
        file: Mapping[str, str],
        at: datetime,
        *,
        thread: str | None,
        under: str | None,
        urgency: Urgency,
    ) -> None:
        """Put *file* (name, title, content) into the thread of the message *key*, once for its name."""
        own = f"{key}/file/{file['name']}"
        with self._connection.transaction():
            if self.get(own) is None:
                body = {"file": dict(file)}
                self.write(own, channel, body, at, thread=thread, under=under or key, urgency=urgency)

    def get(self, key: str) -> Letter | None:
        """The letter *key*."""
        found = self._read(COLUMNS + "WHERE l.key = ?", (key,))
        return found[0] if found else None

    def beginning(self, beginning: str) -> list[Letter]:
        """The letters whose key has that *beginning*, oldest first."""
        return self._read(COLUMNS + "WHERE l.key BETWEEN ?1 AND ?1 || char(1114111) ORDER BY l.id", (beginning,))

    def stuck(self) -> tuple[int, datetime] | None:
        """How many letters were tried in vain and wait, and since when the oldest of them; None where none does."""
        sql = """SELECT count(*), min(written_at) FROM letters
            WHERE state IN ('waiting', 'trying') AND (tries > 0 OR why <> '')"""
        with self._connection.reading():
            count, oldest = self._connection.raw.execute(sql).fetchone()
        return (int(count), from_text(oldest)) if count else None

    def to_post(self, now: datetime, each: int = 4, limit: int = 60) -> list[Letter]:
        """What may be posted now: the first of each thread, the most urgent thread first; *each*: of one channel."""
        return self._read(_TO_POST, (to_text(now), each, limit))

    def to_edit(self, now: datetime, limit: int = 20) -> list[Letter]:
        """What was posted and has changed since, what waited longest first: each card has its turn in a storm."""
        return self._read(_TO_EDIT, (to_text(now), limit))

    def due_after(self, now: datetime) -> datetime | None:
        """When the first of what was put off beyond *now* may be tried; None where nothing was."""
        sql = """SELECT min(due) FROM (
            SELECT min(next_try) AS due FROM letters WHERE state IN ('waiting', 'trying') AND next_try > ?1 UNION ALL
            SELECT min(next_try) FROM letters WHERE state = 'posted' AND sent_version < version AND next_try > ?1)"""
        with self._connection.reading():
            (found,) = self._connection.raw.execute(sql, (to_text(now),)).fetchone()
        return from_text(found) if found else None

    def waiting(self) -> int:
        """How many are still owed to somebody."""
        sql = """SELECT (SELECT count(*) FROM letters WHERE state IN ('waiting', 'trying'))
            + (SELECT count(*) FROM letters WHERE state = 'posted' AND sent_version < version)"""
        with self._connection.reading():
            return int(self._connection.raw.execute(sql).fetchone()[0])

    def owed_since(self, beginning: str) -> datetime | None:
        """When the oldest was written that is not posted yet, of those whose key has that *beginning*."""
        sql = """SELECT min(written_at) FROM letters WHERE state IN ('waiting', 'trying')
            AND substr(key, 1, length(?1)) = ?1"""
        with self._connection.reading():
            (found,) = self._connection.raw.execute(sql, (beginning,)).fetchone()
        return from_text(found) if found else None

    def trying(self, letter: Letter, at: datetime) -> None:
        """INTENT: it is about to be posted."""
        sql = "UPDATE letters SET state = 'trying', tries = tries + 1, first_try = coalesce(first_try, ?) WHERE id = ?"
        self._mark(sql, (to_text(at), letter.id))

    def posted(self, letter: Letter, channel: str, ts: str) -> None:
        """RESULT: it stands there, as its *version* of then."""
        sql = """UPDATE letters SET state = 'posted', posted_in = ?, ts = ?, sent_version = ?, tries = 0,
            first_try = NULL, why = '' WHERE id = ?"""
        self._mark(sql, (channel, ts, letter.version, letter.id))

    def found(self, letter: Letter, channel: str, ts: str) -> None:
        """RESULT of looking: it stands there, in whatever version, so it is edited next."""
        self.posted(replace(letter, version=0), channel, ts)

    def handed_over(self, letter: Letter, file_id: str) -> None:
        """INTENT of a file: Slack has its bytes, and it is about to be shown."""
        self._mark("UPDATE letters SET body = json_set(body, '$.file_id', ?) WHERE id = ?", (file_id, letter.id))

    def shared(self, letter: Letter, file_id: str) -> None:
        """RESULT of a file: it stands there, so its content is kept no longer."""
        sql = """UPDATE letters SET state = 'posted', posted_in = ?, ts = ?, sent_version = version, tries = 0,
            first_try = NULL, why = '', body = json_remove(body, '$.file') WHERE id = ?"""
        self._mark(sql, (letter.channel, file_id, letter.id))

    def words_instead(self, letter: Letter, body: Mapping[str, Any]) -> None:
        """A file that Slack does not take: this is said in its place, and its content kept no longer."""
        sql = """UPDATE letters SET state = 'waiting', first_try = NULL, body = ?, version = version + 1 WHERE id = ?"""
        self._mark(sql, (json.dumps(dict(body), ensure_ascii=False, sort_keys=True), letter.id))

    def missed(self, letter: Letter) -> None:
        """RESULT of looking: it is certainly not there."""
        self._mark("UPDATE letters SET state = 'waiting', first_try = NULL WHERE id = ?", (letter.id,))

    def edited(self, letter: Letter) -> None:
        """It stands there as this version."""
        self._mark("UPDATE letters SET sent_version = ?, tries = 0, why = '' WHERE id = ?", (letter.version, letter.id))

    def hurry(self, now: datetime) -> None:
        """What was put off may be tried now."""
        self._mark(f"UPDATE letters SET next_try = ?1 WHERE next_try > ?1 AND {_OWED}", (to_text(now),))  # noqa: S608  # ours

    def hurry_heard(self, now: datetime) -> None:
        """Slack is heard again: what was put off meanwhile may be tried now; what it put off itself keeps its time."""
        waits = f"next_try > ?1 AND instr(why, 'ratelimited') = 0 AND {_OWED}"
        self._mark(f"UPDATE letters SET next_try = ?1 WHERE {waits}", (to_text(now),))  # noqa: S608  # ours

    def put_off(self, letter: Letter, until: datetime, why: str) -> None:
        """Try again then."""
        self._mark("UPDATE letters SET next_try = ?, why = ? WHERE id = ?", (to_text(until), why, letter.id))

    def refused(self, letter: Letter, until: datetime, why: str) -> None:
        """Slack said no, so it is certainly not there: try again then."""
        sql = "UPDATE letters SET state = 'waiting', first_try = NULL, next_try = ?, why = ? WHERE id = ?"
        self._mark(sql, (to_text(until), why, letter.id))

    def untried(self, letter: Letter, until: datetime, why: str) -> None:
        """Nothing was done, as if it had not been tried: it is what it was when *letter* was read, and waits."""
        sql = "UPDATE letters SET state = ?, first_try = ?, tries = ?, next_try = ?, why = ? WHERE id = ?"
        before = to_text(letter.first_try) if letter.first_try else None
        self._mark(sql, (letter.state, before, letter.tries, to_text(until), why, letter.id))

    def gone(self, letter: Letter) -> None:
        """Somebody deleted it: a change to it is owed no more."""
        self._mark("UPDATE letters SET sent_version = version, why = 'deleted' WHERE id = ?", (letter.id,))

    def move(self, letter: Letter, channel: str, why: str) -> None:
        """Its channel turns it away: it is to be posted in *channel*, and what stands under it with it."""
        sql = "UPDATE letters SET channel = ?, state = 'waiting', first_try = NULL, why = ? WHERE id = ?"
        with self._connection.transaction():
            self._mark(sql, (channel, why, letter.id))
            self._mark("UPDATE letters SET channel = ? WHERE under = ?", (channel, letter.key))

    def adopt(self, key: str, channel: str, ts: str, body: Mapping[str, Any], at: datetime) -> None:
        """The message *ts*, for which no letter was written, is to say *body* from now on; *key* is its letter then."""
        sql = """INSERT OR IGNORE INTO letters (key, lane, channel, urgency, body, state, posted_in, ts, next_try,
            written_at) VALUES (?, ?, ?, ?, ?, 'posted', ?, ?, ?, ?)"""
        text, now = json.dumps(dict(body), ensure_ascii=False, sort_keys=True), to_text(at)
        self._mark(sql, (key, f"key/{key}", channel, int(Urgency.USUAL), text, channel, ts, now, now))

    def rename(self, key: str, to: str) -> bool:
        """Call the letter *key* by the name *to*, so that another may have its own. False where that is not free."""
        sql = "UPDATE OR IGNORE letters SET key = ? WHERE key = ?"
        with self._connection.transaction():
            return self._connection.raw.execute(sql, (to, key)).rowcount == 1

    def give_up(self, letter: Letter, why: str) -> None:
        """It can never be posted, and must not hold up what stands behind it."""
        self._mark("UPDATE letters SET state = 'failed', first_try = NULL, why = ? WHERE id = ?", (why, letter.id))

    def purge(self, before: datetime) -> int:
        """Delete what was written before then and is owed no more; return how many."""
        sql = """DELETE FROM letters WHERE written_at < ?
            AND (state = 'failed' OR (state = 'posted' AND sent_version >= version))"""
        with self._connection.transaction():
            return self._connection.raw.execute(sql, (to_text(before),)).rowcount

    def _mark(self, sql: str, parameters: tuple[object, ...]) -> None:
        with self._connection.transaction():
            self._connection.raw.execute(sql, parameters)

    def _read(self, sql: str, parameters: tuple[object, ...]) -> list[Letter]:
        with self._connection.reading():
            return [letter_of(*row) for row in self._connection.raw.execute(sql, parameters).fetchall()]
