"""A bot with the path for alerts open, on a clock that is moved by hand; its own looks are left out."""

import json

import aiohttp
import pytest

from bot.clock import SystemClock
from playground.clock import ManualClock
from tests.chat import Chat
from tests.running import unwatched

TOKEN = "a-token-of-the-tests-0123456789"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(SystemClock().now())


@pytest.fixture
def environment(environment):
    return environment | {
        "AIKEYS_HTTP": "127.0.0.1:0",
        "AIKEYS_ALERTS_TOKEN": TOKEN,
        "AIKEYS_ALERTS_HOSTS": "grafana.example.com",
    }


@pytest.fixture
async def bot(town, settings, clock):
    async with unwatched(settings, clock) as bot:
        yield bot


@pytest.fixture
def chat(town, bot) -> Chat:
    return Chat(town.slack)


class Sender:
    """Somebody else's Alertmanager."""

    def __init__(self, web: aiohttp.ClientSession, address: str) -> None:
        self.web, self.address = web, address

    async def posts(self, body, *, token: str = TOKEN, **headers: str):
        """The status and what was said."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"Authorization": f"Bearer {token}"} | headers
        async with self.web.post(f"{self.address}/alerts", data=data, headers=given) as response:
            self.headers = response.headers
            return response.status, await response.json()

    async def sends(self, *alerts: dict[str, object]) -> None:
        """All of them, as Alertmanager does."""
        status, said = await self.posts(webhook(*alerts))
        assert (status, said) == (202, {"taken": len(alerts)})


@pytest.fixture
async def sender(bot):
    async with aiohttp.ClientSession() as web:
        yield Sender(web, bot.port.address)


def alert(name: str = "DiskFull", status: str = "firing", severity: str = "warning", **more: str) -> dict[str, object]:
    """One alert as Alertmanager has it."""
    labels = {"alertname": name, "severity": severity} | {k: v for k, v in more.items() if k not in NOT_LABELS}
    return {
        "status": status,
        "labels": labels,
        "annotations": {"summary": more.get("summary", f"{name} on db-1"), "description": more.get("description", "")},
        "startsAt": more.get("starts", "0001-01-01T00:00:00Z"),
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": more.get("url", ""),
        "fingerprint": more.get("print", ""),
    }


NOT_LABELS = {"summary", "description", "starts", "url", "print"}


def webhook(*alerts: dict[str, object]) -> dict[str, object]:
    """The body of its POST."""
    return {
        "version": "4",
        "groupKey": '{}:{alertname="DiskFull"}',
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "aikeys",
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.example.com:9093",
        "alerts": list(alerts),
    }
