"""Circle, as the wallet hears it: signed events through the real function, as many an hour as wanted."""

import asyncio
import json
from collections import deque
from random import Random
from typing import TYPE_CHECKING, Any

import aiohttp
import asyncpg

from playground.supabase.functions.circle_webhook import signature
from playground.supabase.seed import event

if TYPE_CHECKING:
    from playground.supabase.project import Project

PER_HOUR = 360.0  # one every ten seconds: enough to see something move in a demo
_MOST_FAILED = 200  # kept to be sent again
_PATIENCE = aiohttp.ClientTimeout(total=30)
_CIRCLE = {"User-Agent": "Circle-Webhooks/1.0", "x-forwarded-for": "192.0.2.17"}


class Traffic:
    """Sends while started and not told to be silent; `send` sends at once, whatever the switch says."""

    def __init__(self, project: "Project", random: Random) -> None:
        self._project = project
        self._random = random
        self._task: asyncio.Task[None] | None = None
        self._session: aiohttp.ClientSession | None = None
        self._silent = False
        self._sending = asyncio.Lock()
        self._failed: deque[bytes] = deque(maxlen=_MOST_FAILED)
        self.sent = 0

    async def start(self, per_hour: float = PER_HOUR) -> None:
        """Begin a stream of *per_hour* events, at moments as irregular as real ones."""
        if self._task is None:
            self._task = asyncio.create_task(self._stream(per_hour), name="circle traffic")

    async def stop(self) -> None:
        """End the stream."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, count: int = 1) -> list[int]:
        """Send *count* new events at the same time; the statuses answered (0 where no answer came)."""
        return await asyncio.gather(*(self._one() for _ in range(count)))

    async def send_again(self) -> None:
        """Send what was answered with 500 once more, as Circle does; nothing while it is silent."""
        failed = [] if self._silent else list(self._failed)
        for raw in failed:
            self._failed.remove(raw)
        await asyncio.gather(*(self._deliver(raw) for raw in failed))

    async def be_silent(self, silent: bool) -> None:
        """Send nothing from now on, or go on. An event on its way is answered first."""
        async with self._sending:
            self._silent = silent

    def forget(self) -> None:
        """As if nothing had been sent."""
        self.sent = 0
        self._failed.clear()

    async def post(self, raw: bytes, headers: dict[str, str]) -> int:
        """Post these bytes to the webhook as they are; the status, 0 where no answer came."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_PATIENCE)
        url = f"{self._project.functions_url}/payments-circle-webhook"
        try:
            async with self._session.post(
                url, data=raw, headers={"Content-Type": "application/json"} | headers
            ) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0

    async def _stream(self, per_hour: float) -> None:
        while True:
            await self._project.clock.sleep(3600 / per_hour * self._random.uniform(0.4, 1.6))
            async with self._sending:
                if not self._silent:
                    await self._one()

    async def _one(self) -> int:
        body = event(self._random, self._project.clock.now())
        if body["eventType"].startswith("payments."):
            await self._begin_payment(body)
        raw = json.dumps(body, separators=(",", ":")).encode()
        self.sent += 1
        return await self._deliver(raw)

    async def _deliver(self, raw: bytes) -> int:
        secret = self._project.circle_secret
        status = await self.post(raw, _CIRCLE | {"circle-signature": signature(secret, raw)})
        if status == 500:
            self._failed.append(raw)
        return status

    async def _begin_payment(self, body: dict[str, Any]) -> None:
        """The pending row that the wallet's app wrote before; none while its database is away."""
        try:
            async with self._project.wallet.session() as session:
                await session.run(
                    """insert into public.circle_transactions
                         (user_id, circle_transaction_id, transaction_type, amount, currency)
                       select id, $1, 'deposit', $2::text::numeric, 'USDC' from public.profiles
                       order by random() limit 1""",
                    body["paymentId"],
                    body["amount"]["amount"],
                )
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            return
