"""What people do while the n-th of something fails (tests.chaos.nth): each workflow from its first word to its end."""

import asyncio
from collections.abc import Awaitable, Callable

from playground.source import ANA, WalletRepository
from tests.chaos.bodily import Body, Person, Stuck

SECRET = "CANARY_TOKEN"
KEY, HOOK = "CIRCLE_API_KEY", "CIRCLE_WEBHOOK_SECRET"
A_LOOK = 3.0  # seconds between two looks into the logs: people may ask 24 times a minute (bot.clients.supabase.quota)


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
            "roll back": self.roll_back,
            "rotation": self.rotation,
            "rotation of Circle's": self.circle,
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

    async def roll_back(self) -> None:
        """Deploys, and takes it back."""
        await self.deploy()
        await self._person.through("/aikeys rollback health")

    async def rotation(self) -> None:
        """Asks, approves, enters."""
        await self._rotates(SECRET, {SECRET: f"a-value-of-its-own-{self._next():08d}-0123456789abcdef"})

    async def circle(self) -> None:
        """The same with Circle's two, which somebody makes there: the bot asks Circle whether it knows the key."""
        circle = self._body.town.project.circle
        await self._rotates("circle", {KEY: circle.new_key(), HOOK: circle.new_secret()})

    async def _rotates(self, what: str, values: dict[str, str]) -> None:
        async def entered() -> None:
            if self._person.button("aikeys:enter") is None:
                return
            await self._person._press("ana", "aikeys:enter")
            async with asyncio.timeout(2):
                while not (modals := self._body.town.slack.views("ana")["modals"]):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            await self._person.submits(modals[-1], values)
            self._person.close_modals()

        await self._person.through(f"/aikeys rotate {what}", entered)
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
        """A restore point. Who hears that it is under way waits for it: a call that hangs is given up after 90 s."""
        name = f"point-{self._next()}"
        await self._person.through(f"/aikeys backup now {name}")
        told = lambda: self._body.town.slack.messages("#ops", "ana")  # noqa: E731
        await self._person.until(lambda: any(f"/aikeys restore {name}" in str(one) for one in told()), 15)

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
