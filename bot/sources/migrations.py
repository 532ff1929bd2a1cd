"""Pure: the migrations that a commit holds, as the Supabase CLI names them: 14 digits, an underscore, a name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.sources.listing import ROOT, Entry

FOLDER = f"{ROOT}/migrations"
_FILE = re.compile(rf"{FOLDER}/(\d{{14}})_([^/]*)\.sql")
DOWN = f"{FOLDER}/down"  # the CLI reads the folder above alone, so a way back is never applied as a migration
_DOWN = re.compile(rf"{DOWN}/(\d{{14}})(?:_[^/]*)?\.sql")


@dataclass(frozen=True, slots=True)
class MigrationFile:
    """One file: its *version* (14 digits), what it is called behind them, its path in the commit."""

    version: str
    name: str
    path: str


def found(listing: Mapping[str, Entry]) -> tuple[MigrationFile, ...]:
    """Those of a listing, oldest first; the CLI passes over what is named otherwise, and so do we."""
    files = [
        MigrationFile(seen[1], seen[2].encode(errors="surrogateescape").decode(errors="replace"), path)
        for path, entry in listing.items()
        if entry.kind == "blob" and (seen := _FILE.fullmatch(path))
    ]
    return tuple(sorted(files, key=lambda one: (one.version, one.name)))


def downs(listing: Mapping[str, Entry]) -> dict[str, str]:
    """The ways back: by version, the path of the file that takes it back."""
    return {
        seen[1]: path for path, entry in listing.items() if entry.kind == "blob" and (seen := _DOWN.fullmatch(path))
    }
