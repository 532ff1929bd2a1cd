"""What is thought of the target and the token. Pure."""

from collections.abc import Mapping
from datetime import timedelta

from bot.clients.errors import Failure, NotAllowed
from bot.clients.supabase import Duty, Project
from bot.health.answers import Answers
from bot.health.judgement import Level
from bot.health.judges import services
from bot.health.words import count, listing
from bot.questions.project import Permissions, Seen
from bot.questions.saying import level, told, waiting, worst_first, wrongs
from bot.report import Group, Line, Report, Wrong

# What is lost without it, in the words of who asks.
UNLOCKS: Mapping[str, str] = {
    "project_admin_read": "the project's status, and that of its services",
    "edge_functions_read": "the list of functions",
    "edge_functions_secrets_read": "the names of secrets",
    "database_read": "numbers from the database",
    "analytics_logs_read": "logs, and how often functions fail",
    "analytics_usage_read": "memory and CPU of functions",
    "database_migrations_read": "the history of migrations",
    "backups_read": "backups",
    "infra_disk_config_read": "room on the disk",
    "database_config_read": "the database's own settings",
    "database_pooling_config_read": "the poolers' limits",
    "database_readonly_config_read": "whether the database takes writes",
    "database_network_bans_read": "banned addresses",
    "advisors_read": "the advisors' findings",
}
# What cannot be found out without changing something.
_UNTRIED_WHY = (
    "Whether a token may change something can only be found out by changing something. A change that lacks its "
    "permission is refused, and nothing happens."
)
CHANGES: Mapping[str, tuple[str, str]] = {
    Duty.DEPLOY: ("Deploys", "edge_functions_write"),
    Duty.SECRETS: ("Secrets", "edge_functions_secrets_write"),
    Duty.MIGRATE: ("Migrations", "database_write"),
    Duty.RESTORE: ("Recovery", "backups_write"),
}
_PROJECT = "project_admin_read"  # tried by asking for the project itself
_FEW = 3  # permissions that are named one by one
_A_LINE = 8  # permissions in one line
_SOON = timedelta(days=14)  # enough to make a new token and try it
_STATUS = {"ACTIVE_HEALTHY": "active"}


def judge(seen: Seen) -> Report:
    """The report."""
    may, lacks, unsure = _sorted(seen)
    wrong = worst_first(
        *wrongs(services.judge(Answers(project=seen.project)).findings),
        *_lacking(lacks),
        *_ending(seen),
        *_unsure(unsure),
    )
    small = waiting(seen, {"project": "the project", "permissions": "the token's permissions"})
    return Report(
        verdict=_verdict(seen, lacks),
        level=level(wrong, small),
        target=seen.target,
        again="project",
        wrong=wrong,
        groups=(
            _project(seen),
            _token(seen),
            _reads(may, lacks, unsure),
            _changes(seen),
            *_sealed(seen),
        ),
        small=(*small, _UNTRIED_WHY),
        also=(("Health", "health"),),
    )


def _verdict(seen: Seen, lacks: list[str]) -> str:
    name = _name(seen) or seen.target.ref
    status = told(seen.project, lambda found: _STATUS.get(found.status, found.status.replace("_", " ").lower()))
    if seen.project is None:
        return f"{name}: asking Supabase…"
    if isinstance(seen.project, Failure):
        return f"{name}: status not known"
    lacking = f", but the token lacks {count(len(lacks), 'permission')}" if lacks else ""
    return f"{name} is {status}{lacking}"


def _project(seen: Seen) -> Group:
    target, found = seen.target, seen.project
    lines = [
        Line("Name:", _name(seen) or told(found, lambda project: project.name)),
        Line("Status:", told(found, lambda project: project.status)),
        Line("Postgres version:", told(found, _postgres)),
        Line("Region:", target.region or told(found, lambda project: project.region)),
    ]
    if isinstance(found, Project):
        lines.append(Line("Organisation:", found.organization_slug or "not told"))
        lines.append(Line("Made:", "" if found.at else "not told", at=found.at))
    return Group("The project", tuple(lines))


def _name(seen: Seen) -> str:
    return seen.project.name if isinstance(seen.project, Project) else seen.target.name


def _postgres(project: Project) -> str:
    channel = project.database.release_channel
    return f"{project.database.version or 'not told'}{f' ({channel})' if channel not in {'', 'ga'} else ''}"


def _changes(seen: Seen) -> Group:
    """By which token each kind of change goes. That they may do it is not tried."""
    lines = []
    for setting, (what, permission) in CHANGES.items():
        own = seen.own.get(setting)
        if own is None:
            says, level_ = f"by the general token, which needs {permission} ({setting} is not set)", Level.UNKNOWN
        elif own.whole:
            says, level_ = f"by {own.name} ({setting}), which reaches {own.reach}: make a scoped one", Level.DEGRADED
        else:
            says, level_ = f"by {own.name} ({setting}), which needs {permission}; its end is {own.ends}", Level.UNKNOWN
        lines.append(Line(f"{what}:", says, level_, at=own.expires if own else None))
    return Group("What it may change, not tried", tuple(lines))


