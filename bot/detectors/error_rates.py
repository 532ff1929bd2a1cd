"""P1: High error rates."""

from datetime import timedelta

from bot.clients.errors import Failure
from bot.detectors import Blind, Calm, Detector, Sight, World, fired
from bot.detectors.database_outage import OUTAGE
from bot.detectors.wallet_unreachable import UNREACHABLE
from bot.detectors.webhooks_dead import DEAD
from bot.health.answers import Answers, WebhooksCounted
from bot.health.judges import webhooks

# Below it a single failure is a rate: at ten webhooks an hour and one failure in two hundred the plain rule pages
# thirty times a month, with this floor never (facts, false-alarm budget).
FEWEST_FAILED = 3
FEWEST = 10


def failing(answers: Answers, _: World) -> Sight:
    """More than a tenth of the last hour's webhooks failed, or more than five: the owners' figures, with a floor."""
    counted = answers.webhooks
    if not isinstance(counted, WebhooksCounted) or isinstance(counted.deliveries, Failure):
        return Blind("The webhooks could not be counted.")
    if counted.deliveries.hour_failed < FEWEST_FAILED or counted.deliveries.hour < FEWEST:
        return Calm()
    return fired([one for one in webhooks.judge(answers).findings if one.title == "webhooks failing"]) or Calm()


DETECTORS = (
    Detector(
        "webhook_errors", "P1", "Webhooks failing", "Warning Issues (P1)", failing,
        confirm=2, span=0, calm=timedelta(minutes=15), inhibited_by=frozenset({OUTAGE, UNREACHABLE, DEAD}),
    ),
)  # fmt: skip
