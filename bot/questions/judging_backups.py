"""What is thought of the backups, and what a restore would lose, in words. Pure."""

from datetime import UTC, datetime, timedelta

from bot.clients.supabase import Backup, Backups
from bot.health.judgement import Level
from bot.health.words import ago, count, listing
from bot.questions.backups import Counted, Loss, Seen, newest
from bot.questions.paged import told_open
from bot.questions.saying import level, told, unanswered, waiting, worst_first
from bot.report import Group, Line, Report, Wrong

LAGS = timedelta(hours=1)  # the log is shipped every two minutes while somebody writes (Supabase docs, PITR)
_CALLED = {"backups": "the backups", "loss": "what was written since"}
_LOST = {
    "payments": "payments and wallets",
    "transactions": "deposits and withdrawals",
    "security": "security events",
    "audit": "audit events",
    "migrations": "migrations",
}
_KEPT = (
    "Supabase keeps daily backups for 7 days on Pro, 14 on Team, 30 on Enterprise, none on Free; it does not tell which"
)
_RESTORE = (
    "Back to a restore point, or to a second where that is on: /aikeys restore; a daily backup: in the dashboard.",
    "It takes the whole project offline; functions and secrets are not part of it.",
    "Never use supabase db reset for it: that destroys everything.",
)


def judge(seen: Seen) -> Report:
    """The report."""
    backups = seen.backups if isinstance(seen.backups, Backups) else None
    since = newest(backups) if backups else None
    loss = seen.loss if isinstance(seen.loss, Loss) else None
    wrong = worst_first(
        *told_open(
            found(backups, since, seen.at, timedelta(hours=seen.limits.backup_late)) if backups else (), seen.paged
        ),
        *unanswered(seen, _CALLED),
        *(unanswered(loss, _LOST) if loss else ()),
    )
    small = waiting(seen, _CALLED)
    groups = [Group("The last one", _last(backups, since, seen)), Group("How far back", _window(backups, seen))]
    if since is not None:
        groups.append(Group("A restore of it would lose", _losses(loss, seen)))
    return Report(
        verdict=_verdict(seen, since, loss),
        level=level(wrong, small),
        target=seen.target,
        again="backups",
        wrong=wrong,
        groups=tuple(groups),
        small=(*small, *_RESTORE),
        also=(("Health of the database", "health database"),),
    )


def _verdict(seen: Seen, since: datetime | None, loss: Loss | None) -> str:
    if since is None:
        if isinstance(seen.backups, Backups) and not seen.backups.pitr_enabled:
            return "There is no backup"
        return "Asking for the backups…" if seen.backups is None else "Backups not known"
    verdict = f"Last backup {_age(since, seen)} ago"
    if loss is not None and isinstance(loss.payments, Counted):
        verdict += f"; a restore loses {count(loss.payments.made, 'payment')}"
    return verdict


def _age(at: datetime, seen: Seen) -> str:
    return ago(max(0.0, (seen.at - at).total_seconds()))


def found(backups: Backups, since: datetime | None, now: datetime, late: timedelta) -> list[Wrong]:
    """What is wrong with them; *since*: the newest moment that a restore can bring back."""
    dashboard = "Open Database, Backups in the dashboard; if it shows no reason, contact Supabase support."
    if since is None:
        if backups.backups and not any(one.at for one in backups.backups):
            return [Wrong(Level.UNKNOWN, "Supabase gives no time of its backups that can be read.", dashboard)]
        if backups.pitr_enabled:
            what = "Point-in-time recovery is on, but Supabase does not say how far it reaches."
            return [Wrong(Level.UNKNOWN, what, dashboard)]
        what = "There is no completed backup: what is lost now is lost for good."
        return [Wrong(Level.DOWN, what, "The Free plan makes none. Dump the database by hand, then find out why.")]
    wrong = []
    last = _attempt(backups)
    if last is not None and last.status == "FAILED":
        wrong.append(Wrong(Level.DEGRADED, f"The newest backup failed ({last.at:%d %b %H:%M} UTC).", dashboard))
    if backups.pitr_enabled and now - since > LAGS:
        what = f"Point-in-time recovery reaches only to {ago((now - since).total_seconds())} ago."
        wrong.append(Wrong(Level.DEGRADED, what, f"Well where nobody wrote since. Otherwise: {dashboard}"))
    elif now - since > late:
        what = f"The last backup is {ago((now - since).total_seconds())} old; there should be one a day."
        wrong.append(Wrong(Level.DEGRADED, what, dashboard))
    return wrong


