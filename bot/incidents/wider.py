"""What the watch alone asks, beside the six questions of the card: shapes, and what each is about. Pure."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.clients.errors import Failure
from bot.clients.supabase import Backups, Disk, Secret
from bot.clients.supabase.migrations import Applied
from bot.diagnosis.database import Connections


class Wider(StrEnum):
    """One of them. The value is its field in `Answered`."""

    CALLS = "calls"
    ROOM = "room"
    SIGN_INS = "sign_ins"
    DIGESTS = "digests"
    HISTORY = "history"
    BACKUPS = "backups"


@dataclass(frozen=True, slots=True)
class Called:
    """Calls of one function in the last hour, and in its last five minutes; *failed* with 500 or more; *p95* in ms."""

    hour: int
    failed: int
    five: int
    five_failed: int
    p95: float


@dataclass(frozen=True, slots=True)
class Room:
    """Connections by role, and the disk; each fails alone."""

    connections: tuple[Connections, ...] | Failure
    disk: Disk | Failure


@dataclass(frozen=True, slots=True)
class Answered:
    """What has come back. None: not asked. *calls* by the function's id; *sign_ins*: errors of the last hour."""

    calls: dict[str, Called] | Failure | None = field(default=None, hash=False)
    room: Room | None = None
    sign_ins: int | Failure | None = None
    digests: tuple[Secret, ...] | Failure | None = None
    history: tuple[Applied, ...] | Failure | None = None
    backups: Backups | Failure | None = None

    def having(self, question: Wider, answer: object) -> "Answered":
        """These and *answer*, which is of the type that *question* gives or a Failure."""
        return replace(self, **{question.value: answer})  # type: ignore[arg-type]  # asking.ASK pairs them


NOTHING = Answered()
