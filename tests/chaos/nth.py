"""`python -m tests.chaos.nth`: in each workflow the n-th write, fsync, HTTP call or program fails, for every n.

As SQLite tests itself: n grows until the workflow passes untouched. The disk fails under the bot's process (LD_PRELOAD,
a C compiler is needed), and so do the programs that it starts: git, squawk, what draws a chart, PostgreSQL's for a
dump. Slack and Supabase fail at their own end, git also by a program of that name earlier in its PATH. People ask again
where they were told that it failed. Afterwards everything must be settled, nothing done twice, nobody left without an
answer, the history whole, and the bot the same process as before. Prints its figures; exit code 1 on any violation.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pyrage import x25519

from playground.source import ANA, WalletRepository
from playground.supabase.keeper import _owner, _reachable
from playground.supabase.postgres import programs
from playground.town import Town
from tests.chaos import sabotage
from tests.chaos.bodily import Body, Person, Stuck
from tests.mortal.nursery import Nursery

SECRET = "CANARY_TOKEN"
WITHIN = 60.0  # seconds for one workflow with one failure in it
DISK, WITH_GIT = ("write", "fsync", "program"), ("deploy", "migration")
ONLY_PROGRAMS = ("dump",)  # seconds each: what else may fail in an operation, the others show
A_LOOK = 3.0  # seconds between two looks into the logs: people may ask 24 times a minute (bot.clients.supabase.quota)
LONGEST = 2_000  # failures of one kind in one workflow; beyond that something begins again and again


@dataclass
class Figures:
    """*failed*: failures that were met, by workflow and kind; *wrong*: every violation, in words."""

    failed: Counter[tuple[str, str]] = field(default_factory=Counter)
    refusals: int = 0
    failures: int = 0
    slowest: float = 0.0
    left_out: int = 0
    wrong: list[str] = field(default_factory=list)


class Workflows:
    """What people do; each can be done again and again."""

    def __init__(self, body: Body, person: Person, source: WalletRepository) -> None:
        self._body, self._person, self._source = body, person, source
        self._number = 0
        self.alerts_taken = self.alerts_sent = 0

    def all(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """By name."""
        return {
            "health": self.health,
            "logs": self.logs,
            "note": self.note,
            "deploy": self.deploy,
            "rotation": self.rotation,
            "migration": self.migration,
            "alert": self.alert,
            "incident": self.incident,
            "backup": self.backup,
            "dump": self.dump,
        }

    def _next(self) -> int:
        self._number += 1
        return self._number

    async def health(self) -> None:
        """Looks."""
        await self._person.hears_of("zoe", "/aikeys health", "Healthy")

    async def logs(self) -> None:
        """Looks into the logs."""
        await asyncio.sleep(A_LOOK)
        await self._person.hears_of("zoe", "/aikeys logs db nothing-like-this", "no rows")

    async def note(self) -> None:
        """Writes into the timeline, once whatever fails: who hears that it stands there does not write it again."""
        text = f"note {self._next()} of many"
        if not self._body.asks("SELECT 1 FROM incidents WHERE state <> 'resolved'"):
            await self._opened("a day of trouble")
        (one,) = self._body.asks("SELECT number FROM incidents WHERE state <> 'resolved' ORDER BY number LIMIT 1")[0]
        await self._person.hears_of("ana", f'/aikeys incident note "{text}" {one}', text)

    async def deploy(self) -> None:
        """Asks, approves, watches."""
        number = self._next()
        entry = "supabase/functions/health/index.ts"
        self._source.commit(ANA, f"Release {number}", {entry: f"{self._source.text(entry)}// {number}\n"})
        await self._person.through("/aikeys deploy health")

    async def rotation(self) -> None:
        """Asks, approves, enters."""
        value = f"a-value-of-its-own-{self._next():08d}-0123456789abcdef"

        async def entered() -> None:
            if self._person.button("aikeys:enter") is None:
                return
            await self._person._press("ana", "aikeys:enter")
            async with asyncio.timeout(2):
                while not (modals := self._body.town.slack.views("ana")["modals"]):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            await self._person.submits(modals[-1], {SECRET: value})
            self._person.close_modals()

        await self._person.through(f"/aikeys rotate {SECRET}", entered)
        self._person.close_modals()

    async def migration(self) -> None:
        """Asks, approves, watches."""
        number = self._next()
        file = f"supabase/migrations/{20270101000000 + number}_table_{number}.sql"
        self._source.commit(ANA, f"Table {number}", {file: f"create table public.made_{number} (id bigint);\n"})
        await self._person.through("/aikeys migrate")

    async def alert(self) -> None:
        """Somebody else's alert comes in; who gets no 202 sends it again."""
        name = f"Nth{self._next()}"
        said = []
        for _ in range(5):
            self.alerts_sent += 1
            said.append(await self._body.alert(name))
            if said[-1] == 202:
                self.alerts_taken += 1
                break
            await asyncio.sleep(0.4)
        else:
            raise Stuck(f"an alert was never taken: {said}")
        await self._person.until(lambda: self._body.asks("SELECT 1 FROM incidents WHERE title LIKE ?", f"%{name}%"), 15)
        (subject,) = self._body.asks("SELECT subject FROM incidents WHERE title LIKE ?", f"%{name}%")[0]
        await self._over(subject)

    async def incident(self) -> None:
        """Opens, resolves, exports."""
        title = f"trouble {self._next()}"
        subject = await self._opened(title)
        await self._over(subject)
        await self._person.hears_of("zoe", f"/aikeys incident export {subject.partition('/')[2]}", "is in the thread")

    async def backup(self) -> None:
        """A restore point."""
        name = f"point-{self._next()}"
        await self._person.hears_of("ben", f"/aikeys backup now {name}", f"/aikeys restore {name}")

    async def dump(self) -> None:
        """A dump, restored and counted."""
        await self._person.through("/aikeys backup dump")

    async def _opened(self, title: str) -> str:
        there = lambda: self._body.asks("SELECT subject FROM incidents WHERE title = ?", title)  # noqa: E731
        for _ in range(5):
            said = await self._body.town.slack.say("ana", "#ops", f'/aikeys incident open "{title}"')
            if said.get("acked") is False:
                self._person.failures += 1
                continue
            try:
                return str((await self._person.until(there, 6))[0][0])
            except TimeoutError:
                self._person.refusals += 1
        raise Stuck(f"{title} could not be opened")

    async def _over(self, subject: str) -> None:
        number = subject.partition("/")[2]
        over = lambda: self._body.asks("SELECT 1 FROM incidents WHERE subject = ? AND state = 'resolved'", subject)  # noqa: E731
        for _ in range(5):
            said = await self._body.town.slack.say("ana", "#ops", f'/aikeys incident resolve {number} "over"')
            self._person.failures += said.get("acked") is False
            if said.get("acked") is False:
                continue
            try:
                await self._person.until(over, 6)
            except TimeoutError:
                self._person.refusals += 1
            else:
                return
        raise Stuck(f"{subject} could not be resolved")


