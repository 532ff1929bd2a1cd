"""A commit's migrations against the database's history. Pure.

They are held against each other by version alone, as `supabase db push` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.clients.supabase import Applied
from bot.sources.migrations import MigrationFile


@dataclass(frozen=True, slots=True)
class Compared:
    """*applied* is in both; *pending* only in the commit; *strange* only in the database; each oldest first.

    *late*: pending, but older than something applied, so that a push refuses it unless told otherwise. *twins*: a
    strange one and the pending file of the same name, which it probably is. *double*: versions that two files have.
    *renamed*: versions whose file has another name than the history says.
    """

    applied: tuple[Applied, ...] = ()
    pending: tuple[MigrationFile, ...] = ()
    strange: tuple[Applied, ...] = ()
    late: tuple[MigrationFile, ...] = ()
    twins: tuple[tuple[Applied, MigrationFile], ...] = ()
    double: tuple[str, ...] = ()
    renamed: tuple[tuple[Applied, MigrationFile], ...] = ()


def compare(files: Sequence[MigrationFile], history: Sequence[Applied]) -> Compared:
    """Hold *files* against *history*, in whatever order they come."""
    files = sorted(files, key=lambda one: (one.version, one.name))
    known = {one.version: one for one in sorted(history, key=lambda one: one.version)}
    by_version = {one.version: one for one in files}
    pending = tuple(one for one in files if one.version not in known)
    strange = tuple(one for version, one in known.items() if version not in by_version)
    shared = [version for version in known if version in by_version]
    newest = max(known, default="")
    waiting = {one.name: one for one in pending if one.name}
    versions = [one.version for one in files]
    return Compared(
        applied=tuple(known[version] for version in shared),
        pending=pending,
        strange=strange,
        late=tuple(one for one in pending if one.version < newest),
        twins=tuple((one, waiting[one.name]) for one in strange if one.name in waiting),
        double=tuple(sorted({version for version in versions if versions.count(version) > 1})),
        renamed=tuple(
            (known[version], by_version[version])
            for version in shared
            if known[version].name and versions.count(version) == 1 and known[version].name != by_version[version].name
        ),
    )
