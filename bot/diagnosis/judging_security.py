"""What is thought of the day's security, in words. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.clients.supabase import Lint
from bot.diagnosis.advice import advice
from bot.diagnosis.security import Risky, Seen, Signatures, SignIns
from bot.diagnosis.words import headline, quoted
from bot.health.judgement import Level
from bot.health.thresholds import HIGH_RISK_SCORE, Thresholds
from bot.health.words import count, listing
from bot.questions.paged import told_open
from bot.questions.saying import level, told, unanswered, waiting, worst_first
from bot.report import Group, Line, Report, Wrong

_CALLED = {
    "risky": "events of high risk",
    "signatures": "wrong signatures",
    "sign_ins": "failed sign-ins",
    "open_tables": "tables without row level security",
    "lints": "the advisor's findings",
    "banned": "banned addresses",
}
# The watch counts by the hour, against what is usual. A day's worth of people who mistype is below this.
_SIGN_INS_MANY = 200  # in a day
_ADDRESSES = "Addresses and e-mails are not shown here; they are in the table security_events and in the dashboard."


def judge(seen: Seen) -> Report:
    """The report."""
    wrong = worst_first(*told_open(_found(seen), seen.paged), *unanswered(seen, _CALLED))
    small = waiting(seen, _CALLED)
    return Report(
        verdict=_verdict(seen, wrong, small),
        level=level(wrong, small),
        target=seen.target,
        again="security",
        wrong=wrong,
        groups=(_risky(seen), _attempts(seen), _doors(seen), advice("Supabase's advisor on security", seen.lints)),
        small=(*small, _ADDRESSES),
        also=(("Find out about webhooks", "triage webhook"), ("Who deployed what", "deploys")),
    )


def _verdict(seen: Seen, wrong: Sequence[Wrong], small: Sequence[str]) -> str:
    if all(getattr(seen, field) is None for field in _CALLED):
        return "Looking at the day's security…"
    worst = [one for one in wrong if one.level > Level.UNKNOWN]
    if worst:
        return headline([one.what for one in worst])
    if small or wrong:
        return "Nothing of high risk, as far as that is known"
    return "Nothing of high risk in the last day"


def _found(seen: Seen) -> list[Wrong]:
    wrong: list[Wrong] = []
    if isinstance(seen.risky, list) and seen.risky:
        wrong.append(_alarm(seen.risky[0], seen.limits))
    if isinstance(seen.signatures, Signatures):
        wrong += _forged(seen.signatures, seen.limits)
    if isinstance(seen.sign_ins, list):
        wrong += _guessed(seen.sign_ins)
    if isinstance(seen.open_tables, list) and seen.open_tables:
        names = listing(seen.open_tables)
        what = f"Without row level security: {names}. Whoever holds the public key reads and writes all of it."
        do = "Enable it by a migration (alter table … enable row level security) with its policies, today."
        wrong.append(Wrong(Level.DOWN, what, do))
    if isinstance(seen.lints, list):
        wrong += _advised(seen.lints, seen.open_tables)
    return wrong


def _alarm(first: Risky, limits: Thresholds) -> Wrong:
    critical = first.hour > limits.high_risk_critical
    what = f"{count(first.day, 'event')} of high risk in the last day, {first.hour or 'none'} in the last hour."
    if critical:
        what += f" More than {limits.high_risk_critical:g} an hour is critical."
    do = "Look into the table security_events; if an account was broken into, lock it and notify the technical lead."
    return Wrong(Level.DOWN if critical else Level.DEGRADED, what, do)


def _forged(seen: Signatures, limits: Thresholds) -> list[Wrong]:
    if seen.hour <= limits.signatures_noise:
        return []
    where = f"from {count(seen.addresses, 'address', 'addresses')} in the last day"
    what = f"{seen.hour} webhooks in the last hour had a wrong signature, {where}."
    if seen.recent > limits.signatures_attack or seen.sources > limits.signatures_sources:
        do = "Somebody may be trying to forge payments: ask triage webhook whether right ones still come in."
    else:
        do = "An attempt, or a secret that was rotated on one side only: triage webhook tells them apart."
    return [Wrong(Level.DEGRADED, what, do)]


def _guessed(sign_ins: Sequence[SignIns]) -> list[Wrong]:
    failed = sum(one.number - one.broken for one in sign_ins)
    broken = sum(one.broken for one in sign_ins)
    wrong = []
    if broken:
        what = f"{count(broken, 'sign-in')} failed by a fault of the sign-in service itself."
        wrong.append(Wrong(Level.DEGRADED, what, "Look at health services, and at the database."))
    if failed > _SIGN_INS_MANY:
        what = f"{failed} sign-ins failed in the last day: somebody may be trying passwords."
        wrong.append(
            Wrong(Level.DEGRADED, what, "Look at the auth logs; switch on leaked-password protection and captcha.")
        )
    return wrong


def _advised(lints: Sequence[Lint], open_tables: object) -> list[Wrong]:
    """Errors alone; a table without row level security is said already where we counted it ourselves."""
    counted = isinstance(open_tables, list)
    errors = [one for one in lints if one.level == "ERROR" and not (counted and one.name == "rls_disabled_in_public")]
    if not errors:
        return []
    what = (
        f"Supabase's advisor calls {count(len(errors), 'thing')} an error: {listing([one.title for one in errors], 3)}."
    )
    return [Wrong(Level.DEGRADED, what, "Each is explained in the dashboard (Advisors, Security).")]


def _risky(seen: Seen) -> Group:
    title = f"Events of high risk (over {HIGH_RISK_SCORE}), last day"
    if not isinstance(seen.risky, list):
        return Group(title, none=told(seen.risky, lambda _: ""))
    said = quoted([one.description for one in seen.risky], 120)
    lines = [
        Line(
            one.event_type,
            f"risk {one.risk}{', blocked' if one.blocked else ''}: {words}",
            Level.DEGRADED,
            datetime.fromtimestamp(one.at, UTC),
        )
        for one, words in zip(seen.risky, said, strict=True)
    ]
    rest = seen.risky[0].day - len(seen.risky) if seen.risky else 0
    if rest > 0:
        lines.append(Line("And more:", f"{rest} older ones of the same day"))
    return Group(title, tuple(lines), "none")


def _attempts(seen: Seen) -> Group:
    lines = []
    match seen.signatures:
        case Signatures(day, hour, recent, addresses):
            where = f" from {count(addresses, 'address', 'addresses')}" if day else ""
            says = f"{hour} in the last hour, {recent} in 5 minutes, {day} in the last day{where}"
            lines.append(Line("Wrong signatures:", says))
        case answer:
            lines.append(Line("Wrong signatures:", told(answer, lambda _: "")))
    if isinstance(seen.sign_ins, list):
        failed = sum(one.number for one in seen.sign_ins)
        says = f"{failed} in the last day" if failed else "no rows in the log, which is no proof that there were none"
        lines.append(Line("Failed sign-ins:", says))
        words = quoted([one.said for one in seen.sign_ins[:5]], 100)
        lines += [
            Line(f"{one.number} ×", said or "no reason given") for one, said in zip(seen.sign_ins, words, strict=False)
        ]
    else:
        lines.append(Line("Failed sign-ins:", told(seen.sign_ins, lambda _: "")))
    return Group("Attempts", tuple(lines))


def _doors(seen: Seen) -> Group:
    banned = told(seen.banned, lambda one: f"{len(one)} banned, see the dashboard" if one else "none banned")
    tables = told(seen.open_tables, lambda one: listing(one) if one else "none")
    return Group("What stands open", (Line("Tables without row level security:", tables), Line("Addresses:", banned)))
