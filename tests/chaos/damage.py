"""`python -m tests.chaos.damage`: the disk is full or broken, the bot's memory is damaged or taken away while it runs.

Each scene has a bot of its own, a deploy that waits for its approval, and people who go on asking. While it lasts
nothing may be acknowledged that is not kept, no effect may begin, Slack says to people that it failed, alerts get no
202, /readyz says no, and the bot says by itself, in Slack and by mail, what is wrong and what to do. Where it is
mended the same process must go on; where it is not, the bot is killed: it must not start on damaged pages, and on a
copy that `aikeys restore` has put back it must go on. Bytes that are damaged unseen may have been acknowledged upon
until the next look: what is lost of that is counted. Prints how soon each was noticed; exit code 1 on any violation.
"""

import argparse
import asyncio
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from playground.source import WalletRepository
from playground.town import Town
from tests.canaries.desk import ControlError
from tests.chaos import opening, sabotage
from tests.chaos.bodily import Body, Person
from tests.chaos.closing import closes, ends, reaches
from tests.chaos.putback import Copied, kept

TOLD_WITHIN = 60.0  # real seconds; the bot's own waits are SPEED times as short
SPEED = 10
FILL = 15  # alerts
QUIET = 400  # lines of the log while it lasts: nothing may complain without an end
Break = Callable[[Body], None]


@dataclass
class Figures:
    """*told*: seconds of the bot's clock until it said so, by scene; *wrong*: every violation.

    *refused*: commands that Slack said have failed. *lost*: acknowledged on damaged bytes, before the look that saw it.
    *restored*: scenes in which a copy was put back, and the bot went on with it.
    """

    told: dict[str, float] = field(default_factory=dict)
    refused: int = 0
    lost: int = 0
    restored: int = 0
    wrong: list[str] = field(default_factory=list)


def _flip(path: Path, begin: float, end: float) -> None:
    """Every byte of a part of the file becomes another, as where a disk gives back somebody else's block."""
    with path.open("r+b") as file:
        size = path.stat().st_size
        first, last = int(size * begin), int(size * end)
        file.seek(first)
        block = bytes(byte ^ 0x5A for byte in file.read(last - first))
        file.seek(first)
        file.write(block)


def _wal(body: Body) -> Path:
    return body.path.with_name(f"{body.path.name}-wal")


def _other(body: Body) -> None:
    shutil.copy(body.path, body.folder / "other")
    (body.folder / "other").replace(body.path)


