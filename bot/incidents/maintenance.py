"""What is muted while the bot itself changes things: what an operation touches proves nothing while it runs.

Operations need not call anything: what they touch is muted while they run and for five minutes after. What is changed
in another way (a restore in the dashboard, a rehearsal) begins and ends a maintenance by name.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.incidents.states import FUNCTION, MIGRATIONS, OURS, PROJECT, RECOVERY, SECRET
from store.database import Store

LONGEST = timedelta(hours=4)  # a maintenance that is never ended must not mute for ever

# What is wrong for a moment by itself while that is being changed. What kills is muted while the whole project is
# brought back, which takes it away: everybody in the channel knows.
MUTES = {
    FUNCTION: frozenset({"function_wrong", "function_changed", "webhook_changed", "function_errors", "function_slow"}),
    SECRET: frozenset({"secret_changed", "secret_missing", "signature_attack"}),
    MIGRATIONS: frozenset({"migration_changed", "connections_high", "database_slow"}),
    RECOVERY: frozenset({"recovery_off", "backup_late"}),
    PROJECT: frozenset(
        {"project_away", "database_outage", "database_in_doubt", "wallet_unreachable", "webhooks_dead", "wallet_slow"}
    ),
}


def begin(store: Store, clock: Clock, why: str, detectors: Collection[str], until: datetime | None = None) -> None:
    """Mute *detectors* until then, four hours at most. *why*: operation/7, or in words; it ends by the same."""
    now = clock.now()
    store.quiet.begin(why, detectors, min(until or now + LONGEST, now + LONGEST), now)


def end(store: Store, clock: Clock, why: str) -> None:
    """It is done; what it touched settles for five minutes more."""
    store.quiet.done(why, clock.now() + OURS)


def muted(store: Store, touched: Collection[str], now: datetime) -> frozenset[str]:
    """The detectors that are muted now. *touched*: what operations of ours change (bot.incidents.states.touched)."""
    found = store.quiet.muted(now)
    for one in touched:
        found |= MUTES.get(one, frozenset())
    return found
