"""P1: Configuration issues: something is not set as this wallet needs it, or soon will not be."""

from datetime import timedelta

from bot.clients.errors import Failure
from bot.detectors import Blind, Calm, Detector, Firing, Muted, Sight, World, each, fired, unseen
from bot.detectors.database_outage import OUTAGE
from bot.detectors.project_away import AWAY
from bot.detectors.wallet_unreachable import UNREACHABLE
from bot.detectors.webhooks_dead import DEAD
from bot.health.answers import Answers, FunctionsSeen, Question, WebhooksCounted
from bot.health.expected import HEALTH, WEBHOOK
from bot.health.judgement import Level
from bot.health.judges import functions, secrets, webhooks
from bot.health.words import ago
from bot.incidents.wider import Wider
from bot.questions.backups import newest
from bot.questions.judging_backups import found

RECOVERY = "recovery"  # whether any moment can be gone back to, among the states that were right
ON, OFF = "on", "off"


def secret_missing(answers: Answers, _: World) -> Sight:
    """A secret that the wallet needs is not set, or the running function does not see it."""
    findings = secrets.judge(answers).findings
    if not findings and (answers.secrets is None or isinstance(answers.secrets, Failure)):
        return Blind("The secrets could not be listed.")
    return each(findings) or Calm()


def function_wrong(answers: Answers, world: World) -> Sight:
    """A function is missing, throttled, or has verify_jwt the wrong way round; those that are a P0 are seen as one."""
    seen = answers.functions
    if world.changing:
        return Muted()
    if not isinstance(seen, FunctionsSeen) or isinstance(seen.listed, Failure):
        return Blind("The functions could not be listed.")
    own = (f"Function {WEBHOOK}", f"Function {HEALTH}", "Circle is cut off")
    return each([one for one in functions.judge(answers).findings if not one.title.startswith(own)]) or Calm()


def silent(answers: Answers, _: World) -> Sight:
    """No webhook for far longer than is usual at this hour of the week: the sender's side."""
    counted = answers.webhooks
    if not isinstance(counted, WebhooksCounted) or isinstance(counted.events, Failure):
        return Blind("The webhooks could not be counted.")
    return fired([one for one in webhooks.judge(answers).findings if one.title == "webhooks silent"]) or Calm()


def backup_late(answers: Answers, world: World) -> Sight:
    """The newest backup is old, or failed. Where there never was one the card says so: that is a plan, not an event."""
    backups = world.wider.backups
    if backups is None or isinstance(backups, Failure):
        return unseen(backups, "The backups could not be listed.")
    since = newest(backups)
    if since is None or world.now is None:
        return Calm()
    late = found(backups, since, world.now, timedelta(hours=answers.limits.backup_late))
    worst = max((one for one in late if one.level >= Level.DEGRADED), key=lambda one: one.level, default=None)
    return Calm() if worst is None else Firing(worst.what, worst.do, title="backup")


def recovery_off(_: Answers, world: World) -> Sight:
    """Point-in-time recovery was on."""
    backups = world.wider.backups
    if backups is None or isinstance(backups, Failure):
        return unseen(backups, "The backups could not be listed.")
    if backups.pitr_enabled or world.states.get(RECOVERY) != ON:
        return Calm()
    return Firing(
        "Point-in-time recovery is off, and was on: a restore loses all since the last daily backup.",
        "Find out who did it. If it was right, resolve this; if not, switch it on in the dashboard (Add-ons).",
        title="recovery off",
        about={"state": RECOVERY, "is": OFF},
    )


def token_ends(answers: Answers, world: World) -> Sight:
    """The bot's own access token says when it ends, and that is soon."""
    if world.token_ends is None or world.now is None:
        return Calm()
    left = world.token_ends - world.now
    if left > timedelta(days=answers.limits.token_days):
        return Calm()
    when = f"in {ago(left.total_seconds())}" if left > timedelta() else "now"
    return Firing(
        f"My access token for Supabase ends {when}: then I see nothing and can change nothing.",
        "Make a new one at supabase.com/dashboard/account/tokens, set SUPABASE_ACCESS_TOKEN, start me again.",
        title="token",
    )


_WALLET_TOO = frozenset({Question.WALLET, Question.SECRETS})
DETECTORS = (
    Detector(
        "secret_missing", "P1", "Secret missing", "Warning Issues (P1)", secret_missing,
        confirm=2, span=5, inhibited_by=frozenset({OUTAGE, UNREACHABLE}), needs=_WALLET_TOO,
    ),
    Detector(
        "function_wrong", "P1", "Function not as expected", "Warning Issues (P1)", function_wrong,
        confirm=2, span=5, inhibited_by=frozenset({UNREACHABLE}),
        needs=frozenset({Question.WALLET, Question.FUNCTIONS, Question.PROJECT, Question.SERVICES}),
    ),
    Detector(
        "webhooks_silent", "P1", "Webhooks silent", "Webhook Performance", silent,
        confirm=2, span=60, inhibited_by=frozenset({OUTAGE, DEAD}),
        needs=frozenset({Question.WALLET, Question.PROJECT, Question.SERVICES, Question.WEBHOOKS}),
        by=("silence_minutes", "silence_usual", "silence_gaps"),
    ),
    Detector(
        "backup_late", "P1", "Backup late", "Database Backup", backup_late, confirm=2, span=5,
        inhibited_by=frozenset({AWAY}), needs=frozenset({Wider.BACKUPS}), by=("backup_late",),
    ),
    Detector(
        "recovery_off", "P1", "Point-in-time recovery off", "Recovery Procedures", recovery_off,
        confirm=2, span=5, inhibited_by=frozenset({AWAY}), needs=frozenset({Wider.BACKUPS}),
    ),
    Detector(
        "token_ends", "P1", "Access token ends soon", "Warning Issues (P1)", token_ends,
        confirm=1, span=0, needs=frozenset({Wider.BACKUPS}), by=("token_days",),  # hourly is often enough
    ),
)  # fmt: skip
