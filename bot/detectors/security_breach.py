"""P0: Security breach detected: what the wallet calls high-risk, forged webhooks, and changes that nobody asked for."""

from datetime import timedelta

from bot.clients.errors import Failure
from bot.clients.supabase import Function
from bot.deploys.record import foreign
from bot.detectors import Blind, Calm, Detector, Firing, Muted, Sight, World, fired, together, unseen
from bot.detectors.database_outage import OUTAGE
from bot.detectors.webhooks_dead import DEAD
from bot.health.answers import Answers, FunctionsSeen, Question, WebhooksCounted
from bot.health.expected import PLATFORM_SECRETS, WEBHOOK
from bot.health.judgement import Finding, Level
from bot.health.judges import security, webhooks
from bot.health.words import plain
from bot.incidents.states import MIGRATIONS, SECRET, fingerprint, head
from bot.incidents.wider import Wider

HIGH_RISK = "high_risk_events"
SIGN_INS = "sign_ins"  # their errors in an hour, among what is usual
_LISTED = frozenset({Question.FUNCTIONS})
_COUNTED = frozenset({Question.WALLET, Question.WEBHOOKS})
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
    found = []
    for one in seen.listed:
        if (one.slug == WEBHOOK) is not webhook or not world.recorded:
            continue
        known = world.recorded.get(one.slug)
        if known is None:
            found.append(_made(one))
        elif how := foreign(known, one):
            found.append(_altered(one, how))
    return together(found) or Calm()


def _altered(one: Function, how: str) -> Firing:
    about = {"version": one.version, "verify_jwt": one.verify_jwt, "sha": one.ezbr_sha256 or ""}
    return Firing(
        f"The function {plain(one.slug)} was changed without me: {how}.",
        f"Find out who did it. If it was right, resolve this; if not, roll it back: /aikeys rollback {one.slug}",
        title=" ".join([one.slug, *map(str, about.values())])[:100],  # another change meanwhile is news
        about={"function": one.slug} | about,
    )


def _made(one: Function) -> Firing:
    about = {"function": one.slug, "version": one.version, "verify_jwt": one.verify_jwt, "sha": one.ezbr_sha256 or ""}
    return Firing(
        f"The function {plain(one.slug)} was put live without me: I have not seen it before.",
        "Find out who did it. If it was right, resolve this; if not, take it away in the dashboard.",
        title=f"{one.slug} new"[:100],
        about=about,
    )


def secret_changed(_: Answers, world: World) -> Sight:
    """A secret was set, or one came, and no operation of ours did it. One that is gone is a missing one."""
    digests = world.wider.digests
    if digests is None or isinstance(digests, Failure):
        return unseen(digests, "The secrets could not be listed.")
    if SECRET in world.touched:
        return Muted()
    begun, found = any(name.startswith(f"{SECRET}/") for name in world.states), []
    for one in digests:
        if one.name.startswith(PLATFORM_SECRETS):
            continue  # nobody else may set one
        now, before = fingerprint(one), world.states.get(f"{SECRET}/{one.name}")
        if now == before or not begun:
            continue
        at = f" at {one.at:%H:%M} UTC on {one.at:%d %b}" if one.at else ""
        how = "is new" if before is None else "was set to another value"
        found.append(
            Firing(
                f"The secret {plain(one.name)} {how}{at}, and not by me.",
                "Find out who did it. If it was right, resolve this; if not, rotate it now: whoever set it knows it.",
                title=f"{one.name} {now}"[:100],
                about={"state": f"{SECRET}/{one.name}", "is": now},
            )
        )
    return together(found) or Calm()


def migration_changed(_: Answers, world: World) -> Sight:
    """The history of migrations moved, and no operation of ours did it."""
    history = world.wider.history
    if history is None or isinstance(history, Failure):
        return unseen(history, "The migrations could not be listed.")
    if MIGRATIONS in world.touched:
        return Muted()
    now, before = head(history), world.states.get(MIGRATIONS)
    if before is None or now == before:
        return Calm()
    return Firing(
        f"The history of migrations was changed without me: it is at {now}, and was at {before}.",
        "Find out who did it, and what it did to the tables: /aikeys migrations. If it was right, resolve this.",
        title=f"migrations {now}",
        about={"state": MIGRATIONS, "is": now},
    )


def sign_ins(answers: Answers, world: World) -> Sight:
    """Far more errors of sign-ins than in the day before."""
    number, usual, limits = world.wider.sign_ins, world.usual.get(SIGN_INS), answers.limits
    if number is None or isinstance(number, Failure):
        return unseen(number, "Errors of sign-ins could not be counted.")
    if usual is None or number <= max(limits.auth_fewest, limits.auth_times * usual):
        return Calm()
    return Firing(
        f"{number} sign-ins failed in the last hour; in the day before there were {usual:.0f} an hour.",
        "Somebody may be trying passwords, or the app's sign-in is broken: /aikeys logs auth --level error",
        title="sign-ins",
    )


DETECTORS = (
    Detector(
        "secret_changed", "P0", "Secret changed by somebody else", "Critical Issues (P0)", secret_changed,
        confirm=2, span=0, needs=frozenset({Wider.DIGESTS}),
    ),
    Detector(
        "migration_changed", "P1", "Migrations changed by somebody else", "Security Event Response",
        migration_changed, confirm=2, span=0, inhibited_by=frozenset({OUTAGE}), needs=frozenset({Wider.HISTORY}),
    ),
    Detector(
        "sign_in_errors", "P1", "Sign-ins failing", "Security Event Response", sign_ins,
        confirm=2, span=60, calm=_QUIET, inhibited_by=frozenset({OUTAGE}), needs=frozenset({Wider.SIGN_INS}),
        by=("auth_times", "auth_fewest"),
    ),
    # Counted, not probed: one look suffices, the next confirms that it was not a slip of the count.
    Detector(HIGH_RISK, "P0", "Security alarm", "Critical Issues (P0)", alarm,
        confirm=2, span=0, calm=_QUIET, inhibited_by=frozenset({OUTAGE}), needs=_COUNTED, by=("high_risk_critical",)),
    Detector(
        "webhook_changed", "P0", "Webhook function changed by somebody else", "Critical Issues (P0)",
        webhook_changed, confirm=2, span=0, needs=_LISTED, lowered=True,
    ),
    Detector(
        "high_risk_event", "P1", "High-risk security event", "Security Event Response", single,
        confirm=2, span=0, calm=_QUIET, inhibited_by=frozenset({HIGH_RISK, OUTAGE}), needs=_COUNTED,
    ),
    Detector(
        "signature_attack", "P1", "Forged webhooks", "Security Event Response", forged,
        confirm=2, span=0, calm=_QUIET, inhibited_by=frozenset({DEAD, OUTAGE}), needs=_COUNTED,
        by=("signatures_attack", "signatures_sources", "signatures_noise"),
    ),
    Detector(
        "function_changed", "P1", "Function changed by somebody else", "Security Event Response",
        function_changed, confirm=2, span=0, needs=_LISTED,
    ),
)  # fmt: skip
