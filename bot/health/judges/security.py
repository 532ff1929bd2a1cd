"""High-risk security events of the last hour."""

from bot.clients.wallet import Health, SecuritySeen
from bot.health.answers import Answers, Suspicions, WebhooksCounted
from bot.health.judgement import Finding, Level, Opinion, Topic, opinion, unknown, waiting
from bot.health.thresholds import HIGH_RISK_SELF_DEGRADED
from bot.health.words import count

_DO = "Look into the table security_events; if an account was broken into, lock it and notify the technical lead."


def judge(answers: Answers) -> Opinion:
    """Judge the counted rows; where they cannot be counted, the wallet's own count."""
    counted = answers.webhooks
    security = answers.wallet.report.security if isinstance(answers.wallet, Health) else None
    if isinstance(counted, WebhooksCounted) and isinstance(counted.suspicions, Suspicions):
        hour = _judged(counted.suspicions.high_risk_hour, "in the last hour", answers.limits.high_risk_critical)
        return hour if hour.findings else _day(security) or hour
    if security is not None and security.high_risk is not None:
        return _judged(security.high_risk, "by the wallet's own count", answers.limits.high_risk_critical)
    return waiting(Topic.SECURITY) if counted is None or answers.wallet is None else unknown(Topic.SECURITY)


def _day(security: SecuritySeen | None) -> Opinion | None:
    """From this many a day on the wallet calls itself degraded, whatever the last hour was like."""
    if security is None or (security.high_risk or 0) < HIGH_RISK_SELF_DEGRADED:
        return None
    says = f"none in the last hour, {security.high_risk} in the last day"
    what = f"The wallet counts {security.high_risk} high-risk events in the last day."
    return opinion(Topic.SECURITY, says, Finding(Topic.SECURITY, Level.DEGRADED, "high-risk events", what, _DO))


def _judged(number: int, where: str, critical: float) -> Opinion:
    says = f"{count(number, 'high-risk event')} {where}"
    if number > critical:
        what = f"{says[0].upper()}{says[1:]}; more than {critical:g} an hour is critical."
        return opinion(Topic.SECURITY, says, Finding(Topic.SECURITY, Level.DOWN, "Security alarm", what, _DO))
    if number:
        what = f"{says[0].upper()}{says[1:]}."
        return opinion(Topic.SECURITY, says, Finding(Topic.SECURITY, Level.DEGRADED, "high-risk event", what, _DO))
    return opinion(Topic.SECURITY, says)
