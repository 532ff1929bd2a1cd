"""Three minutes after a change: is it worse than in the hour before? A durable timer asks, and says so in words.

The operation has long ended and freed its lock; a regression comes with the way back, asked for and ready. Where an
outage reaches into these minutes nothing is blamed for what failed in it: it is compared again three minutes after its
end, by what was since.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.cards import thread_of
from bot.changes import Changes
from bot.clockwork.timers import Fired
from bot.context import Context
from bot.deploys import explained, record, undone
from bot.deploys.judging import AFTER, SOON, judge
from bot.deploys.way_back import ready
from bot.views import operation as view
from store.operations import Operation

KIND = record.WATCHED  # the timer's kind, and the event's
AGAIN = timedelta(hours=12)  # after the deploy, as the card says: who asks later asks about something else
MOST = 3  # ways back asked for at once after a deploy of all


def watch(ctx: Context, changes: Changes) -> None:
    """Let the timers of KIND be answered."""

    async def fired(timer: Fired) -> Callable[[], None]:
        operation = ctx.store.operations.of(timer.subject)
        begun, ended, now = _moment(timer.data["begun"]), _moment(timer.data["ended"]), ctx.clock.now()
        told = bool(timer.data.get("told"))  # that it was not judged
        if now < ended + 2 * AFTER and explained.begins(ctx):  # whether it is an outage is known in a moment
            return lambda: changes.timers.set(KIND, operation.subject, now + SOON, timer.data)
        if told and (now > ended + AGAIN or _overtaken(ctx, operation)):
            return lambda: None

        def put_off(until: datetime) -> None:
            changes.timers.set(KIND, operation.subject, until, {**timer.data, "told": 1})

        if told and explained.goes_on(ctx):
            return lambda: put_off(now + AFTER)
        verdict = await judge(ctx, operation, begun, ended)
        if told and verdict.again is not None:
            again = verdict.again
            return lambda: put_off(again)
        undo = verdict.undo[:MOST] if operation.command == "deploy" else ()
        backs = [await ready(ctx, changes, operation, slug, verdict.words) for slug in undo]
        late = f" ({round(timer.late.total_seconds() / 60)} min late: I was away)" if timer.late else ""

        def kept() -> None:
            if verdict.again is not None:
                put_off(verdict.again)
            worse = None if verdict.worse is None else int(verdict.worse)
            data = {"worse": worse, "said": verdict.words, "functions": list(verdict.undo), "again": int(told)}
            ctx.store.events.append(operation.subject, KIND, "bot", data, ctx.clock.now())
            where = operation.where
            message = view.watched(
                operation,
                verdict.words + late,
                worse=verdict.worse,
                back=" ".join(back.words for back in backs),
                ready=any(back.ask is not None for back in backs),
                undone=undone.of(ctx.store, operation.subject),
                again=told,
            )
            thread = thread_of(operation.approval, where)
            key = record.verdict_key(operation.subject, worse=verdict.worse, again=told)
            changes.outbox.say(key, where["channel"], message, **thread)
            for back in backs:
                if back.ask is not None:
                    back.ask()

        return kept

    changes.timers.on(KIND, fired)


def begin(changes: Changes, operation: Operation, now: datetime) -> None:
    """Set the timer, in the transaction that ends the operation."""
    data = {"begun": operation.started_at.isoformat(), "ended": now.isoformat()}
    changes.timers.set(KIND, operation.subject, now + AFTER, data)


def _overtaken(ctx: Context, operation: Operation) -> bool:
    """Whether something of it was changed since."""
    newest = [record.history(ctx.store, part["function"])[:1] for part in operation.data.get("parts", [])]
    return any(one and one[0].operation != operation.subject for one in newest)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
