"""The lines of a deploy's card that are about more than the code. Pure."""

from bot.health.words import count
from bot.migrations.compared import Compared
from bot.views.blocks import code, escape

_FEW = 3


def pending(known: Compared) -> list[str]:
    """What waits in this commit, as a danger; nothing where nothing waits."""
    if not known.pending:
        return []
    names = ", ".join(code(one.version) for one in known.pending[-_FEW:])
    more = f" and {len(known.pending) - _FEW} before" if len(known.pending) > _FEW else ""
    are, them = ("is", "it") if len(known.pending) == 1 else ("are", "them")
    what = f"{count(len(known.pending), 'migration')} of this commit {are} not applied"
    return [f"*{what}*: {names}{more}. Code that needs {them} fails until then."]


def migrations(known: Compared) -> list[str]:
    """That nothing waits, and that the database has what the commit lacks."""
    said = [] if known.pending else ["No migration of this commit is pending."]
    if known.strange:
        newest = code(known.strange[-1].version)
        said.append(f"The database has {len(known.strange)} that this commit lacks, the newest {newest}.")
    return [" ".join(said)] if said else []


def migrations_unknown(why: str) -> str:
    """That it could not be told."""
    return f"Whether a migration is pending is not known: {escape(why)}"
