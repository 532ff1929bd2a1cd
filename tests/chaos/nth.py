"""`python -m tests.chaos.nth`: in each workflow the n-th write, fsync, HTTP call or program fails, for every n.

As SQLite tests itself: n grows until the workflow passes untouched. The disk fails under the bot's process (LD_PRELOAD,
a C compiler is needed), and so do the programs that it starts: git, squawk, what draws a chart, PostgreSQL's for a
dump. Slack and Supabase fail at their own end, git also by a program of that name earlier in its PATH. People ask again
where they were told that it failed. Afterwards everything must be settled, nothing done twice, nobody left without an
answer, the history whole, and the bot the same process as before. With `--lanes` several processes do so beside each
other, each with a town of its own and its share of the n. Prints its figures; exit code 1 on any violation.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from pyrage import x25519

from bot.restoring.steps import BACK
from playground.source import WalletRepository
from playground.supabase.keeper import _owner, _reachable
from playground.supabase.postgres import programs
from playground.town import Town
from tests.chaos import abreast, opening, sabotage
from tests.chaos.abreast import Figures
from tests.chaos.bodily import Body, Person, Stuck
from tests.chaos.closing import closes, ends, reaches
from tests.chaos.failing import Failing, wrapper
from tests.chaos.shares import Time
from tests.chaos.workflows import SECRET, Workflows
from tests.mortal.nursery import Nursery

WITHIN = 60.0  # seconds for one workflow with one failure in it
DISK, WITH_GIT = ("write", "fsync", "program"), ("deploy", "migration")
ONLY_PROGRAMS = ("dump",)  # seconds each: what else may fail in an operation, the others show
OFFLINE = 1.0  # seconds for which a restore takes the project away: no less than the bot's looks at it are apart
LONGEST = 2_000  # failures of one kind in one workflow; beyond that something begins again and again


async def run(wanted: argparse.Namespace, folder: Path) -> Figures:
    """All workflows under all kinds of failure."""
    figures = reaches("nth", Figures())
    if wanted.lane:
        figures.tells = abreast.tell
    library = sabotage.build(folder)
    async with AsyncExitStack() as stack:
        town = await opening.town(stack)
        town.project.archive.takes = OFFLINE
        town.project.state.set_secrets({SECRET: "the-first-of-its-values-0123456789"})
        nursery = await opening.nursery(stack, library)
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
        given = Time(wanted.minutes * 60, sum(map(len, tried.values())))
        for name, flow in flows.items():
            if given.gone():
                figures.left_out += len(tried[name])  # at least one of each kind
                continue
            for kind in tried[name]:
                given.next()
                if given.gone():
                    figures.left_out += 1
                    continue
                how = kinds[kind]
                await _until_it_passes(name, flow, kind, how, wanted, body, person, figures, given=given)
                if figures.wrong:
                    return
            await body.dies()  # and is started once more on what it has left
            await body.start("hurried")
            figures.wrong += [f"{name}, after a restart: {one}" for one in await body.settles()]
            figures.wrong += [f"{name}: {one}" for one in _judged(body, workflows)]
            if figures.wrong:
                return
    finally:
        figures.tells(figures)
        person.close()
        await body.stop()


def _tried(name: str, kind: str) -> bool:
    if name in ONLY_PROGRAMS:
        return kind.startswith("program")
    if "Circle" in kind and "Circle" not in name:
        return False
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
    given: Time,
) -> None:
    nth, stride = wanted.first, wanted.stride
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
        figures.refusals, figures.failures = person.refusals, person.failures
        figures.tells(figures)
        if given.over():
            figures.left_out += 1  # at least: nobody knows where it would have passed
            return
        if given.short():
            stride *= 2  # the first ones every one, the last ones some: it has to end in time
        figures.left_out += stride // wanted.stride - 1
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
    duties = workflows.duties
    if not duties.alerts_taken <= count <= duties.alerts_sent:
        found.append(f"{duties.alerts_sent} alerts sent, {duties.alerts_taken} taken, {count} counted")
    noted = body.asks(
        "SELECT t.text, count(*) FROM events AS e JOIN texts AS t USING (digest) WHERE e.kind = 'incident.noted'"
        " GROUP BY t.text HAVING count(*) > 1"
    )
    found += [f"{text!r} was noted {times} times" for text, times in noted]
    sent = [one for one in body.town.project.journal.entries if one.method == "POST" and one.path.endswith("/secrets")]
    (begun,) = body.asks("SELECT count(*) FROM operation_steps WHERE name LIKE 'Set%'")[0]
    if len(sent) > begun:
        found.append(f"secrets were sent {len(sent)} times, and the history has {begun} intents")
    ((begun, done),) = body.asks(
        "SELECT count(DISTINCT subject), count(DISTINCT CASE outcome WHEN 'done' THEN subject END)"
        " FROM operation_steps WHERE name = ?",
        BACK,
    )
    if not done <= (went := len(body.town.project.archive.went_back)) <= begun:
        found.append(f"the project went back {went} times; {begun} operations began to, {done} say that it did")
    return found


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.nth", description=__doc__)
    parser.add_argument("--only", action="append", help="this workflow (all); may be given again")
    parser.add_argument("--kinds", action="append", help="this kind of failure (all); may be given again")
    parser.add_argument("--first", type=int, default=1, help="the first n (1)")
    parser.add_argument("--stride", type=int, default=1, help="from one n to the next (1)")
    parser.add_argument("--most", type=int, default=0, help="failures of one kind in one workflow (0: until it passes)")
    parser.add_argument("--minutes", type=float, default=89, help="from half of them on some n may be left out (89)")
    parser.add_argument("--lanes", type=int, default=8, help="processes that share the n; half a GB of memory each (8)")
    parser.add_argument("--lane", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=7, help="taken, and not needed: nothing here is random")
    wanted = parser.parse_args()
    began = time.monotonic()
    if wanted.lanes > 1 and not wanted.lane:
        figures = asyncio.run(abreast.lanes(wanted))
    else:
        with tempfile.TemporaryDirectory(prefix="aikeys-nth-") as folder:
            figures = asyncio.run(run(wanted, Path(folder)))
            if figures.wrong:
                print("".join((Path(folder) / "bot" / "bot.log").read_text().splitlines(keepends=True)[-300:]))
    if wanted.lane:
        return 1 if figures.wrong else 0
    return closes(figures.wrong, f"nth: {figures.line()}; {(time.monotonic() - began) / 60:.1f} min")


if __name__ == "__main__":
    sys.exit(ends(main))
