"""Plans of migrations: which files would be applied, what each statement does, and what the reader should see."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bot.approvals.policy import RiskClass
from bot.clients.errors import Failure
from bot.context import Context
from bot.errors import AikeysError, Refused, Unanswered
from bot.health.words import count
from bot.migrations import asking, files, judging
from bot.migrations.compared import Compared, compare
from bot.migrations.evidence import gather
from bot.migrations.files import NOTHING, Wanted
from bot.migrations.sent import VERSION
from bot.plan import Made, Plan, digest
from bot.sources import Commit
from bot.views import consequences as view
from bot.views import ways_back

MOST_FILES = 20  # in one go: nobody reads more on one card
_LARGEST = 1_000_000  # bytes of all files together
WATCHED = ("health", "payments-circle-webhook")  # a schema breaks whoever uses it: these can be called harmlessly


async def pin(ctx: Context, to: str, ref: str) -> tuple[dict[str, Any], list[Wanted], Commit, Compared]:
    """What a migration up to *to* (empty: all) at *ref* rests on now. Raises AikeysError."""
    looked = await asking.look(ctx, ref)
    if looked.commit is None:
        raise Refused(NOTHING, "No source is set.", "Set AIKEYS_SOURCE to the wallet's git repository and restart me.")
    for one in (looked.history, looked.commit):
        if isinstance(one, Unanswered):
            raise one
    assert isinstance(looked.commit, asking.InCommit)  # noqa: S101  # raised above; mypy cannot see it
    assert not isinstance(looked.history, Failure)  # noqa: S101  # the same
    commit = looked.commit.commit
    known = compare(looked.commit.files, looked.history)
    _no_drift(known)
    pending = _up_to(known, to, commit)
    bodies = await _sources(ctx).texts(commit.sha, [one.path for one in pending], _LARGEST)
    found = await asyncio.to_thread(_read, pending, bodies)
    versions = sorted(one.version for one in looked.history)
    pinned = {
        "project": ctx.target.ref,
        "to": to,
        "ref": ref,
        "commit": commit.sha,
        "head": versions[-1] if versions else "",
        "history": digest({"versions": versions}),
        "files": {one.version: one.pinned() for one in found},
    }
    return pinned, found, commit, known


async def migrate(ctx: Context, to: str, ref: str, *, unsaved: bool = False) -> Made:
    """The whole plan, with what is shown. Raises Refused where nothing waits, or the two have parted ways."""
    pinned, found, commit, known = await pin(ctx, to, ref)
    seen = await gather(ctx, found, unsaved=unsaved)
    downs, written, without = await _ways_back(ctx, found, commit, ref)
    loses = any(one.loses for one in found)
    asked = [f"--to {to}" if to else "", f"--ref {ref}" if ref != "HEAD" else "", "--unsaved" if unsaved else ""]
    plan = Plan(
        command="migrate",
        line=" ".join(filter(None, ["migrate", *asked])),
        title=f"Migrate to {found[-1].version}" if len(found) == 1 else f"Apply {len(found)} migrations",
        subject="database/schema",
        risk_class=RiskClass.DATA_LOSS if loses else RiskClass.SCHEMA,
        pinned=pinned | {"restore": seen.way_back.kind, "downs": downs},
        changes=view.changes(found),
        dangers=[*view.dangers(found), *view.renamed(known), *seen.dangers, *without],
        shown=[*written, *view.now(seen.tables), *seen.shown, view.commit(commit)],
    )
    bodies = [body for one in found for body in (one.body, one.runs.encode())]
    return Made(plan, tuple(dict.fromkeys(bodies)), [view.file(one) for one in found[:5]])


async def again(ctx: Context, pinned: Mapping[str, Any]) -> dict[str, Any]:
    """The pinned facts as they are now; how one could go back is looked at by the first step."""
    fresh, _, _, _ = await pin(ctx, pinned["to"], pinned["ref"])
    return fresh | {name: pinned[name] for name in ("restore", "downs") if name in pinned}


async def _ways_back(
    ctx: Context, found: Sequence[Wanted], commit: Commit, ref: str
) -> tuple[list[str], list[str], list[str]]:
    """The versions that somebody wrote a way back for, lines to show of them, and dangers: those of the others.

    It is looked for where `/aikeys rollback migration` will look: at HEAD, whatever commit is applied.
    """
    try:
        head = commit if ref == "HEAD" else await _sources(ctx).resolve("HEAD")
        downs = await _sources(ctx).downs(head.sha)
    except AikeysError as error:
        return [], [], [ways_back.not_known(str(error))]
    return (
        [one.version for one in found if one.version in downs],
        ways_back.written(found, downs),
        ways_back.missing(found, downs),
    )


def _sources(ctx: Context) -> Any:
    return ctx.sources


def _read(pending: Sequence[Any], bodies: Sequence[bytes]) -> list[Wanted]:
    """In a thread: a long file takes the parser a second."""
    return [files.wanted(file, body) for file, body in zip(pending, bodies, strict=True)]


def _no_drift(known: Compared) -> None:
    """The database and the commit must agree about the past: whoever applies more on top makes it worse."""
    drift = judging.drift(known)
    if drift:
        raise Refused(NOTHING, " ".join(one.what for one in drift), " ".join(one.do for one in drift))


def _up_to(known: Compared, to: str, commit: Commit) -> list[Any]:
    at = commit.sha[:10]
    if to and to not in {one.version for one in known.pending}:
        if any(one.version == to for one in known.applied):
            raise Refused(NOTHING, f"{to} is applied already.", "See what waits: /aikeys migrations")
        raise Refused(NOTHING, f"No migration {to} waits in commit {at}.", "See what waits: /aikeys migrations")
    pending = [one for one in known.pending if not to or one.version <= to]
    if not pending:
        raise Refused("There is nothing to migrate.", f"All of commit {at} is applied.", "See: /aikeys migrations")
    if len(pending) > MOST_FILES:
        raise Refused(
            NOTHING,
            f"{count(len(pending), 'migration')} wait: too many for one card.",
            f"Apply them in parts: /aikeys migrate --to {pending[MOST_FILES - 1].version}",
        )
    for one in known.applied:
        if not VERSION.fullmatch(one.version):
            raise Refused(NOTHING, "The history holds a version that is no number.", "Mend it with the CLI first.")
    return pending
