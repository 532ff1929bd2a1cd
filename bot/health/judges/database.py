"""The database, from two vantage points: the wallet that uses it and Supabase that runs it."""

from enum import Enum, auto

from bot.clients.errors import STATUS_PAGE, DatabaseAway, Failure
from bot.clients.wallet import Health
from bot.health.answers import Answers, WebhooksCounted
from bot.health.judgement import Detail, Finding, Level, Opinion, Topic, opinion, unknown, waiting
from bot.health.words import milliseconds


class Seen(Enum):
    """What one vantage point sees."""

    UP = auto()
    STARTING = auto()
    DOWN = auto()
    NOTHING = auto()  # it was asked and could not say
    WAITING = auto()


_RANK = {Seen.UP: Level.OK, Seen.STARTING: Level.DEGRADED, Seen.DOWN: Level.DOWN, Seen.WAITING: Level.WAITING}
_WORD = {
    Seen.UP: "up",
    Seen.STARTING: "starting",
    Seen.DOWN: "down",
    Seen.NOTHING: "could not say",
    Seen.WAITING: "no answer yet",
}
_CALL = f"Open {STATUS_PAGE} and the dashboard. If the fault is theirs, contact Supabase support at once."
_BETWEEN = "Look at what lies between: connections against the limit, the pooler, network bans."


def judge(answers: Answers) -> Opinion:
    """Judge what both say, then how fast it is."""
    wallet, supabase = wallet_sees(answers), supabase_sees(answers)
    details = (
        Detail(_RANK.get(wallet, Level.UNKNOWN), "as the wallet sees it", _WORD[wallet]),
        Detail(_RANK.get(supabase, Level.UNKNOWN), "as Supabase sees it", _WORD[supabase]),
    )
    latency = _latency(answers)
    match wallet, supabase:
        case Seen.DOWN, Seen.DOWN:
            return _outage(
                "The wallet cannot reach its database, and Supabase confirms that it is down.", answers, _CALL, details
            )
        case Seen.DOWN, Seen.UP:
            what = "The wallet cannot reach its database, although Supabase calls it healthy."
            return _outage(what, answers, _BETWEEN, details)
        case Seen.DOWN, Seen.STARTING:
            what = "The wallet cannot reach its database: Supabase says that it is starting."
            return _outage(what, answers, "Ask again in a minute. " + _CALL, details)
        case Seen.DOWN, _:
            what = "The wallet cannot reach its database. Supabase's own view is missing."
            return _outage(what, answers, _CALL, details)
        case Seen.UP, Seen.DOWN:
            what = "Supabase says that the database is unhealthy, but the wallet still reaches it."
            doubt = Finding(
                Topic.DATABASE, Level.DEGRADED, "database in doubt", what, "Ask again in a minute. " + _CALL
            )
            return opinion(
                Topic.DATABASE, "in doubt", doubt, *_slow(latency, answers.limits.database_slow), details=details
            )
        case ((Seen.NOTHING | Seen.WAITING), Seen.DOWN):
            what = "Supabase says that the database is down. The wallet's own view is missing."
            return _outage(what, answers, _CALL, details)
        case _, Seen.STARTING:
            what = "Supabase says that the database is starting."
            finding = Finding(Topic.DATABASE, Level.DEGRADED, "database starting", what, "Ask again in a minute.")
            return opinion(Topic.DATABASE, "starting", finding, details=details)
        case Seen.UP, _:
            return opinion(Topic.DATABASE, "connected", *_slow(latency, answers.limits.database_slow), details=details)
        case _, Seen.UP:
            return opinion(Topic.DATABASE, "up, says Supabase; the wallet did not say", details=details)
        case Seen.NOTHING, Seen.NOTHING:
            return unknown(Topic.DATABASE, "not known: neither the wallet nor Supabase could say")
        case _:
            return waiting(Topic.DATABASE)


def wallet_sees(answers: Answers) -> Seen:
    """What /health says. Only `connected: false` or the word unhealthy is an outage; degraded is not."""
    match answers.wallet:
        case None:
            return Seen.WAITING
        case Health(report):
            if report.database is not None:
                return Seen.UP if report.database.connected else Seen.DOWN
            return Seen.DOWN if report.status == "unhealthy" else Seen.NOTHING
        case _:
            return Seen.NOTHING


def supabase_sees(answers: Answers) -> Seen:
    """What the Management API says; where it did not, whether SQL through it was answered."""
    if isinstance(answers.services, tuple):
        for service in answers.services:
            if service.name == "db":
                return {"ACTIVE_HEALTHY": Seen.UP, "COMING_UP": Seen.STARTING, "UNHEALTHY": Seen.DOWN}.get(
                    service.status, Seen.NOTHING
                )
    if isinstance(answers.webhooks, WebhooksCounted):
        counts = (answers.webhooks.events, answers.webhooks.deliveries, answers.webhooks.suspicions)
        if any(not isinstance(each, Failure) for each in counts):
            return Seen.UP
        if any(isinstance(each, DatabaseAway) for each in counts):
            return Seen.DOWN
    return Seen.WAITING if answers.services is None else Seen.NOTHING


def _latency(answers: Answers) -> float | None:
    report = answers.wallet.report if isinstance(answers.wallet, Health) else None
    return report.database.latency_ms if report and report.database else None


def _slow(latency: float | None, most: float) -> list[Finding]:
    if latency is None or latency <= most:
        return []
    what = f"A query takes {milliseconds(latency)}; more than {milliseconds(most)} is too slow."
    do = "Look for slow queries, locks and connections against the limit."
    return [Finding(Topic.DATABASE, Level.DEGRADED, "database slow", what, do)]


def _outage(what: str, answers: Answers, do: str, details: tuple[Detail, ...]) -> Opinion:
    report = answers.wallet.report if isinstance(answers.wallet, Health) else None
    said = f" Its words: {report.error[:160].rstrip('.')}." if report and report.error else ""
    return opinion(
        Topic.DATABASE, "down", Finding(Topic.DATABASE, Level.DOWN, "Database outage", what + said, do), details=details
    )
