"""P1: High error rates: webhooks by how fast they use up what may fail in a month, functions by the owners' figure."""

from datetime import timedelta

from bot.clients.errors import Failure
from bot.detectors import Blind, Calm, Detector, Firing, Muted, Sight, World, fired, unseen
from bot.detectors.database_outage import OUTAGE
from bot.detectors.wallet_unreachable import UNREACHABLE
from bot.detectors.webhooks_dead import DEAD
from bot.health.answers import Answers, FunctionsSeen, Question, WebhooksCounted
from bot.health.expected import HEALTH, WEBHOOK
from bot.health.judges.webhooks import FAST, SLOW, burns
from bot.health.words import listing, plain
from bot.incidents.wider import Called, Wider

ERRORS = "webhook_errors"
_CAUSES = frozenset({OUTAGE, UNREACHABLE, DEAD})
_COUNTS = frozenset({Question.WALLET, Question.PROJECT, Question.SERVICES, Question.WEBHOOKS})
_TOLD_ELSEWHERE = {HEALTH, WEBHOOK}  # a /health of 503 is an answer; the webhook's failures are rows, counted there


def failing(answers: Answers, _: World) -> Sight:
    """So fast that a month's budget is gone in two days."""
    return _burning(answers, FAST)


def failing_for_hours(answers: Answers, _: World) -> Sight:
    """Slower, for hours."""
    return _burning(answers, SLOW)


def _burning(answers: Answers, title: str) -> Sight:
    counted = answers.webhooks
    if not isinstance(counted, WebhooksCounted) or isinstance(counted.deliveries, Failure):
        return Blind("The webhooks could not be counted.")
    return fired([one for one in burns(counted.deliveries, answers.limits) if one.title == title]) or Calm()


def functions_failing(answers: Answers, world: World) -> Sight:
    """More than the owners' five per cent of a function's calls fail, and they still do."""
    calls, seen, limits = world.wider.calls, answers.functions, answers.limits
    if calls is None or isinstance(calls, Failure):
        return unseen(calls, "Calls of functions could not be counted.")
    if not isinstance(seen, FunctionsSeen) or isinstance(seen.listed, Failure):
        return Blind("The functions could not be listed.")
    if world.changing:
        return Muted()

    def bad(one: Called) -> bool:
        enough = one.hour >= limits.burn_fewest and one.failed >= limits.burn_fewest_failed
        rate = limits.function_failed_rate
        return enough and one.failed > rate * one.hour and one.five_failed > rate * one.five

    found = {
        one.slug: calls[one.id]
        for one in seen.listed
        if one.id in calls and one.slug not in _TOLD_ELSEWHERE and bad(calls[one.id])
    }
    if not found:
        return Calm()
    said = listing([f"{plain(slug)} {one.failed} of {one.hour}" for slug, one in found.items()])
    first = plain(next(iter(found)))
    return Firing(
        f"Calls that failed with 500 or more in the last hour: {said}.",
        f"Look at its last deploy and its logs: /aikeys triage function {first}",
        title=listing([plain(slug) for slug in found]),
        subjects=frozenset(found),
    )


DETECTORS = (
    Detector(
        ERRORS, "P1", "Webhooks failing", "Warning Issues (P1)", failing, confirm=2, span=0,
        calm=timedelta(minutes=15), inhibited_by=_CAUSES, needs=_COUNTS,
        by=("budget", "burn_fast", "burn_fewest", "burn_fewest_failed"),
    ),
    Detector(
        "webhook_errors_slow", "P1", "Webhooks failing for hours", "Warning Issues (P1)", failing_for_hours,
        confirm=2, span=0, calm=timedelta(minutes=30), inhibited_by=_CAUSES | {ERRORS}, needs=_COUNTS,
        by=("budget", "burn_slow", "burn_slow_failed"),
    ),
    Detector(
        "function_errors", "P1", "Functions failing", "Edge Function Errors", functions_failing,
        confirm=2, span=0, calm=timedelta(minutes=15), inhibited_by=frozenset({OUTAGE, UNREACHABLE}),
        needs=frozenset({Question.FUNCTIONS, Wider.CALLS}),
        by=("function_failed_rate", "burn_fewest", "burn_fewest_failed"),
    ),
)  # fmt: skip
