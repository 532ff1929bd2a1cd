"""The judge: what the outside world counted against what the history says. It never asks the bot.

Outside are the playground's own notes: which deploys took effect, what Slack was told is taken, what stands in the
channels. The history is the SQLite file, opened for reading beside the bot.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from playground.town import Town
from store.audit import verify
from tests.chaos import answered
from tests.chaos.alarms import Alarms
from tests.chaos.history import DECISIONS, History
from tests.chaos.ledger import Ledger
from tests.chaos.migrations import Migrations
from tests.chaos.nights import Nights
from tests.chaos.secrets import Secrets
from tests.mortal.bot import KEY

SENT = """SELECT o.subject, o.state, json_extract(e.data, '$.data.parts'), json_extract(e.data, '$.approval')
    FROM operations AS o JOIN events AS e ON e.id = o.start_id
    WHERE json_extract(e.data, '$.data.parts') IS NOT NULL"""


class Checker(History):
    """Of one bot's history and the town it lives in."""

    def __init__(self, town: Town, path: Path, key: bytes = KEY) -> None:
        super().__init__(path, town.clock)
        self._town = town
        self.key = key
        self.ledger = Ledger(town.slack)
        self.human = 0
        self.alarms: Alarms | None = None
        self.migrations: Migrations | None = None
        self.secrets: Secrets | None = None
        self.nights: Nights | None = None

    def wrong(self) -> list[str]:
        """All that must not be, once everything is settled."""
        with self.opened() as db:
            found = [*self._effects(db), *self._decisions(db), *self._letters(db)]
            found += answered.lost(db, self._town.slack, self.ledger.acked, self.ledger.private)
            found += self.alarms.wrong(db) if self.alarms is not None else []
            found += self.migrations.wrong(db) if self.migrations is not None else []
            found += self.secrets.wrong(db) if self.secrets is not None else []
            found += self.nights.wrong(db, self._town.clock.now()) if self.nights is not None else []
            found += [
                f"the file is not whole: {row[0]}"
                for row in db.conn.execute("PRAGMA integrity_check")
                if row[0] != "ok"
            ]
            verdict = verify(db, self.key)
        self.ledger.judged()
        return found if verdict.ok else [*found, f"the history is not good: {verdict.why}"]

    def _effects(self, db: Database) -> Iterator[str]:
        """Each deploy that took effect belongs to one approved operation that says so; each that says so is there."""
        outcomes: dict[tuple[str, str], list[str | None]] = defaultdict(list)
        for subject, name, outcome in db.conn.execute(
            "SELECT subject, name, outcome FROM operation_steps ORDER BY subject, step, attempt"
        ):
            outcomes[subject, name].append(outcome)
        mine: dict[tuple[str, int, str], list[tuple[str, str | None]]] = defaultdict(list)
        granted = {row[0] for row in db.conn.execute("SELECT subject FROM approvals WHERE state = 'granted'")}
        self.human = 0
        for subject, state, parts, approval in db.conn.execute(SENT):
            self.human += state == "needs-human"
            if approval not in granted:
                yield f"{subject} runs without an approval"
            for part in json.loads(parts or "[]"):
                slug, files = part["function"], json.dumps(part["files"], sort_keys=True)
                tries = outcomes.get((subject, "Deploy")) or outcomes.get((subject, f"{slug}: deploy")) or []
                if len(tries) > 1:
                    yield f"{subject} sent {slug} {len(tries)} times"
                if tries:
                    mine[slug, (part["live"]["version"] or 0) + 1, files].append((subject, tries[-1]))
        landed = Counter(
            (one.slug, one.version, json.dumps(one.files, sort_keys=True)) for one in self._town.project.state.deploys
        )
        for effect, count in landed.items():
            slug, version, _ = effect
            of = [one for one in mine.get(effect, []) if one[1] in ("done", "unknown", None)]
            if count != 1 or len(of) != 1:
                yield f"{slug} version {version} took effect {count} times; the history has {mine.get(effect)} for it"
        for effect, of in mine.items():
            if any(outcome == "done" for _, outcome in of) and not landed[effect]:
                yield f"{effect[0]} version {effect[1]} never took effect, and the history says done: {of}"
        posts = Counter((one.slug, one.version) for one in self._town.project.state.deploys)
        yield from (f"{slug} has version {version} twice" for (slug, version), count in posts.items() if count > 1)

    @staticmethod
    def _decisions(db: Database) -> Iterator[str]:
        """One decision an approval, by another person than the one who asked."""
        marks = ", ".join("?" * len(DECISIONS))
        kinds = [f"approval.{decision}" for decision in DECISIONS]
        sql = f"SELECT subject, count(*) FROM events WHERE kind IN ({marks}) GROUP BY subject HAVING count(*) > 1"
        yield from (f"{subject} was decided {count} times" for subject, count in db.conn.execute(sql, kinds))
        sql = """SELECT v.subject FROM approval_votes AS v JOIN approvals AS a USING (subject)
            WHERE v.user = a.requested_by"""
        yield from (f"{subject} was approved by who asked" for (subject,) in db.conn.execute(sql))

    def _letters(self, db: Database) -> Iterator[str]:
        """Each stands where it belongs, as it was last written; in a channel once."""
        # Those still on their way began when everything else was settled (a timer's): the next judgement has them.
        sql = "SELECT key, channel, state, body, ts FROM letters WHERE state = 'failed' OR sent_version >= version"
        written = db.conn.execute(sql).fetchall()
        stand: dict[str, list[Any]] = defaultdict(list)
        files: Counter[str] = Counter()
        owed = Counter(key.partition("/file/")[2] for (key,) in db.conn.execute("SELECT key FROM letters"))
        named: Counter[str] = Counter()
        for timeline in self._town.slack.state.timelines.values():
            for message in timeline.values():
                files.update(one["id"] for one in message.files)
                named.update(one["name"] for one in message.files)
                if message.metadata and message.metadata["event_type"] == "aikeys_letter":
                    stand[message.metadata["event_payload"]["key"]].append(message)
        yield from (f"of {owed[one]} files {one} there stand {named[one]}" for one in named if named[one] > owed[one])
        for key, channel, state, body, ts in written:
            there = stand.get(key, [])
            if not there and "/file/" in key and files[ts]:
                continue
            if state != "posted" or not there:
                yield f"the letter {key} is {state} and stands in {len(there)} places"
            elif not channel.startswith("U") and len(there) > 1:
                yield f"the letter {key} was said {len(there)} times"
            elif there and json.loads(body)["text"] not in [one.text for one in there]:
                yield f"the letter {key} reads otherwise than it was written"
