"""What the migrations are judged to be, for `/aikeys migrations` and for the card of a deploy. Pure."""

from collections.abc import Sequence

from bot.clients.errors import Failure
from bot.context import Target
from bot.errors import Unanswered
from bot.health.judgement import Level
from bot.health.words import count
from bot.migrations.asking import InCommit, Looked
from bot.migrations.compared import Compared, compare
from bot.questions.saying import level
from bot.report import Group, Line, Report, Wrong
from bot.sources.migrations import MigrationFile

_NO_SOURCE = Wrong(
    Level.UNKNOWN,
    "Which ones wait cannot be told: no source is set.",
    "Set AIKEYS_SOURCE to the wallet's git repository and restart me.",
)
_FEW = 10
_WHEN = "A version says when its file was made; the history does not say when it was applied, and seldom by whom"


def judge(looked: Looked, target: Target, ref: str = "HEAD") -> Report:
    """The answer to `/aikeys migrations`."""
    history, commit = looked.history, looked.commit
    known = compared(looked)
    wrong = [*_unknown(looked), *(_wrong(known) if known is not None else ())]
    waits = known is not None and bool(known.pending)
    drifted = known is not None and bool(drift(known))  # nothing is applied on top: what mends it stands above
    line = "/aikeys migrate" if ref == "HEAD" else f"/aikeys migrate --ref {ref}"
    return Report(
        verdict=_verdict(looked, known),
        level=max(level(wrong), Level.WAITING) if waits else level(wrong),
        target=target,
        again="migrations" if ref == "HEAD" else f"migrations {ref}",
        wrong=tuple(wrong),
        groups=tuple(_groups(looked, known)),
        steps=(f"See what that would do, and ask for approval: {line}",) if waits and not drifted else (),
        small=(
            _compared_with(commit),
            "" if isinstance(history, Failure) or not history else _WHEN,
        ),
    )


def compared(looked: Looked) -> Compared | None:
    """The comparison; None where one side is not known."""
    if isinstance(looked.history, Failure) or not isinstance(looked.commit, InCommit):
        return None
    return compare(looked.commit.files, looked.history)


def not_known(looked: Looked) -> str:
    """Why there is no comparison, in a sentence; empty where there is one."""
    wrong = _unknown(looked)
    return wrong[0].what if wrong else ""


def _verdict(looked: Looked, known: Compared | None) -> str:
    if known is not None:
        if known.strange:
            return f"The database has {count(len(known.strange), 'migration')} that the commit lacks"
        waiting = f"{count(len(known.pending), 'migration')} pending" if known.pending else "No migration is pending"
        return f"{waiting}, {len(known.applied)} applied"
    if not isinstance(looked.history, Failure):
        return f"{count(len(looked.history), 'migration')} applied; what is pending is not known"
    if isinstance(looked.commit, InCommit):
        return f"The commit has {count(len(looked.commit.files), 'migration')}; what is applied is not known"
    return "The migrations are not known"


def _unknown(looked: Looked) -> list[Wrong]:
    found = []
    if isinstance(looked.history, Failure):
        found.append(Wrong(Level.UNKNOWN, looked.history.what, looked.history.do))
    if looked.commit is None:
        found.append(_NO_SOURCE)
    elif isinstance(looked.commit, Unanswered):
        what, do = getattr(looked.commit, "what", str(looked.commit)), getattr(looked.commit, "do", "")
        found.append(Wrong(Level.UNKNOWN, what, do))
    return found


def drift(known: Compared) -> list[Wrong]:
    """Where database and commit disagree about the past: nothing more may be applied until that is mended."""
    return [one for one in _wrong(known) if one.level is Level.DEGRADED]


def _wrong(known: Compared) -> list[Wrong]:
    found = []
    paired = {one.version for one, _ in known.twins}
    for one, file in known.twins[:3]:
        found.append(
            Wrong(
                Level.DEGRADED,
                f"{one.version} in the database is probably the file {file.version}: both are called {one.name}. "
                "Supabase gives its own version to what is applied through its API.",
                f"Rename the file to {one.version}_{one.name}.sql before the next push, or it is applied twice.",
            )
        )
    if strange := [one.version for one in known.strange if one.version not in paired]:
        found.append(
            Wrong(
                Level.DEGRADED,
                f"Applied, but not in the commit: {_listed(strange)}. Until that is mended, db push refuses.",
                "Find out who applied it, and from where; put the file under that very version into the repository.",
            )
        )
    if late := [one.version for one in known.late if one not in [file for _, file in known.twins]]:
        found.append(
            Wrong(
                Level.DEGRADED,
                f"Older than what is applied already: {_listed(late)}. db push refuses that, unless told otherwise.",
                "Give the file a new version, if nothing after it needs it.",
            )
        )
    if known.double:
        found.append(
            Wrong(
                Level.DEGRADED,
                f"Two files have one version: {_listed(known.double)}. Only one of them can be applied.",
                "Give one of them a new version.",
            )
        )
    if known.renamed:
        found.append(
            Wrong(
                Level.UNKNOWN,
                f"Applied under another name: {_listed([one.version for one, _ in known.renamed])}.",
                "Look whether the file was changed after it was applied: nothing applies it again.",
            )
        )
    return found


def _groups(looked: Looked, known: Compared | None) -> list[Group]:
    groups = []
    if known is not None and isinstance(looked.commit, InCommit):
        authors = looked.commit.authors
        groups.append(Group("Pending", tuple(_file(one, authors) for one in known.pending), "none"))
        if known.strange:
            lines = tuple(Line(one.version, one.name, Level.DEGRADED) for one in known.strange)
            groups.append(Group("In the database, not in the commit", lines))
    if not isinstance(looked.history, Failure):
        newest = sorted(looked.history, key=lambda one: one.version, reverse=True)
        lines = tuple(_applied(looked, one.version, one.name) for one in newest[:5])
        more = f", the newest of {len(newest)}" if len(newest) > len(lines) else ""
        groups.append(Group(f"Applied{more}", lines, "none"))
    return groups


def _file(one: MigrationFile, authors: object) -> Line:
    last = authors.get(one.path) if isinstance(authors, dict) else None
    if last is None:
        return Line(one.version, one.name, Level.WAITING)
    return Line(one.version, f"{one.name} · “{last.subject}”", Level.WAITING, last.at, last.author)


def _applied(looked: Looked, version: str, name: str) -> Line:
    seen = looked.details.get(version)
    if seen is None:
        return Line(version, name, Level.OK)
    return Line(version, f"{name} · {count(len(seen.statements), 'statement')}", Level.OK, by=seen.created_by or "")


def _compared_with(commit: object) -> str:
    if not isinstance(commit, InCommit):
        return ""
    named = f" ({commit.commit.ref})" if commit.commit.ref else ""
    return f"Held against commit {commit.commit.sha[:10]}{named}, “{commit.commit.subject}” by {commit.commit.author}"


def _listed(versions: Sequence[str]) -> str:
    more = len(versions) - _FEW
    return ", ".join(versions[:_FEW]) + (f" and {more} more" if more > 0 else "")
