"""A Prometheus Alertmanager that watches something else and reports it to the bot, as its webhook does.

The body: prometheus.io/docs/alerting/latest/configuration, webhook_config, version "4". It asks again after 429 and 5xx
(notify/webhook: both are recoverable), and waits between two tries.
"""

import asyncio
import secrets
from datetime import datetime
from typing import Any

import aiohttp

from bot.clock import Clock
from playground.switches import Switch

NEVER = "0001-01-01T00:00:00Z"  # Go's zero time: it fires still
TRIES, PAUSE = 5, 1.0
STORM, KINDS, BODY = 5_000, 200, 100  # alerts; of so many kinds; so many in a body


class Alertmanager:
    """Posts to *door* (host:port) with a token of its own."""

    def __init__(self, clock: Clock, door: str) -> None:
        self._clock = clock
        self.door = door
        self.token = secrets.token_hex(32)
        self._began: dict[str, datetime] = {}

    @property
    def switches(self) -> list[Switch]:
        """What can be reported, on the control panel."""

        async def disk(on: bool) -> None:
            await self._reports(on, "DiskAlmostFull", "warning", "The disk of the export machine is 93 % full")

        async def bank(on: bool) -> None:
            await self._reports(on, "BankDown", "critical", "The bank’s gateway answers nobody")

        async def storm(_on: bool) -> None:
            bodies = STORM // BODY
            for number in range(bodies):
                kinds = [(number * BODY + one) % KINDS for one in range(BODY)]
                await self._post([self._alert("NodeDown", "warning", f"Node {kind} is gone", kind) for kind in kinds])

        return [
            Switch("alert_p1", "elsewhere", "An alert: disk", "severity=warning, told after ten seconds", apply=disk),
            Switch("alert_p0", "elsewhere", "An alert: bank", "severity=critical, told at once", apply=bank),
            Switch(
                "alert_storm",
                "elsewhere",
                "A storm of alerts",
                f"{STORM:,} alerts of {KINDS} kinds and one name",
                momentary=True,
                apply=storm,
            ),
        ]

    async def _reports(self, on: bool, name: str, severity: str, summary: str) -> None:
        if on:
            self._began[name] = self._clock.now()
        await self._post([self._alert(name, severity, summary, firing=on)])

    def _alert(self, name: str, severity: str, summary: str, node: int = 0, *, firing: bool = True) -> dict[str, Any]:
        began = self._began.get(name, self._clock.now())
        return {
            "status": "firing" if firing else "resolved",
            "labels": {"alertname": name, "severity": severity, "instance": f"node-{node}"},
            "annotations": {"summary": summary, "description": f"{summary}, says the playground’s Alertmanager."},
            "startsAt": began.isoformat(),
            "endsAt": NEVER if firing else self._clock.now().isoformat(),
            "generatorURL": "http://prometheus.example.com:9090/graph?g0.expr=up",
            "fingerprint": f"{abs(hash((name, node))):016x}"[:16],
        }

    async def _post(self, alerts: list[dict[str, Any]]) -> None:
        firing = any(one["status"] == "firing" for one in alerts)
        name = alerts[0]["labels"]["alertname"]
        body = {
            "version": "4",
            "groupKey": f'{{}}:{{alertname="{name}"}}',
            "truncatedAlerts": 0,
            "status": "firing" if firing else "resolved",
            "receiver": "aikeys",
            "groupLabels": {"alertname": name},
            "commonLabels": {"alertname": name},
            "commonAnnotations": {},
            "externalURL": "http://alertmanager.example.com:9093",
            "alerts": alerts,
        }
        headers = {"Authorization": f"Bearer {self.token}"}
        async with aiohttp.ClientSession(headers=headers) as web:
            for _ in range(TRIES):
                try:
                    async with web.post(f"http://{self.door}/alerts", json=body) as response:
                        if response.status < 500 and response.status != 429:
                            return
                except aiohttp.ClientError:
                    pass  # the bot is restarting
                await asyncio.sleep(PAUSE)
