"""What lies in the inbox and is not signed as Slack handed it over is nobody's click: it is not heeded, and told."""

import json
import re
from dataclasses import dataclass

import structlog

from bot.desks.replying import Replying
from bot.door import recovery
from bot.door.inbox import Delivery
from bot.door.payload import text
from bot.own.edited import Alarm
from bot.views import refusals

log = structlog.get_logger(__name__)

_USER = re.compile(r"[UW][A-Z0-9]{2,20}")


@dataclass(frozen=True, slots=True)
class Doubts:
    """Stands before the router."""

    replies: Replying
    alarm: Alarm

    async def take(self, delivery: Delivery) -> bool:
        """Return True where it is not to be heeded: who it names was told, it is settled. The alarm comes first."""
        if delivery.signed is True:
            return False
        payload = _read(delivery.text)
        if recovery.believed(payload, signed=delivery.signed):
            return False
        forged = delivery.signed is False
        user, team = _who(payload)
        log.warning("inbox.unheeded", kind=delivery.kind[:40], user=user, forged=forged, empty=not delivery.text)
        if forged:
            whose = f", in the name of {user}," if user else ""
            why = f"Delivery {delivery.id} in my inbox{whose} is not what Slack handed over."
            self.alarm(f"Delivery {delivery.id}", why)
        outcome = "forged" if forged else "click_again"
        if not user:  # nor where it was emptied: whoever had it taken back knows
            self.replies.done(delivery, outcome)
            return True
        # To them directly: neither the address nor the channel of what somebody else may have written is used.
        answer = await self.replies.to(delivery, user=user, team=team, channel=user)
        await self.replies.whisper(delivery, answer, refusals.unheeded(forged=forged), outcome)
        return True


def _read(written: str) -> object:
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return None


def _who(payload: object) -> tuple[str, str]:
    """Whom it names, and their team; empty where that is no id."""
    user = text(payload, "user", "id") or text(payload, "user_id") or text(payload, "event", "user")
    team = text(payload, "user", "team_id") or text(payload, "team", "id") or text(payload, "team_id")
    return (user, team) if _USER.fullmatch(user) else ("", "")
