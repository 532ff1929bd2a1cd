"""P0: Webhook processing completely failed: Circle calls, and nothing gets through."""

from dataclasses import replace

from bot.approvals.policy import HEARSAY
from bot.clients.errors import Failure
from bot.detectors import Blind, Calm, Detector, Sight, World, fired
from bot.detectors.database_outage import OUTAGE
from bot.detectors.project_away import AWAY
from bot.health.answers import Answers, Question, WebhooksCounted
from bot.health.expected import WEBHOOK
from bot.health.judgement import Finding, Level
from bot.health.judges import functions, webhooks

DEAD = "webhooks_dead"
_REFUSED = "Every webhook refused"  # in a quiet hour a handful of forged ones from anywhere looks the same


def dead(answers: Answers, _: World) -> Sight:
    """All fail, all are refused, or the function that takes them cannot be invoked. A quiet hour is none of these."""
    found = [one for one in webhooks.judge(answers).findings if one.level is Level.DOWN]
    found += [one for one in functions.judge(answers).findings if one.level is Level.DOWN and _webhook(one)]
    # What nobody outside can make up goes first: only that lets somebody act alone (bot.approvals.policy.HEARSAY).
    if firing := fired(sorted(found, key=lambda one: one.title == _REFUSED)):
        return replace(firing, about={HEARSAY: True}) if firing.title == _REFUSED else firing
    counted = answers.webhooks
    if not isinstance(counted, WebhooksCounted) or isinstance(counted.deliveries, Failure):
        return Blind("The webhooks could not be counted.")
    return Calm()


def _webhook(finding: Finding) -> bool:
    return WEBHOOK in finding.title or finding.title == "Circle is cut off"


DETECTORS = (
    Detector(
        DEAD, "P0", "Webhook processing failed", "Critical Issues (P0)", dead,
        inhibited_by=frozenset({OUTAGE, AWAY}),
        needs=frozenset(Question) - {Question.SECRETS}, by=("webhook_dead_attempts",),
    ),
)  # fmt: skip
