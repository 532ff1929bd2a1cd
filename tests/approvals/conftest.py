from datetime import UTC, datetime, timedelta

import pytest

from store.approvals import Approval, Vote
from store.database import open_store

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEY = b"a key for tests, 32 bytes at least"


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "aikeys.sqlite", audit_key=KEY)
    yield opened
    opened.close()


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
