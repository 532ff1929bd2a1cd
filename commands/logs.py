"""`/aikeys logs <source> [words]`: what the project's parts wrote, cleaned of secrets."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Literal

from pydantic import Field

from bot.clients.deadline import settled, within
from bot.clients.errors import Failure
from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.errors import Refused
from bot.grammar.refusing import did_you_mean
from bot.hide import hide
from bot.logbook.following import AT_MOST, Fresh, TooManyFollowed
from bot.logbook.own_probes import own_probes, perhaps
from bot.logbook.question import Function, Level, Question
from bot.logbook.reading import Line, Page, extended, fresh, read
from bot.logbook.sources import SOURCES, Word
from bot.logbook.span import Span, span
from bot.views.logs import Shown, show

SOON = 0.35  # seconds: an answer that takes longer is announced
_PATIENCE = 2.0  # seconds: to know whose the wrong signatures are is worth that much waiting
_OVERLAP = timedelta(seconds=60)  # a look goes back so far: rows come late
_LONGEST = 300  # characters of all words


class What(Args):
    """Which."""

    source: Word = Field(description="whose logs")
    words: tuple[str, ...] = Field((), description="words that a line must hold, in quotes where they belong together")
    level: Literal["error", "warn", "info", "log"] = Field("info", description="this bad and worse")
    since: str = Field("1h", description="from when: 30m, 2h, yesterday, 14:30, 2026-11-24T14:30, in your time zone")
    until: str | None = Field(None, description="until when; now, unless said")
    function: str | None = Field(
        None, description="of one edge function (functions, invocations)", pattern=r"^[A-Za-z0-9_-]{1,100}$"
    )
    limit: int = Field(50, ge=1, le=5000, description="how many lines at most")
    follow: bool = Field(default=False, description="add new lines for ten minutes")
    full: bool = Field(default=False, description="show e-mail and IP addresses (operators)")


@command(
    role=Role.VIEWER,
    risk=Risk.READ,
    confined=True,
    runbook=["2. Database Health", "3. Webhook Health", "1. Security Event Response", "3. Edge Function Errors"],
    examples=[
        "logs db --level error",
        "logs db duration --since 24h",
        'logs functions "Invalid webhook signature" --since 2h',
        "logs invocations --function payments-circle-webhook --level error",
        "logs auth invalid --since yesterday",
        "logs edge --since 30m --limit 20",
    ],
)
async def logs(ctx: Context, args: What) -> AsyncIterator[Shown]:
    """What the project wrote into its logs.

    Sources: db (PostgreSQL), auth (sign-ins), edge (the API's gateway), functions (what they say), invocations (calls
    of them), api (PostgREST), storage, realtime, pooler. Secrets are cut out. Logs are shown in the ops and incident
    channels and in direct messages.
    """
    question = await _question(ctx, args)
    shown = Shown(ctx.target, question)
    names = asyncio.create_task(_names(ctx, question))
    reading = asyncio.create_task(read(ctx.supabase, question, names))
    try:
        await settled([reading], ctx.clock, ctx.clock.monotonic() + SOON)
        if not reading.done():
            yield shown
        page = await reading
    except Failure as failure:
        yield replace(shown, failed=(failure.what, failure.do))
        return
    finally:
        reading.cancel()
        names.cancel()
        await asyncio.gather(reading, names, return_exceptions=True)
    if not args.follow:
        yield replace(shown, page=page, own=await _own(ctx, page))
        return
    async for state in _followed(ctx, replace(shown, page=page), page, names.result()):
        yield state


logs.view(show)


async def _question(ctx: Context, args: What) -> Question:
    """Raises Refused."""
    source = SOURCES[args.source]
    if args.full and Role.OPERATOR not in ctx.caller.roles:
        raise Refused(
            "The logs were not asked.",
            "--full shows people's e-mail and IP addresses: for operators.",
            "Leave --full away.",
        )
    if args.function is not None and not source.by_function:
        raise _refused(f"--function belongs to functions and invocations, not to {args.source}.")
    if sum(map(len, args.words)) > _LONGEST:
        raise _refused(f"The words have more than {_LONGEST} characters.")
    if any(hide(word) != word for word in args.words):
        raise Refused(
            "The logs were not asked.",
            "A word looks like a secret: it would stand in the channel and in Supabase's records.",
            "Search for a few of its first letters. If it was one, rotate it: you have sent it through Slack.",
        )
    zone = await ctx.zone()
    if args.follow and args.until is not None:
        raise _refused("--follow goes on from now: it has no --until.")
    wanted = span(args.since, args.until, ctx.clock.now(), zone)
    level: Level = "info" if args.level == "log" else args.level
    function = await _function(ctx, args.function) if args.function else None
    return Question(source, wanted, zone, args.words, level, function, args.limit, args.full)


async def _function(ctx: Context, slug: str) -> Function:
    """The logs know functions by id only. Raises Refused, Failure."""
    listed = {one.slug: one.id for one in await ctx.supabase.functions()}
    if slug in listed:
        return Function(slug, listed[slug])
    raise _refused(f"There is no function {slug}{did_you_mean(slug, listed)}")


async def _names(ctx: Context, question: Question) -> Mapping[str, str]:
    """Functions by id, where lines name them; where they cannot be listed the ids will do."""
    if question.function is not None:
        return {question.function.id: question.function.slug}
    if question.source.word != "functions":
        return {}
    try:
        return {one.id: one.slug for one in await ctx.supabase.functions()}
    except Failure:
        return {}


async def _own(ctx: Context, page: Page) -> int:
    """How many of the wrong signatures are the bot's own probes. The lines do not wait long for that."""
    if page.question.source.word != "functions" or not perhaps(page.lines):
        return 0
    asking = own_probes(ctx.supabase, ctx.wallet, page.question.span, ctx.clock.now())
    try:
        return await within(ctx.clock, _PATIENCE, asking)
    except (Failure, TimeoutError):
        return 0


async def _followed(ctx: Context, shown: Shown, page: Page, names: Mapping[str, str]) -> AsyncIterator[Shown]:
    left = AT_MOST - (ctx.clock.now() - ctx.caller.asked_at).total_seconds()
    if ctx.followers is None or left <= 0:
        yield shown
        return
    yield replace(shown, following=True)
    look = _Look(ctx, page, names)
    try:
        async for one in ctx.followers.follow(page.question.same, look, left):
            page = extended(page, one.lines, one.at)
            yield replace(shown, page=page, following=True, said=_said(one))
    except TooManyFollowed:
        yield replace(shown, said="too much is followed already, so this is not: stop another one")
        return
    yield replace(shown, page=page, said="no longer following: press Follow to go on")


def _said(one: Fresh) -> str:
    return one.left_out or (f"{len(one.lines)} new" if one.lines else "nothing new")


class _Look:
    """What came since the last look."""

    def __init__(self, ctx: Context, page: Page, names: Mapping[str, str]) -> None:
        self._ctx, self._question, self._names = ctx, page.question, names
        self._seen = {line.id for line in page.lines}
        self._last = page.question.span.end

    async def __call__(self) -> list[Line]:
        """Raises Failure."""
        now = self._ctx.clock.now()
        question = self._question.about(Span(self._last - _OVERLAP, now + timedelta(microseconds=1)))
        found = await fresh(self._ctx.supabase, question, self._seen, self._names)
        self._last = now
        return found


def _refused(why: str) -> Refused:
    return Refused("The logs were not asked.", why, "More: /aikeys help logs.")
