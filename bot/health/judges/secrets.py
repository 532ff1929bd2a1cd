"""Secrets: there by name, and seen by the function that needs them."""

from bot.clients.errors import Failure
from bot.clients.wallet import Health
from bot.health.answers import Answers
from bot.health.expected import OPTIONAL_SECRETS, SECRETS, WEBHOOK_SECRET
from bot.health.judgement import Detail, Finding, Level, Opinion, Topic, opinion, waiting
from bot.health.words import listing

_NEEDED_FOR = {
    "CIRCLE_API_KEY": "calls to Circle fail without it",
    WEBHOOK_SECRET: "every webhook is refused without it",
    "ALERT_EMAIL": "the wallet's own alerts go nowhere without it",
}


def judge(answers: Answers) -> Opinion:
    """Judge what Supabase lists against what the running function sees."""
    listed = answers.secrets
    seen = answers.wallet.report.secrets if isinstance(answers.wallet, Health) else {}
    if listed is None and not seen:
        return waiting(Topic.SECRETS)
    names = listed if isinstance(listed, frozenset) else None
    details = [_detail(name, names, seen.get(name)) for name in SECRETS]
    findings = [_finding(detail, names, seen.get(detail.name)) for detail in details]
    if names is not None:
        details += [Detail(Level.OK, name, "set (optional)") for name in OPTIONAL_SECRETS if name in names]
    missing = [detail.name for detail in details if detail.level > Level.UNKNOWN]
    unsure = [detail.name for detail in details if detail.level is Level.UNKNOWN]
    present = len(SECRETS) - len(missing) - len(unsure)
    says = f"{present} of {len(SECRETS)} present" + (f"; look at {listing(missing)}" if missing else "")
    if isinstance(listed, Failure):
        says = f"list not known; the wallet sees {present} of {len(SECRETS)}" if seen else "not known"
    at_least = Level.UNKNOWN if unsure or isinstance(listed, Failure) else Level.OK
    return opinion(Topic.SECRETS, says, *filter(None, findings), details=tuple(details), at_least=at_least)


def _detail(name: str, listed: frozenset[str] | None, seen: bool | None) -> Detail:
    match (None if listed is None else name in listed), seen:
        case True, False:
            return Detail(Level.DEGRADED, name, "set, but the running function does not see it")
        case False, True:
            return Detail(Level.DEGRADED, name, "removed; running functions keep it until they restart")
        case False, _:
            return Detail(Level.DEGRADED, name, "missing")
        case None, False:
            return Detail(Level.DEGRADED, name, "the running function does not see it")
        case None, None:
            return Detail(Level.UNKNOWN, name, "not known")
        case None, True:
            return Detail(Level.OK, name, "seen by the running function")
        case True, True:
            return Detail(Level.OK, name, "set, and seen by the running function")
        case _:
            return Detail(Level.OK, name, "set")


def _set_again(name: str) -> str:
    return f"Set {name} again: /aikeys rotate {name} --new, or at supabase.com/dashboard."


def _finding(detail: Detail, listed: frozenset[str] | None, seen: bool | None) -> Finding | None:
    if detail.level is not Level.DEGRADED:
        return None
    name = detail.name
    if listed is not None and name in listed and seen is False:
        what = f"The secret {name} is set, but the running function does not see it."
        do = "Functions keep old values until they restart: deploy health again, then ask again."
        return Finding(Topic.SECRETS, Level.DEGRADED, f"{name} not seen", what, do)
    if detail.says.startswith("removed"):
        what = f"The secret {name} was removed. Running functions keep it until they restart, then it is gone."
    else:
        what = f"The secret {name} is missing: {_NEEDED_FOR[name]}."
    return Finding(Topic.SECRETS, Level.DEGRADED, f"{name} missing", what, _set_again(name))