def _sealed(seen: Seen) -> tuple[Group, ...]:
    """The key that new values of secrets are sealed for: held against what `aikeys seal` shows."""
    return (Group("Sealed values", (Line("My key’s fingerprint:", seen.seal),)),) if seen.seal else ()


def _token(seen: Seen) -> Group:
    token = seen.token
    left = "not told" if seen.left is None else f"{seen.left[1]} questions in this minute at {seen.left[0]}"
    lines = [
        Line("It is", token.name),
        Line("It reaches", token.reach),
        Line("It ends:", token.ends, at=token.expires),
        Line("Left of the rate limit:", f"{left}; all of its owner's tokens share it"),
    ]
    if token.whole:
        lines.append(Line("A scoped token", "for this one project would open less to whoever steals it."))
    return Group("The token", tuple(lines))


def _sorted(seen: Seen) -> tuple[set[str], list[str], dict[str, Failure]]:
    """What the token has, what it lacks (as Supabase names it), and what could not be told."""
    match seen.permissions:
        case None:
            tried: Permissions = {}
        case Failure() as failure:
            tried = dict.fromkeys(UNLOCKS, failure)
        case tried:
            pass
    whole = dict(tried) | {_PROJECT: isinstance(seen.project, Project) or seen.project}
    may = {name for name, answer in whole.items() if answer is True}
    lacks: list[str] = []
    unsure: dict[str, Failure] = {}
    for name, answer in whole.items():
        match answer:
            case NotAllowed(missing=missing):
                lacks += [each for each in dict.fromkeys((name, *missing)) if each not in lacks]
            case Failure() as failure:
                unsure[name] = failure
    return may, lacks, unsure


def _unsure(unsure: Mapping[str, Failure]) -> list[Wrong]:
    """One for each reason."""
    names: dict[str, list[str]] = {}
    for name, failure in unsure.items():
        names.setdefault(failure.what, []).append(name)
    do = {failure.what: failure.do for failure in unsure.values()}
    return [Wrong(Level.UNKNOWN, f"{what} So not known: {_cost(found)}.", do[what]) for what, found in names.items()]


def _cost(names: list[str]) -> str:
    project = ["the project itself"] if _PROJECT in names else []
    tried = [name for name in names if name != _PROJECT]
    may = [f"whether the token has {name}" for name in tried] if len(tried) <= _FEW else ["what the token may read"]
    return listing([*project, *may])


def _lacking(lacks: list[str]) -> list[Wrong]:
    if not lacks:
        return []
    lost = listing([UNLOCKS[name] for name in lacks if name in UNLOCKS])
    return [
        Wrong(
            Level.DEGRADED,
            f"The token may not read {listing(lacks)}. So the bot cannot tell: {lost}.",
            "Make a new token with them at supabase.com/dashboard/account/tokens and set SUPABASE_ACCESS_TOKEN: "
            "a scoped token cannot be changed later.",
        )
    ]


def _ending(seen: Seen) -> list[Wrong]:
    found = []
    for setting, one in {Duty.READ: seen.token, **seen.own}.items():
        if one.expires is None or one.expires - seen.at > _SOON:
            continue
        own = f" for {CHANGES[setting][0].lower()}" if setting in CHANGES else ""
        cost = "then what goes by it is refused" if own else "then it can do nothing any more"
        when = "has expired" if one.expires <= seen.at else "expires soon"
        found.append(
            Wrong(Level.DEGRADED, f"The bot's token{own} {when}: {cost}.", f"Make a new one and set {setting}.")
        )
    return found


def _reads(may: set[str], lacks: list[str], unsure: Mapping[str, Failure]) -> Group:
    """What is missing or in doubt, each with what it costs; then in one line what is there."""
    lines = [Line(name, f"missing: {UNLOCKS.get(name, 'asked for by Supabase')}", Level.DEGRADED) for name in lacks]
    if len(unsure) <= _FEW:
        lines += [Line(name, f"not known: {UNLOCKS[name]}", Level.UNKNOWN) for name in unsure]
    else:
        lines += _names("Not known:", list(unsure), Level.UNKNOWN)
    asked = [name for name in UNLOCKS if name not in may and name not in lacks and name not in unsure]
    lines += _names("No answer yet:", asked, Level.WAITING)
    there = [name for name in UNLOCKS if name in may]
    lines += _names("It has:", there, Level.OK)
    return Group("What it may read", tuple(lines))


def _names(title: str, names: list[str], level_of_all: Level) -> list[Line]:
    """As many lines as they need: what is too long for one would be cut off."""
    pieces = [names[at : at + _A_LINE] for at in range(0, len(names), _A_LINE)]
    return [Line(title if piece is pieces[0] else "and:", ", ".join(piece), level_of_all) for piece in pieces]
