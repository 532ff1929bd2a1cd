"""The webhook: signatures that do not match, deliveries that fail, silence."""

from datetime import datetime

from bot.clients.supabase import Secret
from bot.clients.wallet import Health
from bot.diagnosis.cause import Cause, Step
from bot.diagnosis.causes.function_facts import complaints, failed, read_logs
from bot.diagnosis.evidence import Seen
from bot.diagnosis.thresholds import RECENT
from bot.health.answers import Deliveries, Events, Suspicions, WebhooksCounted
from bot.health.expected import WEBHOOK_SECRET
from bot.health.judgement import Level
from bot.health.judges import webhooks
from bot.health.words import ago, count

SECRETS = Step(f"See whether {WEBHOOK_SECRET} is there, when it was set, and by whom.", ("Secrets", "secrets"))
NUMBERS = Step("See what comes in, what fails and how long it takes.", ("Webhooks", "webhooks"))
PROVE = Step("Prove that a signed event is accepted.", type="webhooks test")
COMPARE = Step(
    f"Compare {WEBHOOK_SECRET} with the one in Circle's dashboard, and set it to that.", type=f"rotate {WEBHOOK_SECRET}"
)
SET = Step(f"Set {WEBHOOK_SECRET} to the one in Circle's dashboard.", type=f"rotate {WEBHOOK_SECRET} --new")
EVENTS = Step("Look at who posts: addresses and times are in the table security_events.", ("Security", "security"))


def secret_gone(seen: Seen) -> Cause | None:
    """Without it every webhook is refused."""
    names = seen.answers.secrets
    listed = None if not isinstance(names, frozenset) else WEBHOOK_SECRET in names
    sees = seen.wallet.report.secrets.get(WEBHOOK_SECRET) if isinstance(seen.wallet, Health) else None
    if listed is not False and sees is not False:
        return None
    evidence = [f"{WEBHOOK_SECRET} is not in Supabase's list."] if listed is False else []
    evidence += ["The running function does not see it."] if sees is False else []
    what = f"{WEBHOOK_SECRET} is missing: every webhook is refused."
    return Cause(94, Level.DOWN, what, (*evidence, *_wrong(seen)), (SET if listed is False else COMPARE, SECRETS))


def rotated(seen: Seen) -> Cause | None:
    """Signatures do not match, and the secret is new: it was changed on one side only."""
    suspicions, at = _suspicions(seen), _set_at(seen)
    if suspicions is None or suspicions.signatures_hour <= seen.limits.signatures_noise or at is None:
        return None
    age = (seen.at - at).total_seconds()
    if not 0 <= age < RECENT:
        return None
    refused = _all_refused(seen)
    what = f"{WEBHOOK_SECRET} was changed {ago(age)} ago, and signatures do not match: changed on one side only?"
    evidence = (*_wrong(seen), *(("No event came through in the last hour.",) if refused else ()))
    old = Step("Warm functions may keep the old value until they restart.", type="deploy payments-circle-webhook")
    return Cause(
        93 if refused else 72, Level.DOWN if refused else Level.DEGRADED, what, evidence, (COMPARE, old, SECRETS)
    )


def all_refused(seen: Seen) -> Cause | None:
    """No signature matches: the two sides hold two secrets, or Circle signs in another way now."""
    suspicions = _suspicions(seen)
    if suspicions is None or suspicions.signatures_hour <= seen.limits.signatures_noise or not _all_refused(seen):
        return None
    what = "Every webhook of the last hour was refused: its signature did not match."
    changed = Step("Did Circle change how it signs? Its documentation: Webhooks, signature verification.")
    return Cause(88, Level.DOWN, what, _wrong(seen), (COMPARE, SECRETS, changed))


def attacked(seen: Seen) -> Cause | None:
    """Wrong signatures while right ones come in."""
    suspicions = _suspicions(seen)
    if suspicions is None or suspicions.signatures_hour <= seen.limits.signatures_noise or _all_refused(seen):
        return None
    limits = seen.limits
    many = suspicions.signatures_recent > limits.signatures_attack or suspicions.sources > limits.signatures_sources
    what = (
        "Somebody posts webhooks with wrong signatures, and right ones come in: an attack, which is refused."
        if many
        else "Some webhooks have a wrong signature, while others come in."
    )
    events = _events(seen)
    right = (f"{count(events.last_hour, 'right event')} came in, in the last hour.",) if events else ()
    return Cause(62 if many else 48, Level.DEGRADED, what, (*_wrong(seen), *right), (EVENTS, SECRETS))


def failing(seen: Seen) -> Cause | None:
    """The signature is right, and storing the event fails."""
    deliveries = _deliveries(seen)
    if deliveries is None or not (deliveries.hour_failed or deliveries.six_failed):
        return None
    limits, rate = seen.limits, deliveries.hour_failed / max(deliveries.hour, 1)
    many = rate > limits.webhook_failed_rate or deliveries.hour_failed > limits.webhook_failed
    burning = webhooks.burns(deliveries, limits)  # what wakes people is a cause here, however few they are
    if not many and not burning:
        return None
    what = f"Storing events fails: {deliveries.hour_failed} of {deliveries.hour} in the last hour ended with 500."
    if not many and burning:
        what = f"Storing events fails. {burning[0].what}"
    evidence = (*complaints(seen), *failed(seen))
    last = Step("Is the database well?", ("The database", "triage database"))
    if any("does not exist" in one for one in evidence):
        last = Step("The code needs what the database lacks: is a migration pending?", ("Migrations", "migrations"))
    return Cause(78, Level.DOWN if rate >= 1 else Level.DEGRADED, what, evidence, (read_logs(seen), last))


def silent(seen: Seen) -> Cause | None:
    """Nothing comes, and nothing here refuses it."""
    finding = next((one for one in webhooks.judge(seen.answers).findings if "silent" in one.title), None)
    if finding is None:
        return None
    circle = Step("Look at Circle's status page, and whether the subscription in its dashboard is still on.")
    there = Step("Is the function alive? An unsigned call must be answered.", ("Health of webhooks", "health webhooks"))
    return Cause(50, finding.level, "Circle sends nothing.", (finding.what,), (circle, there))


def _counted(seen: Seen) -> WebhooksCounted | None:
    return seen.webhooks if isinstance(seen.webhooks, WebhooksCounted) else None


def _suspicions(seen: Seen) -> Suspicions | None:
    counted = _counted(seen)
    return counted.suspicions if counted and isinstance(counted.suspicions, Suspicions) else None


def _events(seen: Seen) -> Events | None:
    counted = _counted(seen)
    return counted.events if counted and isinstance(counted.events, Events) else None


def _deliveries(seen: Seen) -> Deliveries | None:
    counted = _counted(seen)
    return counted.deliveries if counted and isinstance(counted.deliveries, Deliveries) else None


def _all_refused(seen: Seen) -> bool:
    events = _events(seen)
    return events is not None and events.last_hour == 0 and events.last_day > 0


def _wrong(seen: Seen) -> tuple[str, ...]:
    suspicions = _suspicions(seen)
    if suspicions is None or not suspicions.signatures_hour:
        return ()
    number = count(suspicions.signatures_hour, "wrong signature")
    return (f"{number} in the last hour, {suspicions.signatures_recent} in the last 5 minutes.",)


def _set_at(seen: Seen) -> datetime | None:
    """When the secret was set, as Supabase tells it, to the second."""
    known: list[Secret] = seen.secrets if isinstance(seen.secrets, list) else []
    return next((one.at for one in known if one.name == WEBHOOK_SECRET), None)


RULES = (secret_gone, rotated, all_refused, attacked, failing, silent)