class Failing:
    """The kinds of failure, each by its name: something is told to fail at its *nth* time, and whether it has."""

    def __init__(self, body: Body, wrapped: Path) -> None:
        self._body, self._wrapped = body, wrapped

    def all(self) -> dict[str, Callable[[int], object]]:
        """By name."""
        town, orders = self._body.town, self._body.orders

        def disk(what: int, error: int) -> Callable[[int], object]:
            return lambda nth: self._disk(what, nth, error)

        def slack(name: str) -> Callable[[int], object]:
            return lambda nth: self._slack(name, nth)

        def supabase(**how: object) -> Callable[[int], object]:
            return lambda nth: self._supabase(town, nth, how)

        assert orders is not None
        return {
            "write": disk(sabotage.WRITE, sabotage.EIO),
            "write, disk full": disk(sabotage.WRITE, sabotage.ENOSPC),
            "fsync": disk(sabotage.SYNC, sabotage.EIO),
            "call of Slack": slack("slack_5xx"),
            "answer of Slack": slack("slack_store_then_drop"),
            "call of Supabase": supabase(status=500, body={"message": "Internal"}),
            "answer of Supabase": supabase(drop=True, after=True),
            "program, not started": disk(sabotage.START, sabotage.ENOMEM),
            "program, ends at once": disk(sabotage.END, 0),
            "git": lambda nth: self._git(nth, "exit 1"),
            "git, killed": lambda nth: self._git(nth, "kill -9 $$"),
        }

    @asynccontextmanager
    async def _disk(self, what: int, nth: int, error: int) -> AsyncIterator[Callable[[], bool]]:
        with self._body.orders.failing(what, nth, error):
            yield lambda: self._body.orders.failed > 0

    @asynccontextmanager
    async def _slack(self, name: str, nth: int) -> AsyncIterator[Callable[[], bool]]:
        faults = self._body.town.slack.faults
        await faults.set(name, True, nth=nth)
        try:
            yield lambda: faults.spent(name)
        finally:
            spent = faults.spent(name)
            await faults.set(name, False, nth=-1 if spent else 0)

    @asynccontextmanager
    async def _supabase(self, town: Town, nth: int, how: dict[str, object]) -> AsyncIterator[Callable[[], bool]]:
        async with town.project.answers("*", ".", nth=nth, **how) as rule:  # type: ignore[arg-type]
            yield lambda: rule.hits > 0

    @asynccontextmanager
    async def _git(self, nth: int, how: str) -> AsyncIterator[Callable[[], bool]]:
        (self._wrapped / "seen").write_text("")
        (self._wrapped / "nth").write_text(f"{nth} {how}")
        try:
            yield lambda: len((self._wrapped / "seen").read_text()) >= nth
        finally:
            (self._wrapped / "nth").unlink()


