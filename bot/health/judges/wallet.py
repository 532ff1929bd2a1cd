"""The wallet's /health as an endpoint: whether it answers, and fast enough."""

from bot.clients.errors import (
    Failure,
    FunctionRefused,
    NotReached,
    NotThere,
    OutOfResources,
    Paused,
    ServerFailed,
)
from bot.clients.wallet import Health, Pulse, Report
from bot.health.answers import Answers, FunctionsSeen, Question
from bot.health.expected import HEALTH, WEBHOOK_SECRET
from bot.health.judgement import Finding, Level, Opinion, Topic, opinion, unknown, waiting
from bot.health.thresholds import DATABASE_SELF_DEGRADED, HIGH_RISK_SELF_DEGRADED, Thresholds
from bot.health.words import milliseconds


def judge(answers: Answers) -> Opinion:
    """Judge the endpoint; what it says about the rest is for the other judges."""
    match answers.wallet:
        case None:
            return waiting(Topic.WALLET)
        case Failure() as failure:
            return _unanswered(failure, answers)
        case Health(report, seconds):
            findings = [*_slow(seconds, answers.limits), *_unexplained(report)]
            if report.status == "healthy":
                return opinion(Topic.WALLET, "answers", *findings)
            says = f"answers, calls itself {report.status[:40]}"
            return opinion(Topic.WALLET, says, *findings, at_least=Level.DEGRADED)


def _slow(seconds: float, limits: Thresholds) -> list[Finding]:
    took = milliseconds(seconds * 1000)
    again = "Ask again: a first call after a quiet time is slow. If it stays, look at the database and the last deploy."
    if seconds > limits.response_critical:
        what = f"/health took {took}; more than {limits.response_critical:g} s is critical."
        return [Finding(Topic.WALLET, Level.DOWN, "Wallet far too slow", what, again)]
    if seconds > limits.response_slow:
        what = f"/health took {took}; more than {limits.response_slow:g} s is too slow."
        return [Finding(Topic.WALLET, Level.DEGRADED, "wallet slow", what, again)]
    return []


def _unexplained(report: Report) -> list[Finding]:
    """The word alone proves nothing either way, but a bad word that no number explains must not be lost."""
    if report.status == "healthy" or _explained(report):
        return []
    said = f" Its words: {report.error[:160].rstrip('.')}." if report.error else ""
    return [
        Finding(
            Topic.WALLET,
            Level.DEGRADED,
            "wallet calls itself unwell",
            f"/health says {report.status[:40]}, and none of its numbers explains why.{said}",
            "Look at the logs of the function health.",
        )
    ]


def _explained(report: Report) -> bool:
    """True if one of the reasons for which the real function says degraded or unhealthy is visible."""
    database, security = report.database, report.security
    if database is None:
        return report.status == "unhealthy"  # the database judge says so
    return (
        not database.connected
        or (database.latency_ms or 0) >= DATABASE_SELF_DEGRADED
        or report.secrets.get(WEBHOOK_SECRET) is False
        or ((security.high_risk or 0) if security else 0) >= HIGH_RISK_SELF_DEGRADED
    )


def _unanswered(failure: Failure, answers: Answers) -> Opinion:
    match failure:
        case Paused():
            return _down("Project paused", failure, "paused")
        case FunctionRefused(code=code) if code.startswith("UNAUTHORIZED"):
            return _down("function health asks for a JWT", failure, "asks for a JWT", Level.DEGRADED)
        case FunctionRefused() | NotThere():
            return _down(f"Function {HEALTH} not invokable", failure, "not invokable")
        case ServerFailed() | OutOfResources():
            return _down(f"Function {HEALTH} fails", failure, f"fails ({failure.status})")
        case NotReached() if _pulse(answers):
            return _down(f"Function {HEALTH} does not answer", failure, "does not answer")
        case NotReached() if _others_heard(answers):
            return _down("Wallet unreachable", failure, "does not answer")
        case _:
            return unknown(Topic.WALLET)  # judges.silence says why


def _pulse(answers: Answers) -> bool:
    """True if another function answered from the same address: then only this one hangs."""
    seen = answers.functions
    return isinstance(seen, FunctionsSeen) and any(isinstance(pulse, Pulse) for pulse in seen.pulses.values())


def _others_heard(answers: Answers) -> bool:
    """True if another system was heard: then the bot's own network is not what is broken."""
    failed = answers.failures()
    others = [question for question in Question if question is not Question.WALLET]
    answered = [question for question in others if getattr(answers, question.value) is not None]
    return any(
        not failed.get(question) or any(not isinstance(failure, NotReached) for failure in failed[question])
        for question in answered
    )


def _down(title: str, failure: Failure, says: str, level: Level = Level.DOWN) -> Opinion:
    return opinion(Topic.WALLET, says, Finding(Topic.WALLET, level, title, failure.what, failure.do))
