"""Migrations in a hurry: asked for, approved, taken back; and what must be true of each, counted in the database.

Each file adds a row to a table that nothing keeps from getting it twice, in whatever transaction the file is applied
in. Every fifth is an index that no transaction can hold: it is asked of the catalog.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from playground.town import Town
from tests.chaos.hands import OPS, Hands, NotThere

FOLDER = "supabase/migrations"
VERSIONS = [str(20270101000000 + number) for number in range(1, 61)]
ALONE = frozenset(VERSIONS[4::5])  # no transaction can hold it
UP, BACK = "up", "back"
MADE = """set role postgres; create table public.chaos_counted (version text, way text);
    alter table public.chaos_counted enable row level security"""
COUNTED = "select version, way, count(*) from public.chaos_counted group by version, way"
INDEXES = """select substr(c.relname, 7) from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relname like 'chaos\\_%' and i.indisvalid"""
STEPS = """SELECT o.subject, o.state, json_extract(e.data, '$.approval'), json_extract(e.data, '$.data.name'), s.name,
    group_concat(coalesce(s.outcome, '?')) FROM operations AS o JOIN events AS e ON e.id = o.start_id
    JOIN (SELECT * FROM operation_steps ORDER BY subject, step, attempt) AS s ON s.subject = o.subject
    WHERE json_extract(e.data, '$.command') IN ('migrate', 'rollback migration', 'point') GROUP BY o.subject, s.step"""
TOLD = {"migration.applied": UP, "migration.undone": BACK}
_PROGRESS = re.compile(r"operation/\d+/progress")
_TICKED = re.compile(r"✓ (Apply|Note|Take) (\d+)")
OPEN = ("unknown", "?")


def files() -> dict[str, str]:
    """What is to be committed: each migration, and its way back."""
    found: dict[str, str] = {}
    for one in VERSIONS:
        note = f"insert into public.chaos_counted (version, way) values ('{one}', '%s');\n"
        up, back = f"create table if not exists public.chaos_{one} (id bigint);\n{note % UP}", note % BACK
        if one in ALONE:
            up = f"create index concurrently if not exists chaos_{one} on public.payment_events (wallet_id);\n"
            back += f"drop index public.chaos_{one};\n"
        found |= {f"{FOLDER}/{one}_chaos.sql": up, f"{FOLDER}/down/{one}.sql": back}
    return found


@dataclass
class World:
    """As the database has it. *rows*: the project's own history; *counted*: by version and way; *indexes*: valid."""

    rows: set[str] = field(default_factory=set)
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)
    indexes: set[str] = field(default_factory=set)
    twice: list[str] = field(default_factory=list)
    points: Counter[str] = field(default_factory=Counter)


