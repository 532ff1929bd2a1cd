"""P1: Configuration issues: something is not set as this wallet needs it."""

from bot.clients.errors import Failure
from bot.detectors import Blind, Calm, Detector, Muted, Sight, World, fired
from bot.detectors.database_outage import OUTAGE
from bot.detectors.wallet_unreachable import UNREACHABLE
from bot.detectors.webhooks_dead import DEAD
from bot.health.answers import Answers, FunctionsSeen, WebhooksCounted
from bot.health.expected import HEALTH, WEBHOOK
from bot.health.judges import functions, secrets, webhooks


def secret_missing(answers: Answers, _: World) -> Sight:
    """A secret that the wallet needs is not set, or the running function does not see it."""
    findings = secrets.judge(answers).findings
    if not findings and (answers.secrets is None or isinstance(answers.secrets, Failure)):
        return Blind("The secrets could not be listed.")
    return fired(findings) or Calm()


def function_wrong(answers: Answers, world: World) -> Sight:
    """A function is missing, throttled, or has verify_jwt the wrong way round; those that are a P0 are seen as one."""
    seen = answers.functions
    if world.changing:
        return Muted()
    if not isinstance(seen, FunctionsSeen) or isinstance(seen.listed, Failure):
        return Blind("The functions could not be listed.")
    own = (f"Function {WEBHOOK}", f"Function {HEALTH}", "Circle is cut off")
    return fired([one for one in functions.judge(answers).findings if not one.title.startswith(own)]) or Calm()


def silent(answers: Answers, _: World) -> Sight:
    """No webhook for far longer than is usual: the sender's side."""
    counted = answers.webhooks
    if not isinstance(counted, WebhooksCounted) or isinstance(counted.events, Failure):
        return Blind("The webhooks could not be counted.")
    return fired([one for one in webhooks.judge(answers).findings if one.title == "webhooks silent"]) or Calm()


DETECTORS = (
    Detector(
        "secret_missing", "P1", "Secret missing", "Warning Issues (P1)", secret_missing,
        confirm=2, span=5, inhibited_by=frozenset({OUTAGE, UNREACHABLE}),
    ),
    Detector(
        "function_wrong", "P1", "Function not as expected", "Warning Issues (P1)", function_wrong,
        confirm=2, span=5, inhibited_by=frozenset({UNREACHABLE}),
    ),
    Detector(
        "webhooks_silent", "P1", "Webhooks silent", "Webhook Performance", silent,
        confirm=2, span=60, inhibited_by=frozenset({OUTAGE, DEAD}),
    ),
)  # fmt: skip
