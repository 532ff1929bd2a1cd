"""What is thought of the secrets: there, seen, old, changed without the bot. Pure. Of a digest only how it begins."""

from collections.abc import Mapping
from datetime import timedelta

from bot.clients.supabase import Secret
from bot.health.answers import Answers
from bot.health.expected import GUESSABLE_SECRETS, PLATFORM_SECRETS, SECRETS
from bot.health.judgement import Detail, Level
from bot.health.judges import secrets as health
from bot.health.words import ago, listing
from bot.questions.saying import level, unanswered, waiting, worst_first, wrongs
from bot.questions.secrets import Rotated, Seen
from bot.report import Group, Line, Report, Wrong

_SAME = timedelta(minutes=5)  # between our record of a rotation and the time that Supabase keeps for it
_CALLED = {"secrets": "which secrets are set", "wallet": "which of them the running function sees"}
_NO_DIGEST = "No digest of {}: a value that can be guessed is not safe behind one."
_ROTATE = "Make a new value where it comes from, and rotate: /aikeys rotate circle, or by its name."


def judge(seen: Seen) -> Report:
    """The report."""
    listed = {one.name: one for one in seen.secrets} if isinstance(seen.secrets, list) else {}
    ours = {name: one for name, one in listed.items() if not name.startswith(PLATFORM_SECRETS)}
    opinion = health.judge(_answers(seen))
    old = [name for name, one in ours.items() if _old(one, seen)]
    moved = [name for name, one in ours.items() if _moved(one, seen.rotated.get(name))]
    wrong = worst_first(
        *wrongs(opinion.findings),
        *_moved_wrong(moved),
        *_old_wrong(old, seen.old.days),
        *_odd(ours),
        *unanswered(seen, _CALLED),
    )
    small = waiting(seen, _CALLED)
    return Report(
        verdict=f"Secrets: {opinion.says}" + (f"; {len(old)} older than {seen.old.days} days" if old else ""),
        level=level(wrong, small),
        target=seen.target,
        again="secrets",
        wrong=wrong,
        groups=(
            Group("Needed", tuple(_line(detail, ours.get(detail.name), seen) for detail in _needed(opinion.details))),
            Group("Others", tuple(_line(detail, ours[detail.name], seen) for detail in _others(ours)), "none"),
            Group("Supabase's own", _platform(listed), "none listed"),
        ),
        small=(*small, *_small(ours, seen.rotated)),
        also=(("Health of secrets", "health secrets"),),
    )


def _answers(seen: Seen) -> Answers:
    names = frozenset(one.name for one in seen.secrets) if isinstance(seen.secrets, list) else seen.secrets
    return Answers(wallet=seen.wallet, secrets=names)


def _needed(details: tuple[Detail, ...]) -> list[Detail]:
    found = {detail.name: detail for detail in details}
    return [found.get(name, Detail(Level.WAITING, name, "no answer yet")) for name in SECRETS]


def _others(ours: Mapping[str, Secret]) -> list[Detail]:
    return [Detail(Level.OK, name, "set") for name in sorted(set(ours) - set(SECRETS))]


def _platform(listed: Mapping[str, Secret]) -> tuple[Line, ...]:
    names = sorted(name for name in listed if name.startswith(PLATFORM_SECRETS))
    return (Line("Set by the platform:", ", ".join(names)),) if names else ()


def _line(detail: Detail, secret: Secret | None, seen: Seen) -> Line:
    if secret is None:
        return Line(detail.name, detail.says, detail.level)
    says = detail.says
    if secret.name not in GUESSABLE_SECRETS and secret.begins:
        says += f"; its digest begins {secret.begins}"
    if secret.at is None:
        return Line(detail.name, f"{says}; since when is not known", detail.level)
    age = ago(max(0.0, (seen.at - secret.at).total_seconds()))
    worst = max(detail.level, Level.DEGRADED if _old(secret, seen) else Level.OK)
    ours = seen.rotated.get(secret.name)
    by = ours.by if ours and not _moved(secret, ours) else ""
    return Line(detail.name, f"{says}; {age} old, set", worst, at=secret.at, by=by)


def _old(secret: Secret, seen: Seen) -> bool:
    return secret.at is not None and secret.name not in GUESSABLE_SECRETS and seen.at - secret.at > seen.old


def _moved(secret: Secret, ours: Rotated | None) -> bool:
    return ours is not None and secret.at is not None and secret.at > ours.at + _SAME


def _old_wrong(old: list[str], days: int) -> list[Wrong]:
    if not old:
        return []
    what = f"{listing(old)} {'is' if len(old) == 1 else 'are'} older than {days} days."
    return [Wrong(Level.DEGRADED, what, _ROTATE)]


def _moved_wrong(moved: list[str]) -> list[Wrong]:
    if not moved:
        return []
    what = f"{listing(moved)} was set without me after my last rotation."
    return [Wrong(Level.DEGRADED, what, "Ask who did it; if nobody did, treat the value as stolen and rotate it.")]


def _odd(ours: Mapping[str, Secret]) -> list[Wrong]:
    """What came is no digest: it might be the value itself, so not a letter of it is shown."""
    odd = [name for name, one in ours.items() if not one.begins]
    if not odd:
        return []
    what = f"For {listing(odd)} Supabase gave something other than a SHA-256. Nothing of it is shown."
    return [Wrong(Level.UNKNOWN, what, "Look in the dashboard, and tell who looks after the bot.")]


def _small(ours: Mapping[str, Secret], rotated: Mapping[str, Rotated]) -> list[str]:
    said = [_NO_DIGEST.format(listing(sorted(hidden)))] if (hidden := GUESSABLE_SECRETS & set(ours)) else []
    if set(ours) - set(rotated):
        said.append("Where nobody is named, it was not rotated through me: by whom is not known.")
    return said