def _attempt(backups: Backups) -> Backup | None:
    """The newest that has ended one way or the other."""
    ended = [one for one in backups.backups if one.at is not None and one.status in {"COMPLETED", "FAILED"}]
    return max(ended, key=lambda one: one.at or datetime.min.replace(tzinfo=UTC), default=None)


def _last(backups: Backups | None, since: datetime | None, seen: Seen) -> tuple[Line, ...]:
    if backups is None:
        return (Line("Made:", told(seen.backups, lambda _: "")),)
    lines = [Line("Made:", f"{_age(since, seen)} ago,", at=since) if since else Line("Made:", "never")]
    states = [one.status for one in backups.backups if one.status != "COMPLETED"]
    if states:
        shown = [f"{states.count(state)} {state.lower()}" for state in sorted(set(states))]
        lines.append(Line("Not usable:", listing(shown)))
    return tuple(lines)


def _window(backups: Backups | None, seen: Seen) -> tuple[Line, ...]:
    if backups is None:
        return (Line("Kept:", told(seen.backups, lambda _: "")),)
    done = sorted(one.at for one in backups.backups if one.status == "COMPLETED" and one.at is not None)
    oldest = f", the oldest {_age(done[0], seen)} old" if done else ""
    lines = [Line("Daily backups:", f"{len(done)} to choose from{oldest}"), Line("Kept for:", f"{_KEPT} this is.")]
    first = backups.physical_backup_data.earliest_physical_backup_date_unix
    if not backups.pitr_enabled:
        lines.append(Line("Point in time:", "off: only a restore point, or a whole backup, can be brought back"))
    elif first is None:
        lines.append(Line("Point in time:", "on; since when is not told"))
    else:
        at = datetime.fromtimestamp(first, UTC)
        lines.append(Line("Point in time:", "on: any second up to the last, back to", at=at))
    return tuple(lines)


def _losses(loss: Loss | None, seen: Seen) -> tuple[Line, ...]:
    if loss is None:
        return (Line("Rows since:", told(seen.loss, lambda _: "")), *_deploys(seen))
    lines = [
        Line("Payments:", told(loss.payments, lambda one: f"{one.made} reported by Circle")),
        Line("Wallets:", told(loss.payments, lambda one: f"{one.wallets} created")),
        Line("Deposits and withdrawals:", told(loss.transactions, _made_and_changed)),
        Line("Security events:", told(loss.security, lambda one: str(one.made))),
        Line("Audit events:", told(loss.audit, lambda one: str(one.made))),
        Line("Migrations:", told(loss.migrations, _migrations)),
    ]
    return (*lines, *_deploys(seen))


def _made_and_changed(one: Counted) -> str:
    fall = f"; {count(one.changed, 'older one')} would fall back to how they were" if one.changed else ""
    return f"{one.made} new{fall}"


def _migrations(one: Counted) -> str:
    return f"{one.made} undone: code that needs them fails" if one.made else "none since"


def _deploys(seen: Seen) -> tuple[Line, ...]:
    if not seen.deployed:
        return (Line("Deploys through me:", "none since"),)
    names = listing(sorted(seen.deployed))
    return (Line("Deploys through me:", f"{names} since: that code stays, on top of the older data"),)
