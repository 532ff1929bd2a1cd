"""A restore as a second person reads it before saying yes: what comes back, and all that does not. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clients.errors import Failure
from bot.health.words import ago, count, listing
from bot.questions.backups import Counted, Loss
from bot.views.blocks import Message, code, date_and_time, escape, section, time_of_day

_MOST = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """*name*: of the restore point, empty for a second; *undoes*: versions and names, None where that is not known."""

    name: str
    since: datetime
    now: datetime
    undoes: Sequence[tuple[str, str]] | None
    loss: Loss
    deployed: Mapping[str, datetime]
    rotated: Sequence[str]
    incidents: int = 0


def changes(seen: Seen) -> list[str]:
    """What would happen."""
    age = ago((seen.now - seen.since).total_seconds())
    what = f"restore point {code(seen.name)} of" if seen.name else "how it was at"
    told = [f"The *whole database* goes back to {what} {date_and_time(seen.since)}, {age} ago."]
    if seen.undoes is None:
        told.append("Which migrations it undoes is *not known*: the history cannot be read.")
    elif seen.undoes:
        names = listing([f"{code(version)} {escape(name, 60)}".strip() for version, name in seen.undoes], _MOST)
        told.append(f"It *undoes {count(len(seen.undoes), 'migration')}*: {names}.")
    else:
        told.append("It undoes no migration that was written since.")
    told.append("A restore point of now is taken first, as the way back, where Supabase can.")
    return told


def dangers(seen: Seen) -> list[str]:
    """What could go wrong, the worst first."""
    told = []
    loss = seen.loss
    if isinstance(loss.payments, Counted) and loss.payments.made:
        told.append(
            f"*{count(loss.payments.made, 'payment')}* that Circle has reported since are forgotten; the money has "
            "moved all the same. Compare with Circle's dashboard afterwards, and have Circle send those events again."
        )
    if isinstance(loss.transactions, Counted) and loss.transactions.made + loss.transactions.changed:
        made, changed = loss.transactions.made, loss.transactions.changed
        told.append(f"Deposits and withdrawals: {made} new are lost, {changed} fall back to how they were.")
    unknown = [name for name in ("payments", "transactions") if isinstance(getattr(loss, name), Failure)]
    if unknown:
        told.append(f"How many {listing(unknown)} are lost is *not known*: the database could not be asked.")
    told.append("The project is *offline* meanwhile, minutes to hours with its size: nobody can pay or sign in.")
    told.append("Passwords come back too: of the database, and of users who have changed theirs since.")
    if seen.rotated:
        stays = listing([code(name) for name in seen.rotated], _MOST)
        told.append(f"{stays} rotated since: functions keep the new value, what the database holds of it is the old.")
    if seen.deployed:
        names = listing([code(name) for name in sorted(seen.deployed)], _MOST)
        told.append(f"{names} deployed since: that code stays, on top of the older data.")
    return told


def shown(seen: Seen) -> list[str | dict[str, Any]]:
    """The rows that are lost, by table; true when it was posted."""
    loss = seen.loss
    rows = [
        _row("payments reported by Circle", loss.payments),
        _row("wallets", loss.payments, "wallets"),
        _row("deposits and withdrawals", loss.transactions),
        _row("security events", loss.security),
        _row("audit events", loss.audit),
    ]
    return [
        f"Written since, and lost: {', '.join(rows)}.",
        "Afterwards I compare the history of migrations, count again, call the wallet, and say how long it was away.",
    ]


def _row(name: str, one: Counted | Failure | None, what: str = "made") -> str:
    return f"{name} *{getattr(one, what)}*" if isinstance(one, Counted) else f"{name} not known"


def following(status: str, at: datetime, *, well: bool) -> Message:
    """What Supabase says of the project, since when."""
    sign = "🟢" if well else "⛔" if "FAILED" in status else "⏳"
    said = code(status) if status else "*nothing*: the Management API does not answer"
    return Message(
        text=f"{sign} The project is {escape(status) or 'not known'}.",
        blocks=[section(f"{sign} Supabase says of the project: {said}, since {time_of_day(at)}.")],
    )
