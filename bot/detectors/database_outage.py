"""P0: Database outage. The symptom is “health check fails, 503”; two vantage points tell it from a bad day."""

from bot.detectors import BY_WALLET, IN_QUICK, Blind, Calm, Detector, Sight, World, fired
from bot.detectors.project_away import AWAY
from bot.health.answers import Answers
from bot.health.judgement import Level
from bot.health.judges import database, writes
from bot.health.judges.database import Seen

OUTAGE = "database_outage"


def outage(answers: Answers, _: World) -> Sight:
    """Down as the wallet sees it, or as Supabase sees it where the wallet cannot say."""
    opinion = database.judge(answers)
    wallet, supabase = database.wallet_sees(answers), database.supabase_sees(answers)
    down = [one for one in opinion.findings if one.level is Level.DOWN]
    if firing := fired(down, sure=wallet is Seen.DOWN and supabase is Seen.DOWN):
        return firing
    if wallet in (Seen.NOTHING, Seen.WAITING) and supabase in (Seen.NOTHING, Seen.WAITING):
        return Blind("Neither the wallet nor Supabase could say how the database is.")
    return Calm()


def doubt(answers: Answers, _: World) -> Sight:
    """Supabase calls it unhealthy, and the wallet reaches it still."""
    if database.supabase_sees(answers) in (Seen.NOTHING, Seen.WAITING):
        return Blind("Supabase could not say how the database is.")
    doubts = [one for one in database.judge(answers).findings if one.title == "database in doubt"]
    return fired(doubts) or Calm()


def read_only(answers: Answers, _: World) -> Sight:
    """The disk is full. A token that may not ask makes nobody blind: what fails shows in the webhooks too."""
    full = [one for one in writes.judge(answers).findings if one.title == "Database read-only"]
    return fired(full) or Calm()


DETECTORS = (
    # Both vantage points bad: two looks are enough. One alone: three in a row over ten seconds, since one probe in
    # two hundred fails by chance, and three in a row so fail once in seven years (facts: 0.011 a month).
    Detector(OUTAGE, "P0", "Database outage", "Critical Issues (P0)", outage, needs=BY_WALLET,
        inhibited_by=frozenset({AWAY})),
    Detector(
        "database_read_only", "P0", "Database read-only", "Critical Issues (P0)", read_only,
        inhibited_by=frozenset({OUTAGE, AWAY}), needs=IN_QUICK,
    ),
    Detector(
        "database_in_doubt", "P1", "Database in doubt", "Warning Issues (P1)", doubt,
        confirm=4, span=45, inhibited_by=frozenset({OUTAGE, AWAY}), needs=IN_QUICK,
    ),
)  # fmt: skip
