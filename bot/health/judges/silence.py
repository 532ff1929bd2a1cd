"""What could not be asked, and why: one finding a reason, however many questions it cost."""

from collections.abc import Sequence

from bot.clients.errors import DatabaseAway, Failure, SqlFailed
from bot.health.answers import CALLED, Answers, Question
from bot.health.judgement import Finding, Level, Topic
from bot.health.words import listing

_TOPIC = {
    Question.WALLET: Topic.WALLET,
    Question.PROJECT: Topic.SERVICES,
    Question.SERVICES: Topic.SERVICES,
    Question.FUNCTIONS: Topic.FUNCTIONS,
    Question.SECRETS: Topic.SECRETS,
    Question.WEBHOOKS: Topic.WEBHOOKS,
}


def judge(answers: Answers, findings: Sequence[Finding]) -> list[Finding]:
    """Return an UNKNOWN finding for each reason that *findings*, the other judges', do not give already.

    A database that is known to be down explains by itself why it answers no SQL.
    """
    database_down = any(each.topic is Topic.DATABASE and each.level is Level.DOWN for each in findings)
    costs: dict[str, list[Question]] = {}
    reasons: dict[str, Failure] = {}
    for question, failures in answers.failures().items():
        for failure in failures:
            said = any(each.what.startswith(failure.what) for each in findings)
            if said or (database_down and _is_the_database(failure)):
                continue
            reasons.setdefault(failure.what, failure)
            cost = costs.setdefault(failure.what, [])
            if question not in cost:
                cost.append(question)
    return [_finding(reasons[what], questions) for what, questions in costs.items()]


def _is_the_database(failure: Failure) -> bool:
    if isinstance(failure, SqlFailed):
        return failure.state.startswith(("53", "57P", "08")) or not failure.state
    return isinstance(failure, DatabaseAway)


def _finding(failure: Failure, questions: list[Question]) -> Finding:
    names = listing([CALLED[question] for question in questions])
    if len(questions) > 2:
        title, what = f"no answers from {failure.source.name}", f"{failure.what} So not known: {names}."
    else:
        title, what = f"{names} not known", failure.what
    return Finding(_TOPIC[questions[0]], Level.UNKNOWN, title, what, failure.do)
