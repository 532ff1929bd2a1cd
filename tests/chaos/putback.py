"""After the memory was damaged or taken away: a start on what is left of it, and a copy put back, as people do it."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.exits import Exit
from bot.memory.copying import once
from store.database import look_into
from store.errors import StoreError
from tests.chaos.bodily import Body, Person
from tests.mortal.bot import KEY
from tests.shell import Ended, Shell


class Copied:
    """A copy of the memory, and what had been acknowledged when it was `made`."""

    def __init__(self, body: Body) -> None:
        self._body, self._folder = body, body.folder / "copies"
        self.keys: set[str] = set()

    async def made(self) -> list[str]:
        """What `aikeys backup` does, beside the bot, once all that was asked is settled; what was wrong."""
        wrong = await self._body.settles()
        self.keys = {one.key for one in self._body.checker.ledger.acked}
        await asyncio.to_thread(once, self._body.path, self._folder, datetime.now(UTC))
        return wrong if self.keys else [*wrong, "nothing was acknowledged before the copy"]

    async def starts_on_it(self, *, damaged: bool) -> list[str]:
        """What was wrong with a start on what is left: it must refuse *damaged* pages, else be whole, if it is there.

        On a whole file of an earlier moment a bot starts, and without a file it begins anew.
        """
        if not damaged and not self._body.path.exists():
            return []
        ended = await self._aikeys(*(("run",) if damaged else ("audit", "verify")))
        if not damaged:
            return [] if ended.code == Exit.GOOD else [f"what is left is not good: {ended.out}{ended.err}"]
        if ended.code == Exit.STORE and "is damaged" in ended.err and "aikeys restore --replace" in ended.err:
            return []
        return [f"a start on what was damaged ended with {ended.code}: {ended.err[-400:]}"]

    async def put_back(self, person: Person) -> list[str]:
        """The copy, with `aikeys restore`, and a bot on it; what was wrong."""
        body = self._body
        ended = await self._aikeys("restore", "--from", str(self._folder), "--replace")
        if ended.code != Exit.GOOD or "what happened after them is missing" not in ended.out:
            return [f"aikeys restore ended with {ended.code}: {ended.out}{ended.err}"]
        there = set(kept(body.path, "settled_at IS NOT NULL"))
        wrong = [f"settled before the copy, and not in it: {key}" for key in sorted(self.keys - there)]
        body.checker.ledger.judged()  # of what came after the copy nothing is there, and the command has said so
        await body.start("hurried:10")
        await person.hears_of("zoe", "/aikeys contacts", "Whom to ring")
        await person.through("/aikeys deploy health --again")
        if (status := await body.alert("Back")) != 202:
            wrong.append(f"on the copy an alert got {status}")
        wrong += await body.settles()
        ended = await self._aikeys("audit", "verify")
        return wrong if ended.code == Exit.GOOD else [*wrong, f"the copy goes on wrongly: {ended.out}{ended.err}"]

    async def _aikeys(self, *words: str) -> Ended:
        return await Shell()(*words, environ=self._body.environment | {"AIKEYS_AUDIT_KEY": KEY.decode()})


def kept(path: Path, where: str = "1") -> Iterator[str]:
    """The keys of the deliveries that can be read from what is left; none where there is no file, or no reading it."""
    try:
        with closing(look_into(path)) as db:
            yield from (key for (key,) in db.conn.execute(f"SELECT key FROM deliveries WHERE {where}"))
    except (StoreError, sqlite3.DatabaseError):
        return
