"""P0: the wallet itself does not answer, while the database is fine: an outage for its users, and another team's."""

from bot.clients.errors import Failure
from bot.detectors import BY_WALLET, Blind, Calm, Detector, Sight, World, fired
from bot.detectors.database_outage import OUTAGE
from bot.detectors.project_away import AWAY
from bot.health.answers import Answers
from bot.health.judgement import Level
from bot.health.judges import wallet

UNREACHABLE = "wallet_unreachable"


def unreachable(answers: Answers, _: World) -> Sight:
    """/health does not answer, cannot be invoked, fails, or takes more than the owners' critical five seconds."""
    opinion = wallet.judge(answers)
    down = [one for one in opinion.findings if one.level is Level.DOWN]
    if firing := fired(down):
        return firing
    if answers.wallet is None or isinstance(answers.wallet, Failure):
        return Blind("The wallet's /health could not be asked.")  # nobody was heard: perhaps it is my own network
    return Calm()


DETECTORS = (
    Detector(
        UNREACHABLE,
        "P0",
        "Wallet unreachable",
        "Critical Issues (P0)",
        unreachable,
        confirm=4,  # one vantage point alone: three slips in a row of a bad line would page about once a year
        span=15,
        inhibited_by=frozenset({OUTAGE, AWAY}),
        needs=BY_WALLET,
        by=("response_critical",),
    ),
)
