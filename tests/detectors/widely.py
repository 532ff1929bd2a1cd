"""The detectors, and answers of a wallet that is well, to be spoiled one by one: also to what only the watch asks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from bot.clients.errors import TooLate, TooMany
from bot.clients.supabase import Backup, Backups, Disk, Secret
from bot.clients.supabase.migrations import Applied
from bot.detectors import World, load
from bot.diagnosis.database import Connections
from bot.incidents.wider import Answered, Called, Room
from tests.health.well import SUPABASE, WALLET, WELL

DETECTORS = {one.id: one for one in load()}
LATE, TIRED = TooLate(WALLET, 5), TooMany(SUPABASE, 12)
QUIET = World()
NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
GB = 1024**3


def changed(**answers):
    return replace(WELL, **answers)


def secret(name="CIRCLE_API_KEY", value="ab", at="2026-01-01T00:00:00Z"):
    return Secret(name=name, value=SecretStr(value * 32), updated_at=at)


def backups(age=timedelta(hours=10), status="COMPLETED", *, pitr=False):
    made = Backup(id=1, is_physical_backup=False, status=status, inserted_at=(NOW - age).isoformat())
    return Backups(pitr_enabled=pitr, backups=[made])


def room(taken=20, used=2.0):
    return Room((Connections("authenticator", taken, 3, 0, 57),), Disk(size=8 * GB, used=used * GB))


def history(*versions):
    return tuple(Applied(version=one) for one in versions or ("20260101000000", "20260201000000"))


WIDELY = Answered(
    calls={f"id-{slug}": Called(60, 0, 5, 0, 300.0) for slug in ("health", "withdraw-funds")},
    room=room(),
    sign_ins=4,
    digests=(secret(),),
    history=history(),
    backups=backups(),
)
