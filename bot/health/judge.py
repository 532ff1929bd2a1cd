"""From answers to a verdict. Pure: the same answers give the same judgement, at any time."""

from collections.abc import Callable, Sequence

from bot.clients.errors import Failure
from bot.health.answers import ASKED_FOR, CALLED, Answers, Part, Question
from bot.health.judgement import Finding, Judgement, Level, Opinion, Topic
from bot.health.judges import database, functions, secrets, security, services, silence, wallet, webhooks
from bot.health.words import listing

_JUDGES: dict[Topic, Callable[[Answers], Opinion]] = {
    Topic.WALLET: wallet.judge,
    Topic.DATABASE: database.judge,
    Topic.WEBHOOKS: webhooks.judge,
    Topic.FUNCTIONS: functions.judge,
    Topic.SECRETS: secrets.judge,
    Topic.SERVICES: services.judge,
    Topic.SECURITY: security.judge,
}
_TOPICS: dict[Part | None, tuple[Topic, ...]] = {
    None: tuple(Topic),
    "database": (Topic.DATABASE, Topic.WALLET),
    "webhooks": (Topic.WEBHOOKS, Topic.FUNCTIONS, Topic.WALLET),
    "functions": (Topic.FUNCTIONS, Topic.WALLET),
    "secrets": (Topic.SECRETS, Topic.WALLET),
    "services": (Topic.SERVICES,),
}


def judge(answers: Answers, part: Part | None = None) -> Judgement:
    """Judge all that was asked for *part* (None: everything). A question without an answer is being waited for."""
    opinions = [_JUDGES[topic](answers) for topic in _TOPICS[part]]
    missing = tuple(CALLED[question] for question in ASKED_FOR[part] if getattr(answers, question.value) is None)
    findings = [finding for each in opinions for finding in each.findings]
    findings += silence.judge(
        answers,
        explained=_explained(answers, opinions),
        database_down=any(each.topic is Topic.DATABASE and each.level is Level.DOWN for each in opinions),
    )
    findings = _worst_first(findings)
    level = max(*(each.level for each in opinions), *(finding.level for finding in findings), Level.OK)
    level = max(level, Level.WAITING) if missing else level
    asked = len(ASKED_FOR[part])
    return Judgement(level, _line(level, findings, missing, asked), tuple(findings), tuple(opinions), missing)


def _explained(answers: Answers, opinions: Sequence[Opinion]) -> frozenset[Question]:
    """The wallet's failure is explained where its judge made a finding of it."""
    spoken = any(each.topic is Topic.WALLET and each.findings for each in opinions)
    return frozenset({Question.WALLET}) if spoken and isinstance(answers.wallet, Failure) else frozenset()


def _worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """By level, then in the order of the card; the same thing seen by two judges is said once."""
    once: dict[str, Finding] = {}
    for finding in sorted(findings, key=lambda finding: -finding.level):
        once.setdefault(finding.title.lower(), finding)
    return list(once.values())


def _line(level: Level, findings: Sequence[Finding], missing: tuple[str, ...], asked: int) -> str:
    """The verdict in one line, without its sign."""
    titles = [finding.title for finding in findings if finding.level is level]
    if level is Level.WAITING:
        if len(missing) == asked:
            return f"Asking {asked} services…"
        return f"Nothing wrong so far; waiting for {listing(missing)}"
    line = {
        Level.OK: "Healthy",
        Level.UNKNOWN: f"Unknown: {listing(titles, 2)}" if titles else "Unknown",
        Level.DEGRADED: f"Degraded: {listing(titles, 3)}",
        Level.DOWN: listing(titles, 2),
    }[level]
    return f"{line}; waiting for {listing(missing)}" if missing else line
