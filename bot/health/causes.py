"""One cause, one finding: what follows from something worse is named in it and not listed beside it. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from bot.health.judgement import Finding, Level, Topic
from bot.health.words import listing

# A cause stands before what it causes: without a secret webhooks fail, on a slow database the wallet is slow.
_ORDER = (
    Topic.DATABASE,
    Topic.SECURITY,
    Topic.FUNCTIONS,
    Topic.SECRETS,
    Topic.WEBHOOKS,
    Topic.WALLET,
    Topic.SERVICES,
)
# What a paused project, or a database that is away, brings down with it.
_FALLS_WITH_PROJECT = {Topic.DATABASE, Topic.FUNCTIONS, Topic.WEBHOOKS, Topic.WALLET, Topic.SERVICES}
_FALLS_WITH_DATABASE = {Topic.WEBHOOKS, Topic.WALLET, Topic.SERVICES}


def fold(findings: Sequence[Finding]) -> list[Finding]:
    """Return the worst first, each once, symptoms folded into their cause."""
    ordered = sorted(findings, key=lambda finding: (-finding.level, _ORDER.index(finding.topic)))
    once: dict[str, Finding] = {}
    for finding in ordered:
        once.setdefault(finding.title.lower(), finding)
    kept = list(once.values())
    for cause in kept:
        if cause.level is Level.DOWN and cause.title.startswith("Project "):
            return _without(kept, cause, _FALLS_WITH_PROJECT)
    for cause in kept:
        if cause.level is Level.DOWN and cause.topic is Topic.DATABASE:
            return _without(kept, cause, _FALLS_WITH_DATABASE)
    return kept


def _without(findings: Sequence[Finding], cause: Finding, topics: set[Topic]) -> list[Finding]:
    symptoms = [each for each in findings if each is not cause and each.topic in topics]
    if symptoms:
        titles = listing([_small(each.title) for each in symptoms])
        cause = replace(cause, what=f"{cause.what} With it: {titles}.")
    others = [each for each in findings if each.title != cause.title and each not in symptoms]
    return sorted([cause, *others], key=lambda finding: -finding.level)


def _small(title: str) -> str:
    """A title in the middle of a sentence; names in capitals stay."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
