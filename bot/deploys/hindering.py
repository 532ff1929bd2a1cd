"""Open incidents that a change hardly ends, and that keep it from being proved. Pure.

Said before anybody presses: once it runs, all that can be told is that it failed (bot.deploys.explained).
"""

from collections.abc import Sequence
from datetime import datetime

from bot.detectors.database_outage import OUTAGE
from bot.detectors.project_away import AWAY
from bot.health.expected import HEALTH
from store.incidents import Incident
from store.views import OpenIncident

_IS = {AWAY: "The project does not run", OUTAGE: "The database is down"}
_DOES = {
    "deploy": "a deploy of a function",
    "rollback": "a roll back of a function",
    "rotate": "a rotation",
    "migrate": "a migration",
    "rollback migration": "taking a migration back",
}  # a restore is the cure, a copy wants to be tried
# What a deploy likely causes, among the detectors: code that fails, is slow or does not answer.
LIKELY = frozenset(
    {
        "function_errors", "function_slow", "function_wrong", "wallet_slow", "wallet_unreachable", "webhook_errors",
        "webhook_errors_slow", "webhooks_dead",
    }
)  # fmt: skip


_BACK = frozenset({"rollback", "restore"})  # ways back: what they end may have ended by itself


def likely(dedup_key: str, function: str) -> bool:
    """Whether what was put live as *function* is likely the cause of an incident of *dedup_key*."""
    # An outage that only the wallet sees may be the very function that says so.
    return dedup_key in LIKELY or (dedup_key == OUTAGE and function == HEALTH)


def hindered(found: Sequence[OpenIncident], command: str, subject: str) -> str:
    """Why *command* of *subject* (`function/health`) will hardly help now, plain; empty where nothing says so."""
    does = _DOES.get(command)
    hinders = next((_IS[key] for key in _IS for one in found if one.dedup_key == key), None)
    if does is None or hinders is None:
        return ""
    unless = ""
    if command == "rotate":
        unless = " There may be no way back to the value that is live now."
    if hinders == _IS[OUTAGE] and subject == f"function/{HEALTH}":
        unless = f" Unless only {HEALTH} says so, and Supabase does not: see /aikeys triage database."
    return f"{hinders}: {does} will hardly end this, and cannot be proved meanwhile.{unless}"


def down(found: Sequence[OpenIncident]) -> bool:
    """Whether the database is, as far as has been told."""
    return any(one.dedup_key == OUTAGE for one in found)


def outlived(found: Sequence[Incident], command: str, asked_at: datetime) -> list[Incident]:
    """Of *found* those that were open when a way back was asked for, and are over: it may be needed no more."""
    if command not in _BACK:
        return []
    return [one for one in found if one.resolved_at is not None and one.opened_at <= asked_at < one.resolved_at]
