"""From answers to a verdict. Pure: the same answers give the same judgement, at any time."""

from collections.abc import Callable, Sequence

from bot.health.answers import ASKED_FOR, CALLED, Answers, Part
from bot.health.causes import fold
from bot.health.judgement import Finding, Judgement, Level, Opinion, Topic
from bot.health.judges import functions, secrets, security, services, silence, wallet, webhooks, writes
from bot.health.words import listing

_JUDGES: dict[Topic, Callable[[Answers], Opinion]] = {
    Topic.WALLET: wallet.judge,
    Topic.DATABASE: writes.judge,
    Topic.WEBHOOKS: webhooks.judge,
    Topic.FUNCTIONS: functions.judge,
    Topic.SECRETS: secrets.judge,
    Topic.SERVICES: services.judge,
    Topic.SECURITY: security.judge,
}
_TOPICS: dict[Part | None, tuple[Topic, ...]] = {
    None: tuple(Topic),
    "database": (Topic.DATABASE, Topic.WALLET),
    "webhooks": (Topic.WEBHOOKS, Topic.FUNCTIONS, Topic.SECURITY, Topic.WALLET),
    "functions": (Topic.FUNCTIONS, Topic.WALLET),
    "secrets": (Topic.SECRETS, Topic.WALLET),
    "services": (Topic.SERVICES,),
}


def judge(answers: Answers, part: Part | None = None) -> Judgement:
    """Judge all that was asked for *part* (None: everything). A question without an answer is being waited for."""
    opinions = [_JUDGES[topic](answers) for topic in _TOPICS[part]]
    if Topic.DATABASE not in _TOPICS[part] and (outage := writes.judge(answers)).level is Level.DOWN:
        opinions.append(outage)  # whatever was asked: this explains it
    missing = tuple(CALLED[question] for question in ASKED_FOR[part] if getattr(answers, question.value) is None)
    findings = [finding for each in opinions for finding in each.findings]
    findings += silence.judge(answers, findings)
    level = max(*(each.level for each in opinions), *(finding.level for finding in findings), Level.OK)
    level = max(level, Level.WAITING) if missing else level
    folded = fold(findings)
    line = _line(level, folded, missing, len(ASKED_FOR[part]))
    return Judgement(level, line, tuple(folded), tuple(opinions), missing)


def _line(level: Level, findings: Sequence[Finding], missing: tuple[str, ...], asked: int) -> str:
    """The verdict in one line, without its sign."""
    titles = [finding.title for finding in findings if finding.level is level] or ["the wallet calls itself unwell"]
    if level is Level.WAITING:
        if len(missing) == asked:
            return f"Asking {asked} services…"
        return f"Nothing wrong so far; waiting for {listing(missing)}"
    line = {
        Level.OK: "Healthy",
        Level.UNKNOWN: f"Unknown: {listing(titles, 2)}",
        Level.DEGRADED: f"Degraded: {listing(titles, 3)}",
        Level.DOWN: listing(titles, 2),
    }[level]
    return f"{line}; waiting for {listing(missing)}" if missing else line
