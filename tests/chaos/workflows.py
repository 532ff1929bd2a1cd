"""What people do while the n-th of something fails (tests.chaos.nth): each workflow from its first word to its end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from playground.source import ANA, WalletRepository
from tests.chaos.bodily import Body, Person
from tests.chaos.duties import Duties

SECRET = "CANARY_TOKEN"
KEY, HOOK = "CIRCLE_API_KEY", "CIRCLE_WEBHOOK_SECRET"
PAYS = "insert into public.payment_events (event_id, event_type, raw_event) values ($1, 'payments.confirmed', '{}')"
A_LOOK = 3.0  # seconds between two looks into the logs: people may ask 24 times a minute (bot.clients.supabase.quota)


class Workflows:
    """What people do; each can be done again and again."""

    def __init__(self, body: Body, person: Person, source: WalletRepository) -> None:
        self._body, self._person, self._source = body, person, source
        self._number = 0
        self.duties = Duties(body, person, self._next)

    def all(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """By name."""
        return {
            "health": self.health,
            "logs": self.logs,
            "deploy": self.deploy,
            "roll back": self.roll_back,
            "rotation": self.rotation,
            "rotation of Circle's": self.circle,
            "migration": self.migration,
            **self.duties.all(),
            "backup": self.backup,
            "restore": self.restore,
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
            if self._person.button("aikeys:enter") is not None:
                given = {f"secret:{name}": {"value": value} for name, value in values.items()}
                await self._person.fills("ana", "aikeys:enter", given)

        await self._person.through(f"/aikeys rotate {what}", entered)
        self._person.close_modals()

    async def migration(self) -> None:
        """Asks, approves, watches."""
        number = self._next()
        file = f"supabase/migrations/{20261105000000 + number}_table_{number}.sql"
        self._source.commit(ANA, f"Table {number}", {file: f"create table public.made_{number} (id bigint);\n"})
        await self._person.through("/aikeys migrate")

    async def backup(self) -> None:
        """A restore point. Who hears that it is under way waits for it: a call that hangs is given up after 90 s."""
        name = f"point-{self._next()}"
        await self._person.through(f"/aikeys backup now {name}")
        told = lambda: self._body.town.slack.messages("#ops", "ana")  # noqa: E731
        await self._person.until(lambda: any(f"/aikeys restore {name}" in str(one) for one in told()), 15)

    async def restore(self) -> None:
        """Goes back to a restore point that is there: two approve it, each by the project's name.

        Somebody pays meanwhile. Where nothing was written since, nobody can tell whether it has gone back, and the bot
        rightly asks a human.
        """
        project, name = self._body.town.project, f"way-back-{self._next()}"
        await project.archive.keep(name)
        async with project.postgres.superuser() as connection:
            await connection.execute(PAYS, name)

        async def both() -> None:
            for who in ("ben", "cy"):
                with suppress(TimeoutError):  # who has approved already is told so, and sees no modal
                    typed = {"project": {"project": project.state.name}}
                    await self._person.fills(who, "aikeys:approve", typed)

        await self._person.through(f"/aikeys restore {name}", approves=both)

    async def dump(self) -> None:
        """A dump, restored and counted."""
        await self._person.through("/aikeys backup dump")
