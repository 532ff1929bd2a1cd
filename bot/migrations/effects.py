"""What a statement of a migration does, as far as it can be read from its text. Pure."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from bot.migrations.lexing import Piece


class Kind(StrEnum):
    """What an effect is."""

    CREATES = "creates"
    ALTERS = "alters"
    REPLACES = "replaces"
    DROPS = "drops"
    TYPE = "changes a type"
    ADDS = "adds rows"
    CHANGES = "changes rows"
    DELETES = "deletes rows"
    EMPTIES = "empties"
    RUNS = "runs what cannot be read"
    SETS = "sets"
    RLS_OFF = "switches row level security off"
    OPENS = "opens"
    RIGHTS = "changes rights"
    EXPOSED = "a function that runs with its owner's rights and no search_path of its own"
    SCANS = "reads the whole table under its lock"
    REWRITES = "writes the whole table anew"
    WAITS = "locks"
    UNREAD = "cannot be read"


class Lock(IntEnum):
    """PostgreSQL's table locks (docs: 13.3.1), weakest first. The value is only their order."""

    NONE = 0
    ROW_EXCLUSIVE = 1
    SHARE_UPDATE_EXCLUSIVE = 2
    SHARE = 3
    SHARE_ROW_EXCLUSIVE = 4
    EXCLUSIVE = 5
    ACCESS_EXCLUSIVE = 6

    @property
    def words(self) -> str:
        """What it means to everybody else."""
        if self is Lock.ACCESS_EXCLUSIVE:
            return "nobody reads or writes it"
        return "nobody writes to it" if self >= Lock.SHARE else ""


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect on *what* (as it is written, unquoted names in small letters). *more*: what to add, in words.

    *loses*: data that is there now may be gone afterwards. *warns*: a person should know it, though none is lost.
    """

    kind: Kind
    what: str = ""
    more: str = ""
    loses: bool = False
    warns: bool = False


@dataclass(frozen=True, slots=True)
class There:
    """What must be true of the catalog afterwards: a *thing* (relation, column …) *name* is there, or gone."""

    thing: str
    name: str
    there: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """A statement as it was read. *tables*: those that it touches. *alone*: it cannot run in a transaction.

    *control*: it begins or ends a transaction. *after*: what the catalog must show when it has run.
    """

    piece: Piece
    effects: tuple[Effect, ...] = ()
    tables: tuple[str, ...] = ()
    lock: Lock = Lock.NONE
    alone: bool = False
    control: str = ""
    after: tuple[There, ...] = field(default=())

    @property
    def loses(self) -> bool:
        """True where data may be lost, and where that cannot be told."""
        return any(one.loses for one in self.effects)


def unread(piece: Piece, why: str) -> Read:
    """What cannot be read may do anything."""
    return Read(piece, (Effect(Kind.UNREAD, why, loses=True),), lock=Lock.ACCESS_EXCLUSIVE)
