"""Alerts that come in from elsewhere: counted in the transaction that is answered for, by kind and by root.

A kind is a fingerprint under its root. What is told of them is an incident (store.incidents); the rows here say how
many there are and which of them fire, and outlive a kill at any moment.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from store.connection import Connection
from store.times import from_text, to_text

KINDS = 1_000  # of one root that are kept; a label that differs each time must not fill the disk
ROOTS = 1_000  # that are kept; more go to the one below
OTHERS = "(others)"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One alert as it came. *severity*: P0, P1, or empty where it pages nobody.

    *episode*: when it began, as its sender says: what belongs to one that has ended moves nothing any more. *more*: how
    many its sender has left out beside it.
    """

    root: str
    fingerprint: str
    severity: str
    firing: bool
    title: str = ""
    said: str = ""
    url: str = ""
    episode: datetime | None = None
    more: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """A root as it is now. *firing*: kinds that fire, *critical* of them are P0. *incident*: the subject, or empty.

    *left_out*: of the count, those that their sender gave as a number only.
    """

    root: str
    since: datetime
    last_at: datetime
    count: int
    firing: int
    critical: int
    fired_at: datetime | None
    calm_at: datetime | None
    incident: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of alert."""

    fingerprint: str
    severity: str
    firing: bool
    title: str
    said: str
    url: str
    count: int


_GROUP = """SELECT root, since, last_at, count, firing, critical, fired_at, calm_at, incident, left_out
    FROM alert_groups """
_ENTER = """INSERT INTO alert_groups (root, since, last_at, count, left_out) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (root) DO UPDATE SET count = count + excluded.count, left_out = left_out + excluded.left_out,
    last_at = excluded.last_at"""
# What begins anew is counted anew.
_BEGIN = """UPDATE alert_groups SET live = 1, since = ?, count = ?, left_out = ?, incident = NULL
    WHERE root = ? AND live = 0 AND firing"""
_KNOWN = "SELECT firing, severity, episode, title, said FROM alert_kinds WHERE root = ? AND fingerprint = ?"
_NEW = """INSERT INTO alert_kinds (root, fingerprint, severity, firing, title, said, url, episode, first_at, last_at,
    count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)"""
_COUNT = "UPDATE alert_kinds SET count = count + 1, last_at = ? WHERE root = ? AND fingerprint = ?"
_MOVE = """UPDATE alert_kinds SET count = count + 1, last_at = ?, severity = ?, firing = ?, title = ?, said = ?,
    url = ?, episode = ? WHERE root = ? AND fingerprint = ?"""


class Alerts:
    """Counts them. Every call commits, or joins the transaction that is open."""

    __slots__ = ("_connection", "_roots")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._roots: set[str] | None = None  # read when the first comes

    def admit(self, batch: Sequence[Arrived], at: datetime) -> None:
        """Commit *batch*, in its order. Raises StoreError where nothing of it could be kept."""
        now = to_text(at)
        raw = self._connection.raw
        with self._connection.transaction():
            batch = [self._placed(one) for one in batch]
            counts, more = dict.fromkeys((one.root for one in batch), 0), Counter[str]()
            for one in batch:
                counts[one.root] += one.firing  # the notice that it is over is no second alert
                if one.more:
                    more[one.root] += one.more
            sums = {root: (count + more[root], more[root]) for root, count in counts.items()}
            raw.executemany(_ENTER, [(root, now, now, *both) for root, both in sums.items()])
            for one in batch:
                self._enter(one, now)
            raw.executemany(_BEGIN, [(now, *both, root) for root, both in sums.items()])

    def _placed(self, one: Arrived) -> Arrived:
        if self._roots is None:
            self._roots = {row[0] for row in self._connection.raw.execute("SELECT root FROM alert_groups")}
        if one.root in self._roots:
            return one
        if len(self._roots) >= ROOTS:
            return replace(one, root=OTHERS)
        self._roots.add(one.root)  # also where the transaction fails: a root too many costs nothing
        return one

    def _enter(self, one: Arrived, now: str) -> None:
        execute = self._connection.raw.execute
        key = (one.root, one.fingerprint)
        episode = to_text(one.episode) if one.episode is not None else ""
        known = execute(_KNOWN, key).fetchone()
        state = (one.severity, int(one.firing), one.title, one.said, one.url)
        if known is None:
            (kept,) = execute("SELECT kept FROM alert_groups WHERE root = ?", (one.root,)).fetchone()
            if kept < KINDS:
                execute(_NEW, (*key, *state, episode, now, now))
            return
        firing, severity, last, *words = known
        stale = episode and (episode < last or (episode == last and one.firing and not firing))
        if stale or (bool(firing), severity, last, *words) == (one.firing, one.severity, episode, one.title, one.said):
            execute(_COUNT, (now, *key))
        else:
            execute(_MOVE, (now, *state, episode or last, *key))

    def live(self) -> list[Group]:
        """The groups of which something is to be told or ended."""
        with self._connection.reading():
            rows = self._connection.raw.execute(_GROUP + "WHERE live = 1 ORDER BY since, root").fetchall()
        return [_group(row) for row in rows]

    def told_by(self, subject: str) -> list[Group]:
        """The groups that the incident *subject* tells of."""
        with self._connection.reading():
            rows = self._connection.raw.execute(
                _GROUP + "WHERE live = 1 AND incident = ? ORDER BY root", (subject,)
            ).fetchall()
        return [_group(row) for row in rows]

    def kinds(self, group: Group, limit: int = KINDS) -> list[Kind]:
        """What came in *group* since it began: the worst that fire first, then the newest."""
        sql = """SELECT fingerprint, severity, firing, title, said, url, count FROM alert_kinds
            WHERE root = ? AND last_at >= ? ORDER BY firing DESC, severity = '', severity, last_at DESC LIMIT ?"""
        with self._connection.reading():
            rows = self._connection.raw.execute(sql, (group.root, to_text(group.since), limit)).fetchall()
        return [Kind(row[0], row[1], bool(row[2]), *row[3:]) for row in rows]

    def how_many(self, group: Group) -> int:
        """The kinds that came in *group* since it began."""
        sql = "SELECT count(*) FROM alert_kinds WHERE root = ? AND last_at >= ?"
        with self._connection.reading():
            row = self._connection.raw.execute(sql, (group.root, to_text(group.since))).fetchone()
        return int(row[0])

    def tell(self, roots: Iterable[str], subject: str) -> None:
        """From now on the incident *subject* tells of *roots*."""
        with self._connection.transaction():
            self._connection.raw.executemany(
                "UPDATE alert_groups SET incident = ? WHERE root = ?", [(subject, root) for root in roots]
            )

    def begin_anew(self, roots: Iterable[str]) -> None:
        """No incident tells of *roots* any more; what came last, one of a kind, are the first that count."""
        sql = """UPDATE alert_groups AS g SET incident = NULL, since = last_at, left_out = 0, count = max(1, (
            SELECT count(*) FROM alert_kinds AS k WHERE k.root = g.root AND k.last_at >= g.last_at)) WHERE root = ?"""
        with self._connection.transaction():
            self._connection.raw.executemany(sql, [(root,) for root in roots])

    def end(self, roots: Iterable[str]) -> None:
        """Nothing is to be told of *roots* until one of their kinds fires again."""
        with self._connection.transaction():
            self._connection.raw.executemany(
                "UPDATE alert_groups SET live = 0, incident = NULL WHERE root = ?", [(root,) for root in roots]
            )

    def purge(self, before: datetime, *, at_most: int = 1_000) -> int:
        """Delete groups of which nothing came since *before* and nothing is to be told; return how many."""
        with self._connection.transaction():
            rows = self._connection.raw.execute(
                "SELECT root FROM alert_groups WHERE live = 0 AND last_at < ? LIMIT ?", (to_text(before), at_most)
            ).fetchall()
            self._connection.raw.executemany("DELETE FROM alert_kinds WHERE root = ?", rows)
            self._connection.raw.executemany("DELETE FROM alert_groups WHERE root = ?", rows)
        self._roots = None
        return len(rows)


def _group(row: tuple[Any, ...]) -> Group:
    root, since, last_at, count, firing, critical, fired_at, calm_at, incident, left_out = row
    return Group(
        root,
        from_text(since),
        from_text(last_at),
        count,
        firing,
        critical,
        from_text(fired_at) if fired_at else None,
        from_text(calm_at) if calm_at else None,
        incident or "",
        left_out,
    )
