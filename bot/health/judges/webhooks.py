"""Webhooks, judged by counted rows: the wallet's own word for them is always `healthy`."""

from bot.clients.errors import Failure
from bot.clients.wallet import Health
from bot.health.answers import Answers, Deliveries, Events, ProjectSeen, Suspicions, WebhooksCounted
from bot.health.judgement import Detail, Finding, Level, Opinion, Topic, opinion, waiting
from bot.health.judges import database
from bot.health.thresholds import Thresholds
from bot.health.words import ago, count, listing

FAST, SLOW = "webhooks failing", "webhooks failing for hours"
_LOGS = "Look at the logs of payments-circle-webhook; roll its last deploy back if it began there."
_SECRET = "Compare CIRCLE_WEBHOOK_SECRET with Circle's dashboard. Was it rotated on one side only?"  # noqa: S105


def judge(answers: Answers) -> Opinion:
    """Judge deliveries, then signatures, then silence."""
    counted = answers.webhooks
    if counted is None:
        return waiting(Topic.WEBHOOKS)
    if isinstance(counted, Failure):
        return opinion(Topic.WEBHOOKS, "not known" + _wallets_own(answers), at_least=Level.UNKNOWN)
    events = counted.events if isinstance(counted.events, Events) else None
    deliveries = counted.deliveries if isinstance(counted.deliveries, Deliveries) else None
    suspicions = counted.suspicions if isinstance(counted.suspicions, Suspicions) else None
    if isinstance(answers.project, ProjectSeen) and answers.project.read_only and deliveries:
        deliveries = deliveries if deliveries.hour_failed else None  # a failure is a row too, and none can be written
    limits = answers.limits
    findings = [*failing(deliveries, limits), *signatures(suspicions, events, limits), *silent(events, limits)]
    gaps = [
        name for name, seen in (("events", events), ("deliveries", deliveries), ("signatures", suspicions)) if not seen
    ]
    says = _says(events, deliveries)
    if len(gaps) == 3:
        down = database.judge(answers).level is Level.DOWN
        says = "not countable while the database is down" if down else "not known" + _wallets_own(answers)
    elif gaps:
        says += f"; {listing(gaps)} not known"
    return opinion(
        Topic.WEBHOOKS,
        says,
        *findings,
        details=tuple(_details(counted, answers)),
        at_least=Level.UNKNOWN if gaps else Level.OK,
    )


def _says(events: Events | None, deliveries: Deliveries | None) -> str:
    parts = []
    if events is not None:
        parts.append(f"{count(events.last_hour, 'event')} in the last hour")
    if deliveries is not None:
        parts.append(f"{deliveries.hour_failed or 'none'} failed")
    if events is not None:
        parts.append("never one yet" if events.quiet is None else f"last {ago(events.quiet)} ago")
    return ", ".join(parts)


def failing(deliveries: Deliveries | None, limits: Thresholds) -> list[Finding]:
    """Deliveries that fail: all of them, or so fast that it matters, or more than the owners' figures."""
    if deliveries is None or not (deliveries.hour_failed or deliveries.six_failed):
        return []
    if deliveries.recent >= limits.webhook_dead_attempts and deliveries.recent_failed == deliveries.recent:
        what = f"All {deliveries.recent} webhooks of the last 10 minutes failed (500)."
        return [Finding(Topic.WEBHOOKS, Level.DOWN, "Webhook processing stopped", what, _LOGS)]
    if burning := burns(deliveries, limits):
        return burning
    rate = deliveries.hour_failed / max(deliveries.hour, 1)
    if rate > limits.webhook_failed_rate or deliveries.hour_failed > limits.webhook_failed:
        what = f"{deliveries.hour_failed} of {deliveries.hour} webhooks in the last hour failed with 500 ({rate:.0%})."
        return [Finding(Topic.WEBHOOKS, Level.DEGRADED, "webhooks failing", what, _LOGS)]
    return []


def burns(seen: Deliveries, limits: Thresholds) -> list[Finding]:
    """How fast failures use up what may fail in a month: a long span says that it matters, a short one that it is now.

    The floors are there for quiet hours, in which a single failure is a rate.
    """
    fast, slow = limits.burn_fast * limits.budget, limits.burn_slow * limits.budget
    if (
        seen.hour >= limits.burn_fewest
        and seen.hour_failed >= limits.burn_fewest_failed
        and seen.hour_failed > fast * seen.hour
        and seen.five_failed > fast * seen.five
    ):
        rate = seen.hour_failed / seen.hour
        what = f"{seen.hour_failed} of {seen.hour} webhooks in an hour failed with 500 ({rate:.0%}), and still do."
        return [Finding(Topic.WEBHOOKS, Level.DEGRADED, FAST, what, _LOGS)]
    if (
        seen.six_failed >= limits.burn_slow_failed
        and seen.six_failed > slow * seen.six
        and seen.half_failed > slow * seen.half
    ):
        rate = seen.six_failed / seen.six
        what = f"{seen.six_failed} of {seen.six} webhooks in the last six hours failed with 500 ({rate:.0%})."
        return [Finding(Topic.WEBHOOKS, Level.DEGRADED, SLOW, what, _LOGS)]
    return []


