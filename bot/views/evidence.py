"""The lines of a deploy's card that are about more than the code. Pure."""

from collections.abc import Mapping

from bot.deploys.callers import Calls
from bot.health.expected import HEALTH
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


def callers(came: Mapping[str, Calls] | str) -> list[str]:
    """Who would notice: the calls of the last hour; nothing where the functions are new."""
    if isinstance(came, str):
        return [f"Callers in the last hour are not known. {escape(came)}"]
    if not came:
        return []
    several = len(came) > 1
    busiest = sorted(came.items(), key=lambda one: -one[1].came)
    said = [f"{f'{code(slug)} ' if several else ''}{_calls(one)}" for slug, one in busiest[:_FEW]]
    rest = f", and {len(busiest) - _FEW} more" if len(busiest) > _FEW else ""
    where = (
        " (deliveries that left a row: the logs could not be asked)" if any(one.rows for one in came.values()) else ""
    )
    own = " My own looks at health are among them." if HEALTH in came else ""
    silent = " That is no proof that nobody calls." if not any(one.came for one in came.values()) else ""
    return [f"Callers in the last hour: {', '.join(said)}{rest}{where}.{own}{silent}"]


def _calls(one: Calls) -> str:
    return f"{one.came or 'none'}" + (f", *{one.failed} failed*" if one.failed else ", none failed" if one.came else "")
