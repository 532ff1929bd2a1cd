"""Plans of roll backs: to the saved body of an earlier version, or to a commit. Passes a freeze, with a reason."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.approvals.policy import RiskClass
from bot.bundle import Bundle, pack, unpack
from bot.context import Context
from bot.deploys import parts, planning
from bot.deploys.parts import Part
from bot.deploys.record import Deployed, history
from bot.errors import Refused
from bot.plan import Made, Plan
from bot.sources import Commit
from bot.views import deploys as view
from bot.views import diffs as differences

_VERSION = re.compile(r"v?([1-9]\d{0,8})")


async def rollback(ctx: Context, function: str, to: str) -> Made:
    """The plan to bring *function* back: *to* a version, a commit, or (empty) to what was live before. AikeysError."""
    found = _VERSION.fullmatch(to)
    if to and not found:
        return await _to_commit(ctx, function, to)
    record = history(ctx.store, function)
    version, body, commit = _saved(function, record, int(found[1]) if found else None)
    part = await _part(ctx, body, commit, function)
    live = await planning.body(ctx, part)
    return await _made(ctx, part, live, f"version {version}", to, record[0] if record else None)


async def again(ctx: Context, pinned: Mapping[str, Any]) -> dict[str, Any]:
    """The pinned facts as they are now: what is sent was settled when it was asked, what is live may have moved."""
    part = await _part(ctx, pinned["sent"], pinned["commit"], pinned["function"])
    return _pinned(ctx, part, pinned["to"])


def _pinned(ctx: Context, part: Part, to: str) -> dict[str, Any]:
    return {"project": ctx.target.ref, "to": to} | part.pinned()


async def _to_commit(ctx: Context, function: str, to: str) -> Made:
    _, found, commit = await planning.pin(ctx, function, to)
    part = replace(found[0], tree="")  # what is sent is kept by its hash: nothing of git is asked again
    live = await planning.body(ctx, part)
    return await _made(ctx, part, live, f"commit {commit.sha[:10]}", to, None, commit)


def _saved(function: str, record: list[Deployed], version: int | None) -> tuple[int | None, str, str]:
    """The version, the sha256 of its body, and the commit it came from (empty where that is not known)."""
    for at, one in enumerate(record):
        if one.before_body and version in (None, one.before_version):
            older = next((each for each in record[at + 1 :] if each.version == one.before_version), None)
            return one.before_version, one.before_body, older.commit if older else ""
        if version is not None and version == one.version and one.body:
            return version, one.body, one.commit
    known = sorted({str(each) for one in record for each in (one.version, one.before_version) if each is not None})
    raise Refused(
        f"{function} is not rolled back.",
        f"I have saved no version {version} of it."
        if version
        else "Nothing was deployed through me that I could undo.",
        f"Saved are: {', '.join(known)}." if known else "Name a commit: /aikeys rollback <function> <commit>",
    )


async def _part(ctx: Context, body: str, commit: str, function: str) -> Part:
    raw = ctx.store.bodies.get(body)
    if raw is None:
        raise Refused(f"{function} is not rolled back.", "The saved code is gone.", "Name a commit instead.")
    return Part(unpack(raw), await parts.listed(ctx.supabase, function), commit)


async def _made(
    ctx: Context,
    part: Part,
    live: Bundle | None,
    to: str,
    asked: str,
    last: Deployed | None,
    commit: Commit | None = None,
) -> Made:
    function = part.bundle.slug
    diff = await planning.source_of(ctx).compare(live, part.bundle)
    if live is not None and planning.unchanged(diff) and not part.flips:
        raise Refused(
            "There is nothing to roll back.", f"{function} is live exactly as {to} was.", "See: /aikeys deploys"
        )
    plan = Plan(
        command="rollback",
        line=f"rollback {function} {asked}".strip(),
        title=f"Roll back {function} to {to}",
        subject=f"function/{function}",
        risk_class=RiskClass.REVERSIBLE,
        pinned=_pinned(ctx, part, to),
        changes=[view.change(part, diff)],
        dangers=[*view.dangers([part], [diff]), *view.moved([(part, last)])],
        shown=[
            *([view.commit(commit, None)] if commit else []),
            *view.incidents(ctx.store.events.open_incidents()),
            *differences.inline([diff]),
        ],
    )
    return Made(plan, (pack(part.bundle),), differences.file(plan.title, [part], [diff]))
