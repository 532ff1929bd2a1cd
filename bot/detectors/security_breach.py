"""P0: Security breach detected: what the wallet calls high-risk, forged webhooks, and changes that nobody asked for."""

from datetime import timedelta

from bot.clients.errors import Failure
from bot.deploys.record import foreign
from bot.detectors import Blind, Calm, Detector, Firing, Muted, Sight, World, fired
from bot.detectors.database_outage import OUTAGE
from bot.detectors.webhooks_dead import DEAD
from bot.health.answers import Answers, FunctionsSeen, WebhooksCounted
from bot.health.expected import WEBHOOK
from bot.health.judgement import Finding, Level
from bot.health.judges import security, webhooks

HIGH_RISK = "high_risk_events"
_QUIET = timedelta(minutes=30)  # an attack that pauses for less is the same attack


def alarm(answers: Answers, _: World) -> Sight:
    """More than five high-risk events in an hour: the owners' figure for critical."""
    return _events(answers, Level.DOWN)


def single(answers: Answers, _: World) -> Sight:
    """One to five of them: worth a look."""
    return _events(answers, Level.DEGRADED)


def _events(answers: Answers, level: Level) -> Sight:
    opinion = security.judge(answers)
    if opinion.level in (Level.UNKNOWN, Level.WAITING):
        return Blind("High-risk events could not be counted.")
    return fired([one for one in opinion.findings if one.level is level]) or Calm()


def forged(answers: Answers, _: World) -> Sight:
    """More than twenty wrong signatures in five minutes, while right ones come in."""
    counted = answers.webhooks
    if not isinstance(counted, WebhooksCounted) or isinstance(counted.suspicions, Failure):
        return Blind("Wrong signatures could not be counted.")
    attacks: list[Finding] = [one for one in webhooks.judge(answers).findings if one.title == "signature attack"]
    return fired(attacks) or Calm()


def webhook_changed(answers: Answers, world: World) -> Sight:
    """The function that takes the webhooks is not live as the bot made it last."""
    return _changed(answers, world, webhook=True)


def function_changed(answers: Answers, world: World) -> Sight:
    """Another one is not."""
    return _changed(answers, world, webhook=False)


def _changed(answers: Answers, world: World, *, webhook: bool) -> Sight:
    """Its version, code or flag is not ours, and no operation of ours is under way."""
    seen = answers.functions
    if not isinstance(seen, FunctionsSeen) or isinstance(seen.listed, Failure):
        return Blind("The functions could not be listed.")
    if world.changing:
        return Muted()
    for one in seen.listed:
        known = world.recorded.get(one.slug)
        if known is None or (one.slug == WEBHOOK) is not webhook or not (how := foreign(known, one)):
            continue
        about = {"version": one.version, "verify_jwt": one.verify_jwt, "sha": one.ezbr_sha256 or ""}
        return Firing(
            f"The function {one.slug} was changed without me: {how}.",
            f"Find out who did it. If it was right, resolve this; if not, roll it back: /aikeys rollback {one.slug}",
            title=" ".join([one.slug, *map(str, about.values())])[:100],  # another change meanwhile is news
            about={"function": one.slug} | about,
        )
    return Calm()


DETECTORS = (
    # Counted, not probed: one look suffices, the next confirms that it was not a slip of the count.
    Detector(HIGH_RISK, "P0", "Security alarm", "Critical Issues (P0)", alarm,
        confirm=2, span=0, calm=_QUIET, inhibited_by=frozenset({OUTAGE})),
    Detector(
        "webhook_changed", "P0", "Webhook function changed by somebody else", "Critical Issues (P0)",
        webhook_changed, confirm=2, span=0,
    ),
    Detector(
        "high_risk_event", "P1", "High-risk security event", "Security Event Response", single,
        confirm=2, span=0, calm=_QUIET, inhibited_by=frozenset({HIGH_RISK, OUTAGE}),
    ),
    Detector(
        "signature_attack", "P1", "Forged webhooks", "Security Event Response", forged,
        confirm=2, span=0, calm=_QUIET, inhibited_by=frozenset({DEAD, OUTAGE}),
    ),
    Detector(
        "function_changed", "P1", "Function changed by somebody else", "Security Event Response",
        function_changed, confirm=2, span=0,
    ),
)  # fmt: skip