def wrapper(folder: Path, git: str) -> Path:
    """A folder with a git that fails when it is told to."""
    folder.mkdir()
    (folder / "git").write_text(f"""#!/bin/sh
if [ -f {folder}/nth ]; then
  printf x >> {folder}/seen
  read -r nth how < {folder}/nth
  if [ "$(wc -c < {folder}/seen)" -eq "$nth" ]; then eval "$how"; fi
fi
exec {git} "$@"
""")
    (folder / "git").chmod(0o755)
    return folder


async def run(wanted: argparse.Namespace, folder: Path) -> Figures:
    """All workflows under all kinds of failure."""
    figures = Figures()
    library = sabotage.build(folder)
    async with AsyncExitStack() as stack:
        town, nursery = Town(), Nursery(library)
        await town.start()
        stack.push_async_callback(town.stop)
        town.project.archive.takes = 0.0
        town.project.state.set_secrets({SECRET: "the-first-of-its-values-0123456789"})
        await nursery.open()
        stack.push_async_callback(nursery.close)
        source = WalletRepository(folder / "wallet")
        source.build()
        await world(wanted, folder, town, nursery, source, figures, disk=library is not None)
    return figures


async def world(
    wanted: argparse.Namespace,
    folder: Path,
    town: Town,
    nursery: Nursery,
    source: WalletRepository,
    figures: Figures,
    *,
    disk: bool,
) -> None:
    """The same in a town that is there."""
    wrapped = wrapper(folder / "bin", str(shutil.which("git")))
    more = {"AIKEYS_SOURCE": str(source.path), "PATH": f"{wrapped}:{os.environ['PATH']}"}
    if not wanted.only or "dump" in wanted.only:
        more |= dumps(town, folder)
    body = Body(town, nursery, folder / "bot", more)
    await body.start("hurried")
    person = body.people()
    try:
        workflows, failing = Workflows(body, person, source), Failing(body, wrapped)
        if not wanted.only or "migration" in wanted.only:
            await workflows.migration()  # what waits in the source from its first day on
        kinds = {kind: how for kind, how in failing.all().items() if disk or not kind.startswith(DISK)}
        flows = {name: flow for name, flow in workflows.all().items() if not wanted.only or name in wanted.only}
        asked = [kind for kind in kinds if not wanted.kinds or kind in wanted.kinds]
        tried = {name: [kind for kind in asked if _tried(name, kind)] for name in flows}
        budget = wanted.minutes * 60 / max(1, sum(map(len, tried.values())))
        for name, flow in flows.items():
            for kind in tried[name]:
                how = kinds[kind]
                await _until_it_passes(name, flow, kind, how, wanted, body, person, figures, budget=budget)
                if figures.wrong:
                    return
            await body.dies()  # and is started once more on what it has left
            await body.start("hurried")
            figures.wrong += [f"{name}, after a restart: {one}" for one in await body.settles()]
            figures.wrong += [f"{name}: {one}" for one in _judged(body, workflows)]
            if figures.wrong:
                return
    finally:
        figures.refusals, figures.failures = person.refusals, person.failures
        person.close()
        await body.stop()


def _tried(name: str, kind: str) -> bool:
    if name in ONLY_PROGRAMS:
        return kind.startswith("program")
    return name in WITH_GIT or not kind.startswith("git")


def dumps(town: Town, folder: Path) -> dict[str, str]:
    """The settings for dumps of the town's database."""
    folder.chmod(0o711)  # PostgreSQL refuses root: whom it runs as has to get at its programs
    place = folder / "programs"
    place.mkdir()
    postgres = town.project.postgres
    where = f"?host={postgres.host}&port={postgres.port}"
    return {
        "AIKEYS_DUMP_URL": f"postgresql://supabase_read_only_user:not-asked-for@/postgres{where}",
        "AIKEYS_DUMP_KEY": str(x25519.Identity.generate().to_public()),
        "AIKEYS_DUMPS": str(folder / "dumps"),
        "AIKEYS_PG_BIN": str(_reachable(programs(), place, _owner())),
    }