def signatures(suspicions: Suspicions | None, events: Events | None, limits: Thresholds) -> list[Finding]:
    """Many wrong signatures are an attack, or our own wrong secret: then no right one comes in either."""
    if suspicions is None or suspicions.signatures_hour <= limits.signatures_noise:
        return []
    number = suspicions.signatures_hour
    if events is not None and events.last_hour == 0 and events.last_day > 0:
        what = f"All webhooks of the last hour were refused: {number} signatures did not match, none did."
        return [Finding(Topic.WEBHOOKS, Level.DOWN, "Every webhook refused", what, _SECRET)]
    if suspicions.signatures_recent > limits.signatures_attack or suspicions.sources > limits.signatures_sources:
        where = f", from {count(suspicions.sources, 'address', 'addresses')}" if suspicions.sources else ""
        what = f"{suspicions.signatures_recent} webhooks in 5 minutes had a wrong signature{where}; right ones come in."
        do = "Somebody may be trying to forge payments. Look at the addresses in security_events and ban them."
        return [Finding(Topic.WEBHOOKS, Level.DEGRADED, "signature attack", what, do)]
    what = f"{number} webhooks in the last hour had a wrong signature."
    return [Finding(Topic.WEBHOOKS, Level.DEGRADED, "wrong signatures", what, _SECRET)]


def silent(events: Events | None, limits: Thresholds) -> list[Finding]:
    """Silence against what is usual. With nothing to compare it with, that webhooks work is not known."""
    if events is None:
        return []
    if events.quiet is None or not events.last_day:
        title = "no webhook ever" if events.quiet is None else f"no webhook for {ago(events.quiet)}"
        what = f"There was {title}, so that webhooks work is not proven."
        return [Finding(Topic.WEBHOOKS, Level.UNKNOWN, title, what, "Was one expected? Look at Circle's dashboard.")]
    gap = 86_400 / events.last_day
    usual = limits.silence_gaps * gap if events.usual is None else limits.silence_usual * events.usual
    if events.quiet <= max(limits.silence_minutes * 60, usual):
        return []
    past = f"in the last day there was one every {ago(gap)}"
    if events.usual is not None:
        past = f"at this hour of the week the longest usual gap is {ago(events.usual)}"
    what = f"No webhook for {ago(events.quiet)}; {past}."
    do = "Look at Circle's status page and at the webhook subscription in Circle's dashboard."
    return [Finding(Topic.WEBHOOKS, Level.DEGRADED, "webhooks silent", what, do)]


def _details(counted: WebhooksCounted, answers: Answers) -> list[Detail]:
    rows: list[Detail] = []
    for name, seen in (
        ("events", counted.events),
        ("deliveries", counted.deliveries),
        ("signatures", counted.suspicions),
    ):
        match seen:
            case Failure():
                rows.append(Detail(Level.UNKNOWN, name, seen.what))
            case Events(hour, day, quiet):
                last = "never one" if quiet is None else f"last {ago(quiet)} ago"
                rows.append(
                    Detail(
                        _level(silent(seen, answers.limits)),
                        name,
                        f"{hour} in the last hour, {day} in the last day, {last}",
                    )
                )
            case Deliveries(hour, failed, recent, recent_failed):
                says = f"{failed} of {hour} failed in the last hour, {recent_failed} of {recent} in 10 minutes"
                rows.append(Detail(_level(failing(seen, answers.limits)), name, says))
            case Suspicions(hour, recent):
                says = f"{hour} wrong in the last hour, {recent} in 5 minutes"
                events = counted.events if isinstance(counted.events, Events) else None
                rows.append(Detail(_level(signatures(seen, events, answers.limits)), name, says))
    if payments := _failed_payments(answers):
        rows.append(Detail(Level.OK, "payments", payments))
    return rows


def _level(findings: list[Finding]) -> Level:
    return max((finding.level for finding in findings), default=Level.OK)


def _failed_payments(answers: Answers) -> str:
    webhooks = answers.wallet.report.webhooks if isinstance(answers.wallet, Health) else None
    if webhooks is None or webhooks.failed is None:
        return ""
    return f"{webhooks.failed or 'none'} failed in the last hour (the payment, not its delivery)"


def _wallets_own(answers: Answers) -> str:
    webhooks = answers.wallet.report.webhooks if isinstance(answers.wallet, Health) else None
    if webhooks is None or webhooks.recent is None:
        return ""
    return f"; by the wallet's own count {count(webhooks.recent, 'event')} in the last hour"
