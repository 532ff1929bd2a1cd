"""Asks the repository and the database for their migrations, at the same time; neither hides what the other says."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.clients.errors import Failure
from bot.clients.supabase import Applied, AppliedInFull
from bot.context import Context
from bot.errors import AikeysError, Refused, Unanswered
from bot.health.probes import caught
from bot.sources import Commit
from bot.sources.errors import SourceRefused
from bot.sources.migrations import MigrationFile

NEWEST = 5  # of the history, asked about one by one
MOST_ASKED_ABOUT = 10  # pending files whose author is looked up


@dataclass(frozen=True, slots=True)
class InCommit:
    """What a commit holds. *authors*: of pending files by path, the commit that touched each last."""

    commit: Commit
    files: tuple[MigrationFile, ...]
    authors: Mapping[str, Commit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Looked:
    """*commit* None: no repository is set. *details* of the newest of the history, by version, as far as known."""

    commit: InCommit | Unanswered | None
    history: tuple[Applied, ...] | Failure
    details: Mapping[str, AppliedInFull] = field(default_factory=dict)


async def look(ctx: Context, ref: str) -> Looked:
    """Everything about the migrations at *ref*. Raises Refused where there is no such ref."""
    commit, history = await _both(ctx, _in_commit(ctx, ref))
    if isinstance(commit, InCommit) and not isinstance(history, Failure):
        commit = InCommit(commit.commit, commit.files, await _authors(ctx, commit, history))
    return Looked(commit, history, await _details(ctx, history))


async def at(ctx: Context, commit: Commit) -> Looked:
    """The same for a commit that is known, without authors and details: for a card that is waited for."""
    return Looked(*await _both(ctx, _known(ctx, commit)))


async def _both(
    ctx: Context, asking: Coroutine[Any, Any, InCommit | None]
) -> tuple[InCommit | Unanswered | None, tuple[Applied, ...] | Failure]:
    listing = caught(ctx.supabase.migrations(), ctx.supabase.source)
    found, history = await asyncio.gather(_or_why_not(asking), listing)
    if isinstance(found, Refused):
        raise found
    return found, history if isinstance(history, Failure) else tuple(history)


async def _or_why_not(asking: Coroutine[Any, Any, InCommit | None]) -> InCommit | Refused | Unanswered | None:
    try:
        return await asking
    except (Refused, Unanswered) as why:
        return why


async def _in_commit(ctx: Context, ref: str) -> InCommit | None:
    if ctx.sources is None:
        if ref == "HEAD":
            return None
        raise Refused(
            f"{ref} is not known here.",
            "No source is set.",
            "Set AIKEYS_SOURCE to the wallet's git repository and restart me.",
        )
    try:
        commit = await ctx.sources.resolve(ref)
    except SourceRefused as refused:  # whose first words are about a deploy
        raise Refused("The migrations were not compared.", refused.why, refused.do) from None
    return await _known(ctx, commit)


async def _known(ctx: Context, commit: Commit) -> InCommit | None:
    if ctx.sources is None:
        return None
    return InCommit(commit, await ctx.sources.migrations(commit.sha))


async def _authors(ctx: Context, found: InCommit, history: Sequence[Applied]) -> dict[str, Commit]:
    known = {one.version for one in history}
    authors: dict[str, Commit] = {}
    for file in [one for one in found.files if one.version not in known][:MOST_ASKED_ABOUT]:
        try:
            last = await ctx.sources.last_change(found.commit.sha, file.path) if ctx.sources else None
        except AikeysError:
            return authors  # who wrote it is a courtesy: the answer does not wait for it
        if last is not None:
            authors[file.path] = last
    return authors


async def _details(ctx: Context, history: tuple[Applied, ...] | Failure) -> dict[str, AppliedInFull]:
    if isinstance(history, Failure):
        return {}
    newest = sorted((one.version for one in history if one.version.isdecimal()), reverse=True)[:NEWEST]
    found = await asyncio.gather(*(ctx.supabase.migration(each) for each in newest), return_exceptions=True)
    return {one.version: one for one in found if isinstance(one, AppliedInFull)}