class Migrations:
    """What people do about the schema. `opens` first; `looks`, then `wrong` judges."""

    def __init__(self, town: Town, hands: Hands) -> None:
        self._town = town
        self._hands = hands
        self._chance = hands.chance
        self._points = 0
        self.world = World()

    async def opens(self) -> None:
        """Make the table that counts."""
        async with self._town.project.postgres.superuser() as connection:
            await connection.execute(MADE)

    async def looks(self) -> None:
        """See how the database is now."""
        async with self._town.project.postgres.superuser() as connection:
            rows = Counter([str(one["version"]) for one in await connection.fetch(_ROWS)])
            counted = Counter({(one[0], one[1]): int(one[2]) for one in await connection.fetch(COUNTED)})
            indexes = {str(one[0]) for one in await connection.fetch(INDEXES)}
        twice = [one for one, count in rows.items() if count > 1]
        self.world = World(set(rows), counted, indexes, twice, Counter(self._town.project.archive.made))

    @property
    def applied(self) -> int:
        """How many were, as the database last had it."""
        return sum(n for (_, way), n in self.world.counted.items() if way == UP) + len(self.world.indexes)

    @property
    def back(self) -> int:
        """How many were taken back."""
        return sum(n for (_, way), n in self.world.counted.items() if way == BACK)

    async def ask(self) -> None:
        """The next, or the next two. Where two things wait for approval already, these come first."""
        waits = [one for one in VERSIONS if one not in await self._history()][: self._chance.choice([1, 1, 2])]
        if waits:
            await self._asks(f"migrate --to {waits[-1]}{self._chance.choice(['', ' --unsaved'])}")

    async def take_back(self) -> None:
        """The newest."""
        newest = max(await self._history(), default="")
        if newest in VERSIONS:
            await self._asks(f"rollback migration {newest} --unsaved")

    async def point(self) -> None:
        """A restore point: nobody must approve it."""
        self._points += 1
        await self._hands.slack.say("ben", "#ops", f"/aikeys backup now chaos-{self._points}")

    async def _asks(self, line: str) -> None:
        if len(self._hands.buttons("aikeys:approve")) >= 2:
            raise NotThere
        await self._hands.slack.say("ana", "#ops", f"/aikeys {line}")

    async def _history(self) -> set[str]:
        async with self._town.project.postgres.superuser() as connection:
            return {str(one["version"]) for one in await connection.fetch(_ROWS)}

    def wrong(self, db: Database) -> Iterator[str]:
        """Applied, taken back and told as often as the database has it; nothing without an approval."""
        yield from (f"the project's history holds {one} twice" for one in self.world.twice)
        granted = {row[0] for row in db.conn.execute("SELECT subject FROM approvals WHERE state = 'granted'")}
        done, over, open_, asked = Counter[Any](), Counter[Any](), Counter[Any](), Counter[str]()
        for subject, state, approval, name, step, outcomes in db.conn.execute(STEPS):
            tries = outcomes.split(",")
            if step == "Ask for a restore point":
                asked[name] += len(tries)
                if tries[-1] == "done" and not self.world.points[name]:
                    yield f"{subject} says that there is a restore point {name}, and nobody made one"
            what = _what(step)
            if what is None:
                continue
            if approval not in granted:
                yield f"{subject} runs without an approval"
            if len(tries) > 1 and not step.startswith("Note"):
                yield f"{subject} sent “{step}” {len(tries)} times"
            done[what] += tries[-1] == "done"
            open_[what] += tries[-1] in OPEN
            over[what] += tries[-1] == "done" and state not in ("running", "needs-human")
        for name, times in self.world.points.items():
            if times > asked[name]:
                yield f"the restore point {name} was made {times} times, and asked for {asked[name]} times"
        yield from self._counted(done, open_)
        yield from _differ(over, self._events(db), "the history tells that", "its operations say")
        yield from _differ(done, self._said(), "the channel says that", "the history has it")

    def _counted(self, done: Counter[Any], open_: Counter[Any]) -> Iterator[str]:
        """What the database counted, against what the steps say."""
        world = self.world
        for version in VERSIONS:
            for way in (UP, BACK):
                least = done[version, way]
                most = least + open_[version, way]
                times = world.counted[version, way]
                if (way == BACK or version not in ALONE) and not least <= times <= most:
                    yield f"{version} {way}: it happened {times} times; the history has {least} to {most}"
            ups = done[version, UP] if version in ALONE else world.counted[version, UP]
            there = ups - world.counted[version, BACK]
            unsure = version in ALONE and open_[version, UP]
            if not unsure and there != (version in world.rows):
                yield f"{version} is in effect {there} times; in the project's history: {version in world.rows}"
            if version in ALONE and version in world.rows and version not in world.indexes:
                yield f"{version} is in the project's history, and its index is not there"

    @staticmethod
    def _events(db: Database) -> Counter[Any]:
        sql = "SELECT kind, subject, count(*) FROM events WHERE subject LIKE 'migration/%' GROUP BY kind, subject"
        found = db.conn.execute(sql).fetchall()
        return Counter({(of.partition("/")[2], TOLD[kind]): count for kind, of, count in found if kind in TOLD})

    def _said(self) -> Counter[Any]:
        """What stands in the channel: each operation's own message ticks off what it has done."""
        found = Counter[Any]()
        for message in self._hands.slack.state.timelines[OPS].values():
            if message.metadata and _PROGRESS.fullmatch(str(message.metadata["event_payload"].get("key"))):
                for word, version in _TICKED.findall(message.text):
                    what = _what(f"{word} {version}{' back' if word == 'Take' else ''}")
                    found.update([what] if what else [])
        return found


_ROWS = "select version from supabase_migrations.schema_migrations"


def _what(step: str) -> tuple[str, str] | None:
    """The version and the way of a step that counts; of what ran alone it is the note that does."""
    word, _, rest = step.partition(" ")
    version = rest.partition(" ")[0]
    if word == "Take":
        return version, BACK
    counts = (word == "Apply" and version not in ALONE) or (word == "Note" and version in ALONE)
    return (version, UP) if counts and version.isdigit() else None


def _differ(one: Counter[Any], other: Counter[Any], says: str, against: str) -> Iterator[str]:
    for version, way in sorted(one.keys() | other.keys()):
        if one[version, way] != other[version, way]:
            yield f"{says} {version} went {way} {other[version, way]} times; {against} {one[version, way]} times"
