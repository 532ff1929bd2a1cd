"""P1: Performance degradation: slow, and slow for long enough that it is no cold start."""

from datetime import timedelta

from bot.clients.errors import Failure
from bot.clients.wallet import Health
from bot.detectors import IN_QUICK, Blind, Calm, Detector, Sight, World, fired
from bot.detectors.database_outage import OUTAGE
from bot.detectors.wallet_unreachable import UNREACHABLE
from bot.health.answers import Answers
from bot.health.judges import database, wallet

_LONG = 120.0  # seconds: a first call after a quiet time, a vacuum, a backup are shorter
_OVER = timedelta(minutes=10)


def slow_database(answers: Answers, _: World) -> Sight:
    """A query takes longer than the owners' 500 ms."""
    if not isinstance(answers.wallet, Health) or answers.wallet.report.database is None:
        return Blind("The wallet did not say how fast its database is.")
    return fired([one for one in database.judge(answers).findings if one.title == "database slow"]) or Calm()


def slow_wallet(answers: Answers, _: World) -> Sight:
    """/health takes longer than the owners' two seconds."""
    if answers.wallet is None or isinstance(answers.wallet, Failure):
        return Blind("The wallet's /health could not be asked.")
    return fired([one for one in wallet.judge(answers).findings if one.title == "wallet slow"]) or Calm()


DETECTORS = (
    Detector(
        "database_slow", "P1", "Database slow", "Warning Issues (P1)", slow_database,
        confirm=4, span=_LONG, calm=_OVER, inhibited_by=frozenset({OUTAGE, UNREACHABLE}), needs=IN_QUICK,
    ),
    Detector(
        "wallet_slow", "P1", "Wallet slow", "Warning Issues (P1)", slow_wallet,
        confirm=4, span=_LONG, calm=_OVER, inhibited_by=frozenset({OUTAGE, UNREACHABLE, "database_slow"}),
        needs=IN_QUICK,
    ),
)  # fmt: skip
