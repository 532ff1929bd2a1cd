"""Plans of deploys: what would be sent, from which commit, in place of what; and what the reader should see of it."""

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.approvals.policy import RiskClass
from bot.bundle import Bundle, compare, pack
from bot.clients.errors import Failure
from bot.context import Context
from bot.deploys import evidence, parts
from bot.deploys.parts import Part
from bot.deploys.record import Deployed, foreign, history
from bot.errors import Refused
from bot.plan import Made, Plan
from bot.sources import Commit, Diff, Sources
from bot.views import deploys as view
from bot.views import diffs as differences

ALL = "all"


def source_of(ctx: Context) -> Sources:
    """The git repository. Raises Refused where none is set."""
    if ctx.sources is None:
        raise Refused(
            "I cannot deploy.", "No source is set.", "Set AIKEYS_SOURCE to the wallet's git repository and restart me."
        )
    return ctx.sources


async def pin(ctx: Context, function: str, ref: str) -> tuple[dict[str, Any], list[Part], Commit]:
    """What a deploy of *function* (or `all`) at *ref* rests on now. Raises AikeysError."""
    sources = source_of(ctx)
    commit = await sources.resolve(ref)
    head = {"project": ctx.target.ref, "ref": ref}
    if function != ALL:
        part = await _part(ctx, function, commit)
        return head | part.pinned(), [part], commit
    found = [await _part(ctx, slug, commit) for slug in await sources.functions(commit.sha)]
    differing = [part for part, live in zip(found, await _bodies(ctx, found), strict=True) if not _same(part, live)]
    pinned = head | {
        "function": ALL,
        "commit": commit.sha,
        "functions": {part.bundle.slug: part.pinned() for part in differing},
    }
    return pinned, differing, commit


async def deploy(ctx: Context, function: str, ref: str, *, again: bool = False) -> Made:
    """The whole plan, with what is shown. Raises Refused where nothing would change (unless *again*), AikeysError."""
    pinned, found, commit = await pin(ctx, function, ref)
    bodies = await _bodies(ctx, found)
    same = all(_same(part, live) for part, live in zip(found, bodies, strict=True))
    if not found or (same and (function == ALL or not again)):
        what = "Every function" if function == ALL else function
        raise Refused(
            "There is nothing to deploy.",
            f"What Supabase keeps of {what} is byte for byte commit {commit.sha[:10]}.",
            "Push a commit, or name another. If it does not run all the same, its code was lost on the way: send it "
            f"again with /aikeys deploy {'<function>' if function == ALL else function} --again",
        )
    sources = source_of(ctx)
    diffs = [await sources.compare(live, part.bundle) for part, live in zip(found, bodies, strict=True)]
    before = [history(ctx.store, part.bundle.slug)[:1] for part in found]
    distance = None
    if len(found) == 1 and before[0] and before[0][0].commit and not _moved(found[0], before[0][0]):
        distance = await sources.distance(before[0][0].commit, commit.sha)
    several = function == ALL
    seen = await evidence.ask(ctx, found, commit)
    plan = Plan(
        command="deploy",
        line=f"deploy {function}" + ("" if ref == "HEAD" else f" {ref}"),
        title=f"Deploy {len(found)} functions" if several else f"Deploy {function}",
        subject=f"function/{function}",
        risk_class=RiskClass.REVERSIBLE,
        pinned=pinned,
        changes=[view.change(part, diff) for part, diff in zip(found, diffs, strict=True)],
        dangers=[
            *view.dangers(found, diffs),
            *view.moved([(part, one[0] if one else None) for part, one in zip(found, before, strict=True)]),
            *seen.dangers,
        ],
        shown=[view.commit(commit, distance), *seen.shown, *_shown(ctx), *differences.inline(diffs)],
    )
    return Made(plan, tuple(pack(part.bundle) for part in found), differences.file(plan.title, found, diffs))


def _moved(part: Part, last: Deployed) -> bool:
    """Whether what is live is not what the bot recorded last: then nobody knows which commit it is from."""
    live = part.live
    return live is None or bool(foreign(last, live))


def _shown(ctx: Context) -> list[str]:
    return view.incidents(ctx.store.events.open_incidents())


async def _part(ctx: Context, slug: str, commit: Commit) -> Part:
    source, live = await asyncio.gather(
        source_of(ctx).read(slug, commit.sha), parts.listed(ctx.supabase, slug), return_exceptions=True
    )
    for one in (source, live):
        if isinstance(one, BaseException):
            raise one
    assert not isinstance(source, BaseException)  # noqa: S101  # raised above; mypy cannot see it
    assert not isinstance(live, BaseException)  # noqa: S101  # the same
    return Part(source.bundle(parts.decided(source.verify_jwt, live)), live, commit.sha, source.tree)


async def _bodies(ctx: Context, found: Sequence[Part]) -> list[Bundle | None]:
    return [await body(ctx, part) for part in found]


async def body(ctx: Context, part: Part) -> Bundle | None:
    """What is live, None where there is nothing or it cannot be read: then all of the new code is shown."""
    if part.live is None:
        return None
    try:
        return await ctx.supabase.body(part.bundle.slug)
    except Failure:
        return None


def _same(part: Part, live: Bundle | None) -> bool:
    return live is not None and not part.flips and compare(part.bundle, live).same


def unchanged(diff: Diff) -> bool:
    """True where a person would see no difference."""
    return diff.files == 0
