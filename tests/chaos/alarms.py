"""Somebody else's alerts, posted all day: what had a 202 must be counted, also where the bot died a moment later."""

import asyncio
import json
from random import Random

import aiohttp
from sqlite_utils import Database

from tests.mortal.door import Door

TOKEN = "the-token-of-the-chaos-0123456789"
KINDS, NAMES = 30, 3
REST = 0.15  # seconds between two bodies, and after one that nobody took


class Alarms:
    """Posts while *going* is set. `sent` alerts, of which `taken` had a 202."""

    def __init__(self, chance: Random, going: asyncio.Event) -> None:
        self._chance = chance
        self._going = going
        self._port = Door()
        self.door = self._port.address
        self.environment = {"AIKEYS_HTTP": self.door, "AIKEYS_ALERTS_TOKEN": TOKEN}
        self.sent = self.taken = 0

    async def run(self) -> None:
        """For as long as the lane lives."""
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as web:
            while True:
                await self._going.wait()
                alerts = [self._alert() for _ in range(self._chance.randint(1, 20))]
                self.sent += len(alerts)
                try:
                    async with web.post(f"http://{self.door}/alerts", data=json.dumps({"alerts": alerts})) as response:
                        self.taken += len(alerts) * (response.status == 202)
                except (aiohttp.ClientError, ConnectionError):
                    pass  # it died, or has not begun: what it had committed counts, and nobody is owed it
                await asyncio.sleep(REST)

    def _alert(self) -> dict[str, object]:
        labels = {"alertname": f"Chaos{self._chance.randrange(NAMES)}", "node": str(self._chance.randrange(KINDS))}
        return {"status": self._chance.choice(["firing", "firing", "resolved"]), "labels": labels}

    def wrong(self, db: Database) -> list[str]:
        """What the history does not have, or has too much of."""
        (count,) = db.conn.execute("SELECT coalesce(sum(count), 0) FROM alert_kinds").fetchone()
        found = []
        if count < self.taken:
            found.append(f"{self.taken} alerts had a 202, and {count} are counted")
        if count > self.sent:
            found.append(f"{self.sent} alerts were sent, and {count} are counted")
        firing = "SELECT root, firing, (SELECT count(*) FROM alert_kinds AS k WHERE k.root = g.root AND k.firing) AS n"
        for root, kept, counted in db.conn.execute(f"{firing} FROM alert_groups AS g WHERE firing <> n"):
            found.append(f"{root} has {counted} kinds that fire, and its row says {kept}")
        return found
