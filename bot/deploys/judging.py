"""A change held against the hour before it: is it worse since, and which of its functions? Asks the outside.

Where an outage reaches into what is compared nothing is blamed for what failed in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clients.errors import Failure
from bot.context import Context
from bot.deploys import explained, probing
from bot.deploys.outages import last_good
from bot.deploys.verdict import Verdict, called, compared, deliveries
from bot.errors import AikeysError
from bot.health.answers import Deliveries, Question, WebhooksCounted
from bot.health.expected import HEALTH, WEBHOOK
from bot.health.memory import WALLET
from bot.health.probes import ask
from bot.questions.functions import figures
from store.operations import Operation

AFTER = timedelta(minutes=3)  # long enough for callers to have come by, short enough to still sit there
BEFORE = timedelta(hours=1)
CALLS = 3  # of our own, where a harmless one is known
SOON = timedelta(seconds=15)  # a few looks: then an outage that is seen has been told, or was none


@dataclass(frozen=True, slots=True)
class Judged:
    """*worse*: None where an outage explains what is bad, so that nothing is said about the deploy.

    *undo*: the functions that went worse, as far as that can be told. *again*: when it is to be compared again.
    """

    worse: bool | None
    words: str
    undo: tuple[str, ...] = ()
    again: datetime | None = None


def watched(operation: Operation) -> list[str]:
    """The functions to be judged by: those that were deployed, or those that *operation* names in `watched`."""
    return [part["function"] for part in operation.data.get("parts", [])] or list(operation.data.get("watched", []))


async def judge(ctx: Context, operation: Operation, begun: datetime, ended: datetime) -> Judged:
    """Call what may be called, and hold calls and looks since against the hour before.

    Where an outage came after the deploy: what was bad before it is blamed on the deploy all the same; else what was
    since its end counts, once that is three minutes ago.
    """
    slugs, now = watched(operation), ctx.clock.now()
    whole = HEALTH if HEALTH in slugs else ""
    deploys = bool(operation.data.get("parts"))  # a schema can take all down: there only what was before counts
    looks = explained.looks_of(ctx, begun)
    outages = await explained.outages(ctx, whole, begun, ended, looks) if deploys else []
    if outages and outages[0].since > ended:
        # To the last good look: what failed between that and the first bad one is the outage's.
        good = last_good(looks, ended, outages[0].since)
        early = [] if good is None else await _calls(ctx, slugs, begun, ended, good)
        early += [] if good is None else [_looks(ctx, begun, ended, good)]
        if bad := [one for one in early if one.worse]:
            return _blamed(ctx, operation, slugs, bad)
    over = [one.until for one in outages if one.until is not None]
    if over and len(over) == len(outages) and now >= max(over) + AFTER:
        ended, outages = max(ended, *over), []
    found = await _calls(ctx, slugs, begun, ended, now)
    found += [await _called(ctx, slug) for slug in slugs]
    found.append(_looks(ctx, begun, ended, now))
    bad = [one for one in found if one.worse]
    if not bad:
        return Judged(False, " ".join(one.words for one in found))
    causes = {one.function: await explained.cause(ctx, one.function or whole, begun, looks) for one in bad}
    if outages:
        last = next((one for one in outages if one.until is None), outages[-1])
        causes = {slug: one or last for slug, one in causes.items()}
    if not deploys:
        causes = {slug: one if one is not None and one.since <= begun else None for slug, one in causes.items()}
    blamed = [one for one in bad if causes[one.function] is None]
    if blamed:
        return _blamed(ctx, operation, slugs, blamed)
    cause = max((one for one in causes.values() if one is not None), key=lambda one: one.dedup_key in explained.OUTAGES)
    words, again = explained.said(cause, begun, _what(operation)), None
    if deploys and cause.dedup_key in explained.OUTAGES:
        words += " I compare again three minutes after its end, if that is within 12 hours and nothing newer is live."
        again = max((cause.until or now) + AFTER, now + SOON)
    return Judged(None, f"{words} Seen: {' '.join(one.words for one in bad)}", again=again)


def _blamed(ctx: Context, operation: Operation, slugs: Sequence[str], blamed: Sequence[Verdict]) -> Judged:
    undo = tuple(slugs) if len(slugs) == 1 else tuple(dict.fromkeys(one.function for one in blamed if one.function))
    words = [one.words for one in blamed]
    if not undo and operation.data.get("parts"):
        words.append("Which of the functions does it cannot be told: take one back with /aikeys rollback <function>.")
    words += filter(None, [str(operation.data.get("way_back", ""))])
    return Judged(True, " ".join([*words, *explained.others(ctx)]), undo)


def _looks(ctx: Context, begun: datetime, since: datetime, until: datetime) -> Verdict:
    looks = ctx.store.samples.since(WALLET, begun - BEFORE, "")
    return compared([one for one in looks if one.at < begun], [one for one in looks if since <= one.at < until])


def _what(operation: Operation) -> str:
    return "deploy" if operation.data.get("parts") else "migration"


async def _calls(
    ctx: Context, slugs: Sequence[str], begun: datetime, since: datetime, until: datetime
) -> list[Verdict]:
    """Each function's own calls, from the logs; where they do not answer, the webhook's from its rows."""
    try:
        listed = {one.slug: one.id for one in await ctx.supabase.functions()}
        before = await figures(ctx.supabase, begun - BEFORE, begun)
        # Where the bot was away: no more than an hour, since one question about the logs is about a day at most.
        after = await figures(ctx.supabase, since, min(until, since + BEFORE))
    except Failure as failure:
        return [Verdict(False, f"Calls could not be counted: {failure.what}"), *await _rows(ctx, slugs)]
    ids = {slug: listed.get(slug, "") for slug in slugs}
    return [called(slug, before.get(id_), after.get(id_)) for slug, id_ in ids.items()]


async def _rows(ctx: Context, slugs: Sequence[str]) -> list[Verdict]:
    if WEBHOOK not in slugs:
        return []
    counted = await ask(Question.WEBHOOKS, ctx.supabase, ctx.wallet)
    if isinstance(counted, WebhooksCounted) and isinstance(counted.deliveries, Deliveries):
        return [deliveries(counted.deliveries)]
    return [Verdict(False, "The webhook's deliveries could not be counted.")]


async def _called(ctx: Context, slug: str) -> Verdict:
    try:
        for _ in range(CALLS):
            said = await probing.proved(ctx.wallet, slug)
    except AikeysError as error:
        what = error.what if isinstance(error, Failure) else str(error)
        return Verdict(True, what if slug in what else f"{slug}: {what}", slug)
    return Verdict(False, f"{slug}: {said}.", slug)
