"""The files that would be applied, read; and those that cannot be, each with the way out. Pure.

A file is plain JSON in a plan and an operation: version, name, path, sha256 (store.bodies), statements as the history
keeps them, alone (it holds one statement that no transaction can), after (what the catalog must show).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import Refused
from bot.health.words import count
from bot.migrations.effects import Read
from bot.migrations.lexing import Is
from bot.migrations.masking import masked
from bot.migrations.reading import after, read
from bot.sources.migrations import MigrationFile

_BEGINS = frozenset({"BEGIN", "START TRANSACTION", "BEGIN TRANSACTION", "BEGIN WORK"})
_ENDS = frozenset({"COMMIT", "END", "COMMIT WORK", "COMMIT TRANSACTION", "END TRANSACTION"})
NOTHING = "Nothing is migrated."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A migration that would be applied. *runs*: its text without a BEGIN and COMMIT around the whole of it.

    *shown*: its text for people, without the secrets in it.
    """

    version: str
    name: str
    path: str
    body: bytes
    runs: str
    reads: tuple[Read, ...]
    shown: str

    @property
    def statements(self) -> list[str]:
        """As `supabase db push` writes them into the history."""
        return [one.piece.text for one in self.reads]

    @property
    def alone(self) -> bool:
        """True where no transaction can hold it."""
        return any(one.alone for one in self.reads)

    @property
    def secret(self) -> bool:
        """True where something in it looks like a secret."""
        return self.shown.encode() != self.body

    @property
    def loses(self) -> bool:
        """True where data may be lost."""
        return any(one.loses for one in self.reads)

    @property
    def sha256(self) -> str:
        """Of the file."""
        return hashlib.sha256(self.body).hexdigest()

    def pinned(self) -> dict[str, Any]:
        """What the plan rests on, and the operation is built from."""
        return {
            "version": self.version,
            "name": self.name,
            "path": self.path,
            "sha256": self.sha256,
            "runs": hashlib.sha256(self.runs.encode()).hexdigest(),
            "statements": hashlib.sha256("\0".join(self.statements).encode()).hexdigest(),
            "alone": self.alone,
        }

    def after(self) -> list[dict[str, Any]]:
        """What the catalog must show, as JSON."""
        return shown([self])


def shown(files: Sequence[Wanted]) -> list[dict[str, Any]]:
    """What the catalog must show when all of *files* have run in that order, as JSON."""
    reads = [read for one in files for read in one.reads]
    return [{"thing": one.thing, "name": one.name, "there": one.there} for one in after(reads)]


def wanted(file: MigrationFile, body: bytes) -> Wanted:
    """Read *body*. Raises Refused where it cannot be applied as one."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise _no(file, f"It is not UTF-8 at byte {error.start}.", "Save it as UTF-8.") from None
    reads = tuple(read(text))
    for one in reads:
        if one.piece.bad or "\0" in one.piece.text:
            bad = next((token for token in one.piece.tokens if token.kind is Is.BAD), None)
            line = text.count("\n", 0, bad.start) + 1 if bad is not None else one.piece.line
            why = f"Line {line} cannot be read: a string or a comment has no end there, or a sign is no SQL."
            raise _no(file, why, "Mend it; PostgreSQL would refuse it too.")
    if not any(one.piece.tokens for one in reads):
        raise _no(file, "It holds no statement.", "Write one, or take the file away.")
    runs, inner = _unwrapped(file, text, reads)
    _fits(file, inner)
    return Wanted(file.version, file.name, file.path, body, runs, reads, masked(text))


def _unwrapped(file: MigrationFile, text: str, reads: Sequence[Read]) -> tuple[str, Sequence[Read]]:
    """Without a BEGIN … COMMIT around the whole: the bot's own takes its place. Any other of their kind is refused."""
    real = [one for one in reads if one.piece.tokens]
    if len(real) > 2 and real[0].control in _BEGINS and real[-1].control in _ENDS:
        inner = real[1:-1]
        if not any(one.control for one in inner):
            blank = list(text)
            for end in (real[0], real[-1]):
                for at in range(end.piece.tokens[0].start, end.piece.tokens[-1].end):
                    blank[at] = " "
            return "".join(blank), inner
    found = next((one for one in real if one.control), None)
    if found is not None:
        raise _no(
            file,
            f"Line {found.piece.line} says {found.control}: half of it could be applied, and the history not say so.",
            "Take it out: each file is applied as one transaction. What must not be in one goes into its own file.",
        )
    return text, real


def _fits(file: MigrationFile, reads: Sequence[Read]) -> None:
    """What cannot run in a transaction runs alone, and only where it can be told afterwards whether it did."""
    found = next((one for one in reads if one.alone), None)
    if found is None:
        return
    what = found.piece.tokens[0].word
    if len(reads) > 1:
        raise _no(
            file,
            f"Line {found.piece.line} ({what} …) cannot run in a transaction, and stands in a file with "
            f"{count(len(reads) - 1, 'other statement')}.",
            "Give it a file of its own, so that either is done or not done.",
        )
    if not found.after or what not in ("CREATE", "DROP"):
        raise _no(
            file,
            f"Line {found.piece.line} ({what} …) cannot run in a transaction, and nobody could ask afterwards whether "
            "it ran: only an index that has a name can be made or dropped CONCURRENTLY by me.",
            "Name the index, or run it by hand: it changes no schema that the history must know.",
        )


def _no(file: MigrationFile, why: str, do: str) -> Refused:
    return Refused(f"{file.version} is not applied.", why, do)
