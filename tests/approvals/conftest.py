from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.approvals.objection import Act, Click, Objection, to_type
from bot.approvals.requests import Requests
from bot.clockwork.timers import Timers
from bot.operations.engine import Engine
from playground.clock import ManualClock
from store.approvals import Approval, Vote
from tests.operations.outside import Outside
from tests.operations.work import PROJECT, Work
from tests.wait import eventually

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def plan_json():
    """Makes the JSON of a plan about *thing*."""

    def make(thing: str = "function/health", **pinned):
        return {
            "command": "deploy",
            "line": "deploy health",
            "title": "Deploy health",
            "subject": thing,
            "risk_class": "reversible",
            "pinned": pinned or {"commit": "abc"},
            "changes": [],
            "dangers": [],
            "shown": [],
        }

    return make


@pytest.fixture
def asked(store, plan_json):
    """Ana has asked for something; makes the approval."""

    def ask(by: str = "UANA", thing: str = "function/health", needed: int = 1, alone: bool = False) -> Approval:
        approval: Approval
        approval, _ = store.approvals.request(
            by,
            plan_json(thing),
            "d" * 64,
            NOON,
            expires_at=NOON + timedelta(minutes=30),
            needed=needed,
            alone=alone,
            where={"channel": "C1"},
        )
        return approval

    return ask


def voted(*users: str) -> tuple[Vote, ...]:
    return tuple(Vote(user, NOON) for user in users)


class Office:
    """Requests, timers and engine over one store, as the bot has them; *shown* is what the cards were told."""

    def __init__(self, store, work, clock, *, alone: bool = False) -> None:
        self.store = store
        self.work = work
        self.clock = clock
        self.shown: list[Approval] = []
        self.timers = Timers(store, clock)
        self.procedures = procedures = {"deploy": work.procedure(), "rollback": work.procedure()}
        self.engine = Engine(store, clock, procedures, lambda _: None)
        self.requests = Requests(
            store, clock, self.timers, self.engine, procedures, self.shown.append, project=PROJECT, alone=alone
        )

    async def clicks(self, approval, user="UBEN", act=Act.APPROVE, roles=("viewer", "approver"), **more):
        """Click on *approval*, and type what must be typed; return why not, or the state it is in then."""
        more.setdefault("typed", to_type(approval))
        found = await self.requests.click(approval.subject, Click(user, act, frozenset(roles), **more))
        return found.why if isinstance(found, Objection) else found.approval.state

    async def settled(self):
        """Wait until nothing runs."""
        await eventually(lambda: not self.store.operations.running())

    async def fires(self):
        """Let due timers fire."""
        await self.timers.round()
        await self.timers.idle()


@pytest.fixture
async def outside():
    outside = Outside()
    await outside.open()
    yield outside
    await outside.close()


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
async def work(outside):
    async with aiohttp.ClientSession() as session:
        yield Work(outside.url, session)


@pytest.fixture
async def office(store, work, clock):
    office = Office(store, work, clock)
    yield office
    await office.engine.close(5)