async def _until_it_passes(
    name: str,
    flow: Callable[[], Awaitable[None]],
    kind: str,
    how: Callable[[int], object],
    wanted: argparse.Namespace,
    body: Body,
    person: Person,
    figures: Figures,
    *,
    budget: float,
) -> None:
    nth, stride, started = wanted.first, wanted.stride, time.monotonic()
    while not wanted.most or figures.failed[name, kind] < wanted.most:
        began = time.monotonic()
        person.forget()
        try:
            async with asyncio.timeout(WITHIN), how(nth) as failed:  # type: ignore[attr-defined]
                await flow()
                met = failed()
        except (Stuck, TimeoutError) as error:
            figures.wrong.append(f"{name}, {kind} {nth}: {str(error) or 'not done within a minute'}")
            return
        figures.slowest = max(figures.slowest, time.monotonic() - began)
        figures.wrong += [f"{name}, {kind} {nth}: {one}" for one in await body.settles()]
        if not body.lives:
            figures.wrong.append(f"{name}, {kind} {nth}: the bot ended by itself; its log: {body.log}")
        if not met or figures.wrong:
            return
        figures.failed[name, kind] += 1
        if time.monotonic() - started > budget / 2:
            stride *= 2  # the first ones every one, the last ones some: it has to end in time
        figures.left_out += stride - wanted.stride
        nth += stride
        if nth > LONGEST:
            figures.wrong.append(f"{name}, {kind}: {LONGEST} of them, and no end")


def _judged(body: Body, workflows: Workflows) -> list[str]:
    """What the outside world counted against the history."""
    # A modal that closes is the answer to what was entered in it; what became of it stands on the card.
    # The files of a report belong to an answer, which is no letter.
    known = ("(answered): Handed(kind='submission'", "of 0 files incident-")
    found = [one for one in body.checker.wrong() if not any(words in one for words in known)]
    (count,) = body.asks("SELECT coalesce(sum(count), 0) FROM alert_kinds")[0]
    if not workflows.alerts_taken <= count <= workflows.alerts_sent:
        found.append(f"{workflows.alerts_sent} alerts sent, {workflows.alerts_taken} taken, {count} counted")
    noted = body.asks(
        "SELECT t.text, count(*) FROM events AS e JOIN texts AS t USING (digest) WHERE e.kind = 'incident.noted'"
        " GROUP BY t.text HAVING count(*) > 1"
    )
    found += [f"{text!r} was noted {times} times" for text, times in noted]
    sent = [one for one in body.town.project.journal.entries if one.method == "POST" and one.path.endswith("/secrets")]
    (begun,) = body.asks("SELECT count(*) FROM operation_steps WHERE name LIKE 'Set%'")[0]
    if len(sent) > begun:
        found.append(f"secrets were sent {len(sent)} times, and the history has {begun} intents")
    return found


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.nth", description=__doc__)
    parser.add_argument("--only", action="append", help="this workflow (all); may be given again")
    parser.add_argument("--kinds", action="append", help="this kind of failure (all); may be given again")
    parser.add_argument("--first", type=int, default=1, help="the first n (1)")
    parser.add_argument("--stride", type=int, default=1, help="from one n to the next (1)")
    parser.add_argument("--most", type=int, default=0, help="failures of one kind in one workflow (0: until it passes)")
    parser.add_argument("--minutes", type=float, default=89, help="from half of them on not every n is tried (89)")
    parser.add_argument("--seed", type=int, default=7, help="taken, and not needed: nothing here is random")
    wanted = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aikeys-nth-") as folder:
        figures = asyncio.run(run(wanted, Path(folder)))
        if figures.wrong:
            print("".join((Path(folder) / "bot" / "bot.log").read_text().splitlines(keepends=True)[-60:]))
    for each in figures.wrong[:20]:
        print(f"  WRONG: {each}")
    kinds: Counter[str] = Counter()
    for (_, kind), count in figures.failed.items():
        kinds[kind] += count
    met = ", ".join(f"{count} × {kind}" for kind, count in kinds.most_common())
    print(
        f"nth: {figures.failed.total()} failures in {len({flow for flow, _ in figures.failed})} workflows, "
        f"{figures.left_out} left out ({met}); Slack said {figures.failures} times that it failed, the bot "
        f"{figures.refusals} times that it could not; the slowest took {figures.slowest:.1f} s; "
        f"{len(figures.wrong)} violations; {time.monotonic() - began:.0f} s"
    )
    return 1 if figures.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
