"""A night in the middle of which the bot is gone, written down by whatever version this runs with (see make.py).

Left behind in the folder that is named: `aikeys.sqlite.gz`, as kill -9 leaves it; `world.json.gz`, what stood in Slack
and in the project at that moment; `wallet.bundle`, the repository that was deployed from.
"""

import asyncio
import base64
import dataclasses
import gzip
import json
import math
import sqlite3
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import SystemClock
from bot.settings import read
from playground.clock import START
from playground.source import WalletRepository
from playground.supabase.project import Project
from playground.town import Town
from tests.chat import Chat, words
from tests.deploys import WEBHOOK, Deploying
from tests.running import unwatched
from tests.wait import eventually

PENDING, UNFINISHED = WEBHOOK, "health"
SLOW, OWED = "Circle is slow", "Not resolved for 60 minutes"


class Still(SystemClock):
    """Stands where it was put; what sleeps sleeps a twentieth of the machine's time."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / 20)

    async def passes(self, **time: float) -> None:
        self._at += timedelta(**time)


async def scene(folder: Path, out: Path) -> None:
    """Play it, and write it down."""
    repository = WalletRepository(folder / "wallet")
    repository.build()
    clock, project = Still(START), Project(SystemClock())
    town = Town(clock, project=project)
    await project.start()
    try:
        await town.start()
        town.slack.limits.off = True
        settings = read(town.settings(folder / "data") | {"AIKEYS_SOURCE": str(repository.path)})
        async with unwatched(settings, clock) as bot:
            await _night(bot, town, project, clock, out)
    finally:
        await town.stop()
        await project.stop()
    repository.git("bundle", "create", "--quiet", str(out / "wallet.bundle"), "--all")


async def _night(bot: Any, town: Town, project: Project, clock: Still, out: Path) -> None:
    chat, store, faults = Chat(town.slack), bot.store, town.slack.faults
    deploying, eyes = Deploying(chat, project), bot._answering.watch._eyes

    # A P1 is open, and its clock runs.
    await eyes.once()
    await chat.says("ana", f'/aikeys incident open "{SLOW}"')
    await chat.until(SLOW)

    # Another is silent for two hours.
    await clock.passes(seconds=30)
    await faults.set("secret_missing", True)
    for _ in range(3):
        await eyes.once()
        await clock.passes(seconds=30)
    await chat.until("P1 Secret missing")
    await chat.clicks("ana", "Silence")
    await town.slack.until(lambda: town.slack.views("ana")["modals"])
    view = town.slack.views("ana")["modals"][-1]
    answer = {"reason": {"reason": "Circle is mending it"}, "until": {"until": "2h"}}
    assert (await town.slack.submit("ana", view["id"], answer)) == {"ok": True}
    await chat.until("silenced this until")
    await clock.passes(seconds=2)  # the card may have been edited just now: it is left alone for a second then
    await chat.until("*Silent* until")

    # A deploy waits for Ben.
    await clock.passes(minutes=56)
    await deploying.asks(f"deploy {PENDING}")

    # Another was approved, and is being sent: nobody knows whether it arrived.
    await chat.says("ana", f"/aikeys deploy {UNFINISHED}")
    card = await chat.until(lambda one: "Approve" in words(one) and f"Deploy {UNFINISHED}" in words(one))
    async with project.answers("POST", "functions/deploy", delay=math.inf) as held:
        await deploying.click("ben", card, "Approve")
        await eventually(lambda: held.hits, 20)

        # Slack takes nothing any more. The first is an hour old: what is to be said of it is owed.
        await faults.set("slack_5xx", True)
        await clock.passes(minutes=2)
        # Tried in vain, and again in two seconds, which do not come any more.
        await eventually(lambda: store.outbox.stuck() is not None and not store.outbox.to_post(clock.now()), 20)

        # And Zoe has just asked something.
        await chat.says("zoe", "/aikeys health")
        await eventually(store.inbox.unfinished, 20)
        _write(bot, town, project, clock, out)
        await faults.set("slack_5xx", False)


def _write(bot: Any, town: Town, project: Project, clock: Still, out: Path) -> None:
    """As kill -9 leaves it, at this moment."""
    with tempfile.TemporaryDirectory() as folder:
        copied = sqlite3.connect(Path(folder) / "aikeys.sqlite", isolation_level=None)
        bot.store.db.conn.backup(copied)
        copied.execute("PRAGMA journal_mode = DELETE")
        copied.execute("VACUUM")
        copied.close()
        plain = (Path(folder) / "aikeys.sqlite").read_bytes()
    (out / "aikeys.sqlite.gz").write_bytes(gzip.compress(plain, 9, mtime=0))
    state = town.slack.state
    world = {
        "at": clock.now().isoformat(),
        "messages": [
            {field.name: getattr(one, field.name) for field in dataclasses.fields(one) if field.name != "replies"}
            for timeline in state.timelines.values()
            for one in timeline.values()
        ],
        "functions": {
            slug: {"id": one.id, "version": one.version, "ezbr_sha256": one.ezbr_sha256}
            | {"files": {path: base64.b64encode(content).decode() for path, content in one.files.items()}}
            for slug, one in project.state.functions.items()
        },
    }
    text = json.dumps(world, ensure_ascii=False, sort_keys=True)
    (out / "world.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="aikeys-scene-") as made:
        asyncio.run(scene(Path(made), Path(sys.argv[1]).absolute()))
