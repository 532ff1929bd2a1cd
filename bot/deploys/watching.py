"""Three minutes after a deploy: is it worse than in the hour before? A durable timer asks, and says so in words.

The operation has long ended and freed its lock; a regression comes with the way back, asked for and ready.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cards import thread_of
from bot.changes import Changes
from bot.context import Context
from bot.deploys import probing, record
from bot.deploys.way_back import WayBack, ready
from bot.errors import AikeysError
from bot.health.answers import Deliveries, Question, WebhooksCounted
from bot.health.expected import WEBHOOK
from bot.health.memory import WALLET
from bot.health.probes import ask
from bot.timers import Fired
from bot.views import operation as view
from store.operations import Operation
from store.samples import Sample

KIND = record.WATCHED  # the timer's kind, and the event's
AFTER = timedelta(minutes=3)  # long enough for callers to have come by, short enough to still sit there
BEFORE = timedelta(hours=1)
SLOWER = 2.0  # times the hour before
SLOW = 300.0  # ms: below it twice as slow is noise
CALLS = 3  # of our own, where a harmless one is known


@dataclass(frozen=True, slots=True)
class Verdict:
    """*words* are plain sentences."""

    worse: bool
    words: str


def compared(before: Sequence[Sample], after: Sequence[Sample]) -> Verdict:
    """Pure: the wallet's own answers, failures and latency, after against before."""
    if not before or not after:
        return Verdict(False, "There are too few looks at /health to compare.")
    failed = sum(one.state == "failed" for one in after)
    failed_before = sum(one.state == "failed" for one in before)
    if failed / len(after) > failed_before / len(before) + 0.1:
        return Verdict(
            True, f"/health failed in {failed} of {len(after)} looks; before, in {failed_before} of {len(before)}."
        )
    now, then = _mean(after), _mean(before)
    if now is None or then is None:
        return Verdict(False, "There are too few looks at /health to compare latency.")
    words = f"/health takes {now:.0f} ms on average; in the hour before, {then:.0f} ms."
    return Verdict(now > SLOW and now > SLOWER * then, words)


def deliveries(counted: Deliveries) -> Verdict:
    """Pure: the webhook's deliveries of the last ten minutes against the rest of the hour."""
    early, early_failed = counted.hour - counted.recent, counted.hour_failed - counted.recent_failed
    share = counted.recent_failed / counted.recent if counted.recent else 0.0
    before = early_failed / early if early > 0 else 0.0
    now, then = f"{counted.recent_failed} of {counted.recent}", f"{early_failed} of {early}"
    words = f"{now} deliveries failed in the last ten minutes; before, {then}."
    return Verdict(share > before + 0.1, words)


def watch(ctx: Context, changes: Changes) -> None:
    """Let the timers of KIND be answered."""

    async def fired(timer: Fired) -> Callable[[], None]:
        operation = ctx.store.operations.of(timer.subject)
        begun, ended = _moment(timer.data["begun"]), _moment(timer.data["ended"])
        verdict = await judge(ctx, operation, begun, ended)
        single = operation.command == "deploy" and len(operation.data["parts"]) == 1
        back = await ready(ctx, changes, operation, verdict.words) if verdict.worse and single else WayBack("")
        late = f" ({round(timer.late.total_seconds() / 60)} min late: I was away)" if timer.late else ""

        def kept() -> None:
            data = {"worse": int(verdict.worse), "said": verdict.words}
            ctx.store.events.append(operation.subject, KIND, "bot", data, ctx.clock.now())
            where = operation.where
            message = view.watched(
                operation, verdict.words + late, worse=verdict.worse, back=back.words, ready=back.ask is not None
            )
            thread = thread_of(operation.approval, where)
            changes.outbox.say(f"{operation.subject}/watched", where["channel"], message, **thread)
            if back.ask is not None:
                back.ask()

        return kept

    changes.timers.on(KIND, fired)


def begin(changes: Changes, operation: Operation, now: datetime) -> None:
    """Set the timer, in the transaction that ends the operation."""
    data = {"begun": operation.started_at.isoformat(), "ended": now.isoformat()}
    changes.timers.set(KIND, operation.subject, now + AFTER, data)


async def judge(ctx: Context, operation: Operation, begun: datetime, ended: datetime) -> Verdict:
    """Call what may be called, and hold the looks since against the hour before."""
    found = [await _called(ctx, part["function"]) for part in operation.data["parts"]]
    looks = ctx.store.samples.since(WALLET, begun - BEFORE, "")
    found.append(compared([one for one in looks if one.at < begun], [one for one in looks if one.at >= ended]))
    if any(part["function"] == WEBHOOK for part in operation.data["parts"]):
        counted = await ask(Question.WEBHOOKS, ctx.supabase, ctx.wallet)
        if isinstance(counted, WebhooksCounted) and isinstance(counted.deliveries, Deliveries):
            found.append(deliveries(counted.deliveries))
        else:
            found.append(Verdict(False, "The webhook's deliveries could not be counted."))
    return Verdict(any(one.worse for one in found), " ".join(one.words for one in found))


async def _called(ctx: Context, slug: str) -> Verdict:
    try:
        for _ in range(CALLS):
            said = await probing.proved(ctx.wallet, slug)
    except AikeysError as error:
        return Verdict(True, f"{slug}: {error}")
    return Verdict(False, f"{slug}: {said}.")


def _mean(samples: Sequence[Sample]) -> float | None:
    known = [one.latency_ms for one in samples if one.latency_ms is not None and one.state == "ok"]
    return sum(known) / len(known) if known else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
