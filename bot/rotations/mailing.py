"""ALERT_EMAIL is proved by a code that is mailed there and comes back in Slack. No row holds the address."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from bot.clients.mail import Mail, Mailer
from bot.errors import Unanswered
from bot.operations.steps import Run, StepFailed
from bot.rotations import record
from bot.rotations.kit import Kit
from bot.rotations.names import ALERT_EMAIL
from bot.vault import Value

DIGITS = 6
GUESSES = 5  # wrong codes before it is over: one in 200,000 guesses right


@dataclass(frozen=True, slots=True)
class Outcome:
    """*said*, or what is *wrong*."""

    said: str = ""
    wrong: str = ""


async def confirmed(kit: Kit, run: Run, values: Mapping[str, Value]) -> Outcome:
    """Mail a code, wait until somebody enters it in Slack."""
    url = kit.ctx.settings.smtp_url
    if url is None:
        return Outcome(wrong="No code could be mailed: AIKEYS_SMTP_URL is not set. Send a mail there by hand.")
    held = kit.hands.of(run.operation.subject)
    held.code, held.wrong_codes = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}", 0
    with values[ALERT_EMAIL].reveal() as plain:
        mail = Mail(
            key=f"{run.operation.subject}/code/{run.attempt}",
            to=plain.decode(),
            subject="AIKeys: the code for ALERT_EMAIL",
            text=f"Alerts of the wallet shall come here.\n\nThe code: {held.code}\n\nEnter it in Slack, in the thread "
            f"of “{run.operation.title}”. If you know of nothing, tell your team.",
        )
    try:
        await Mailer(url.get_secret_value()).send(mail, run.clock.now())
    except Unanswered as error:
        return Outcome(wrong=f"The code could not be mailed: {error}")
    try:
        by = await kit.entering.until(run, lambda: _by(kit, run), {"for": "code"})
    except StepFailed as failed:
        return Outcome(wrong=f"The mailed code did not come back. {failed}")
    finally:
        held.code = ""
    if not by:
        return Outcome(wrong=f"{GUESSES} wrong codes were entered.")
    return Outcome(said="the mailed code came back")


def entered(kit: Kit, operation: str, user: str, code: str) -> str:
    """*user* entered *code*: what is wrong with it, or nothing."""
    held = kit.hands.of(operation)
    if not held.code:
        return "No code is waited for."
    right = hmac.compare_digest(code.strip().encode(), held.code.encode())
    held.wrong_codes += not right
    if not right and held.wrong_codes < GUESSES:
        return "That is not the code. It has six digits and is in the newest mail."
    now = kit.ctx.clock.now()
    kit.ctx.store.events.append(operation, record.CONFIRMED, user, {"right": right}, now)
    kit.hands.stir()
    return "" if right else "That was wrong too often."


def _by(kit: Kit, run: Run) -> str | None:
    """Who entered the right code since this attempt began; empty where it was wrong too often; None: nobody yet."""
    found = kit.ctx.store.events.latest(record.CONFIRMED, run.operation.subject)
    if found is None or found.at < run.begun_at:
        return None
    return found.actor if found.data.get("right") else ""