def _cut(body: Body) -> None:
    with body.path.open("r+b") as file:
        file.truncate(body.path.stat().st_size // 2)


# What is broken, and whether the same process goes on when that is mended (`Orders.calm`).
MENDED: dict[str, Break] = {
    "disk full": lambda body: body.orders.fail(sabotage.FULL, error=sabotage.ENOSPC),
    "disk broken": lambda body: body.orders.fail(sabotage.EVERY, error=sabotage.EIO),
    "read-only": lambda body: body.orders.fail(sabotage.EVERY, error=sabotage.EROFS),
}
LOST: dict[str, Break] = {
    "file removed": lambda body: body.path.unlink(),
    "log removed": lambda body: _wal(body).unlink(),
    "folder removed": lambda body: shutil.rmtree(body.data),
    "another file in its place": _other,
    "file cut off": _cut,
    "pages damaged": lambda body: _flip(body.path, 0.2, 0.9),
    "first pages damaged": lambda body: _flip(body.path, 0, 0.05),
    "log damaged": lambda body: _flip(_wal(body), 0.1, 1),
}
# What the bot's process has read stays good in its memory, and SQLite writes on: seen by the look at all pages alone.
UNSEEN = frozenset({"pages damaged", "first pages damaged", "log damaged"})
DAMAGED = UNSEEN - {"log damaged"} | {"file cut off"}  # of a log SQLite reads what is whole: up to an earlier moment


async def scene(name: str, does: Break, body: Body, figures: Figures) -> None:
    """One, from the first command to its end."""
    town, wrong = body.town, figures.wrong
    await body.start(f"hurried:{SPEED}")
    person = body.people()
    try:
        await person.hears_of("zoe", "/aikeys contacts", "Whom to ring")
        await person.says("ana", "/aikeys deploy health")
        await person.until(lambda: person.button("aikeys:approve"), 15)
        if name == "log damaged":
            await _fills(body)
        copied = Copied(body)
        wrong += [f"{name}: {one}" for one in await copied.made()]
        if name != "log damaged":
            await asyncio.to_thread(_checkpoint, body)
            await body.ready()  # it has seen how large the file is now
        before, mails = len(town.project.state.deploys), len(town.mailbox.messages)
        lines, acked = body.log.read_text().count("\n"), len(body.checker.ledger.acked)
        does(body)
        began = time.monotonic()
        told = await _lasts(name, body, person, figures, mails)
        if told is None:
            return
        figures.told[name] = (told - began) * SPEED
        # Before the damage is seen the bot works on, and keeps an intent for all that it does.
        if (landed := len(town.project.state.deploys) - before) > _intents(body, lines):
            wrong.append(f"{name}: {landed} deploys took effect without an intent")
        if not body.lives:
            wrong.append(f"{name}: the bot ended by itself; its log: {body.log}")
        said = body.log.read_text().splitlines()[lines:]
        if len(said) > QUIET:
            events = Counter(re.findall(r'"event": "([^"]+)"', "\n".join(said)))
            wrong.append(f"{name}: {len(said)} lines of log meanwhile, most of them {events.most_common(4)}")
        if name in MENDED:
            body.orders.calm()
            await _goes_on(name, body, person, figures)
        else:
            await body.dies()
            taken = {one.key for one in body.checker.ledger.acked[acked:]} - set(kept(body.path))
            if name in UNSEEN:
                figures.lost += len(taken)
            else:
                wrong += [f"{name}: acknowledged, and it could not be kept: {one}" for one in sorted(taken)]
            found = [*await copied.starts_on_it(damaged=name in DAMAGED), *await copied.put_back(person)]
            wrong += [f"{name}: {one}" for one in found]
            figures.restored += not found
    finally:
        person.close()
        await body.stop()


async def _fills(body: Body) -> None:
    """Pages into the log that nobody writes again soon: a damaged one that is written again is whole."""
    await asyncio.sleep(10 / SPEED)  # its first tidying, which empties the log, is over
    for number in range(FILL):
        await body.alert(f"Fill {number}")


def _intents(body: Body, lines: int) -> int:
    """Deploys whose intent was committed since; by the log, for the file is not to be read any more."""
    said = body.log.read_text().splitlines()[lines:]
    return sum('"event": "step.intent"' in one and '"step": "Deploy"' in one for one in said)


def _checkpoint(body: Body) -> None:
    """All of it into the file itself: a young one lies in its log alone."""
    db = sqlite3.connect(body.path, timeout=5)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    db.close()


async def _lasts(name: str, body: Body, person: Person, figures: Figures, mails: int) -> float | None:
    """People ask on until the bot has said what is wrong; when it had, or None where it never did."""
    town, wrong = body.town, figures.wrong

    over = asyncio.Event()

    async def asks(who: str) -> None:
        while not over.is_set():
            with suppress(ControlError):
                figures.refused += (await town.slack.say(who, "#ops", "/aikeys contacts")).get("acked") is False
            await asyncio.sleep(0.05)

    async def presses() -> None:
        while not over.is_set():
            with suppress(ControlError):
                await person.presses("ben", "aikeys:approve")
            await asyncio.sleep(0.05)

    def told() -> bool:
        said = any("I can write nothing down" in one.get("text", "") for one in town.slack.messages("C0OPS", "ana"))
        return said and len(town.mailbox.messages) > mails

    asking = [asyncio.create_task(one) for one in (asks("zoe"), asks("ana"), presses())]
    try:
        await person.until(told, TOLD_WITHIN)
        when = time.monotonic()
    except TimeoutError:
        wrong.append(f"{name}: nobody was told within {TOLD_WITHIN:.0f} s")
        return None
    finally:
        over.set()
        await asyncio.gather(*asking)  # what was typed last waits for its three seconds, too
    if (await town.slack.say("zoe", "#ops", "/aikeys contacts")).get("acked") is False:
        figures.refused += 1
    else:
        wrong.append(f"{name}: a command was acknowledged that could not be kept")
    if (status := await body.alert("Lost")) not in (429, 500, 503):
        wrong.append(f"{name}: an alert got {status}")
    if (status := await body.ready()) != 503:
        wrong.append(f"{name}: /readyz says {status}")
    return when


async def _goes_on(name: str, body: Body, person: Person, figures: Figures) -> None:
    """There is room again: the same process takes commands, says so, and what was asked before can be approved."""
    wrong, town = figures.wrong, body.town
    await person.hears_of("zoe", "/aikeys contacts", "Whom to ring")
    try:
        await person.until(
            lambda: any("I can write again" in str(one) for one in town.slack.messages("C0OPS", "ana")), 20
        )
    except TimeoutError:
        wrong.append(f"{name}: it never said that it can write again")
    await person.through("/aikeys deploy health --again")
    if (status := await body.alert("Found")) != 202:
        wrong.append(f"{name}: mended, and an alert got {status}")
    wrong += [f"{name}, mended: {one}" for one in await body.settles()]
    wrong += [f"{name}, mended: {one}" for one in body.checker.wrong()]
    if (status := await body.ready()) not in (200, 503):
        wrong.append(f"{name}: mended, and /readyz says {status}")


async def run(only: list[str] | None, folder: Path) -> Figures:
    """All scenes."""
    figures = reaches("damage", Figures())
    library = sabotage.build(folder)
    source = WalletRepository(folder / "wallet")
    source.build()
    async with AsyncExitStack() as stack:
        nursery = await opening.nursery(stack, library)
        first = await opening.town(stack)
        scenes = (MENDED if library is not None else {}) | LOST
        for number, (name, does) in enumerate(scenes.items()):
            if only and name not in only:
                continue
            town = Town(first.clock, project=first.project)
            await first.project.reset()
            await town.start()
            try:
                body = Body(town, nursery, folder / str(number), {"AIKEYS_SOURCE": str(source.path)})
                await scene(name, does, body, figures)
            finally:
                await town.stop()
    return figures


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.damage", description=__doc__)
    parser.add_argument("--only", action="append", help=f"this scene (all): {', '.join(MENDED | LOST)}")
    parser.add_argument("--seed", type=int, default=7, help="taken, and not needed: nothing here is random")
    wanted = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aikeys-damage-") as folder:
        figures = asyncio.run(run(wanted.only, Path(folder)))
    told = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in figures.told.items())
    return closes(
        figures.wrong,
        f"damage: told after, by the bot's clock: {told}; {figures.refused} commands not accepted, as Slack said, "
        f"{figures.lost} things acknowledged on damaged bytes and lost; {figures.restored} copies put back; "
        f"{len(figures.wrong)} violations; {time.monotonic() - began:.0f} s",
    )


if __name__ == "__main__":
    sys.exit(ends(main))
