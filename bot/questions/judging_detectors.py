"""What is watched for, by which figures, and how each detector stands now. Pure."""

import inspect
from collections.abc import Iterable, Sequence

from bot.health.judgement import Level
from bot.health.words import ago, count, listing
from bot.incidents.asking import EACH
from bot.incidents.watched import Bound, Standing, State, cadence, patience
from bot.questions.detectors import Seen
from bot.questions.saying import level
from bot.report import Group, Line, Report, Wrong

_ROOM = 2_300  # characters of a group: a section takes 3,000, and the reader's zone is written in
_QUIET: frozenset[State] = frozenset({"ok", "not asked"})
_BAD: dict[State, Level] = {
    "firing": Level.DEGRADED,
    "flapping": Level.DEGRADED,
    "recovering": Level.DEGRADED,
    "unknown": Level.UNKNOWN,
    "pending": Level.WAITING,
}
_MONTH = 30.4 * 86_400  # seconds


def judge(seen: Seen) -> Report:
    """The report: of all, or of the one that was asked about."""
    return _one(seen, next(one for one in seen.standings if one.detector.id == seen.name)) if seen.name else _all(seen)


def _all(seen: Seen) -> Report:
    odd = [one for one in seen.standings if one.state not in _QUIET]
    told = sorted(odd, key=lambda one: -(_level(one) or Level.OK))
    titled = [("Not as on a quiet day", told)]
    for severity in ("P0", "P1"):
        quiet = [one for one in seen.standings if one.detector.severity == severity and one.state in _QUIET]
        titled.append((severity, quiet))
    groups = [
        Group(f"{title}{', more' if number else ''}", tuple(part))
        for title, some in titled
        for number, part in enumerate(_parted(_line(one, seen) for one in some))
    ]
    own = dict.fromkeys(_own(one, bound) for one in seen.standings for bound in one.bounds if bound.own)
    own |= dict.fromkeys(f"{bound.words}, on cards" for bound in seen.cards)
    where = f"Set by your team, in {seen.path}" if seen.path else "Set by your team"
    none = "nothing: all figures are the built-in ones (AIKEYS_THRESHOLDS names a file of your own)"
    groups.append(Group(where, tuple(Line("", words) for words in own), none))
    wrong = _late(seen)
    return Report(
        verdict=_verdict(seen, odd),
        level=max(level(wrong), *(_level(one) or Level.OK for one in seen.standings)),
        target=seen.target,
        again="detectors",
        wrong=wrong,
        groups=tuple(groups),
        small=("/aikeys detectors NAME tells one, with the reason of each figure", _cost(seen.look_every)),
        also=(("Health", "health"), ("Incidents", "incident list")),
    )


def _own(one: Standing, bound: Bound) -> str:
    """A threshold has one name for all; how patient a detector is is its own."""
    return bound.words if bound.why else f"{one.detector.id}: {bound.words}"


def _cost(look_every: float) -> str:
    """What the quickest question costs."""
    every = look_every / EACH
    calls = round(_MONTH / every, -3)
    said = f"The wallet's /health is called every {every:g} s, which is {calls:,.0f} calls of a function a month"
    return f"{said}; docs/detectors.md has the rest."


def _verdict(seen: Seen, odd: Sequence[Standing]) -> str:
    number = count(len(seen.standings), "detector")
    if seen.looked_at is None:
        return f"{number}, and no look has been made yet"
    by: dict[State, int] = {}
    for one in odd:
        by[one.state] = by.get(one.state, 0) + 1
    said = listing([f"{many} {state}" for state, many in by.items()], 8)
    return f"{number}: {said}" if said else f"{number}, and all is quiet"


def _late(seen: Seen) -> tuple[Wrong, ...]:
    if seen.looked_at is None:
        return (Wrong(Level.UNKNOWN, "I have not looked since I started.", "Ask again in a minute."),)
    late = (seen.at - seen.looked_at).total_seconds()
    if late <= 3 * seen.look_every:
        return ()
    what = f"My last look was {ago(late)} ago: what stands here is as old."
    return (Wrong(Level.UNKNOWN, what, "Is Supabase slow, or my machine? aikeys doctor looks from its shell."),)


def _line(one: Standing, seen: Seen) -> Line:
    """One detector in a line; the moment stands at its end."""
    is_ = one.detector
    severity = "" if one.state in _QUIET else f"{is_.severity} "
    figures = "".join(f"{', ' if number else '; '}{bound.words}" for number, bound in enumerate(one.bounds))
    why = f": {one.why[:1].lower()}{one.why[1:].rstrip('.')}" if one.why else ""
    number = f", incident {one.incident}" if one.incident is not None else ""
    since = "" if one.since is None else ", since" if why or number else " since"
    says = f"{severity}{is_.title}, {cadence(is_, seen.look_every)}{figures}; {one.state}{why}{number}{since}"
    return Line(is_.id, says, _level(one), one.since)


def _level(one: Standing) -> Level | None:
    if one.state == "firing" and one.detector.severity == "P0":
        return Level.DOWN
    return Level.OK if one.state == "ok" else _BAD.get(one.state)


def _parted(lines: Iterable[Line]) -> list[list[Line]]:
    """As many groups as they need: none of it is cut off."""
    parts: list[list[Line]] = []
    room = 0
    for one in lines:
        size = len(one.name) + len(one.says) + 60
        if size > room:
            parts.append([])
            room = _ROOM
        parts[-1].append(one)
        room -= size
    return parts


def _one(seen: Seen, one: Standing) -> Report:
    is_ = one.detector
    reason = inspect.cleandoc(is_.see.__doc__ or "").split("\n\n")[0].replace("\n", " ")
    causes = [other.detector.title for other in seen.standings if other.detector.id in is_.inhibited_by]
    lines = [
        Line("Severity:", f"{is_.severity}, {'by' if is_.runbook else ''} “{is_.runbook}” of the runbook"),
        Line("It sees:", reason),
        Line("Looked for:", cadence(is_, seen.look_every)),
        Line("It pages:", patience(is_)),
        Line("Explained by:", f"{listing(causes, 8)}: while one of them is open this is a symptom of it" if causes else
             "nothing: it is always a message of its own"),
    ]  # fmt: skip
    figures = tuple(Line(bound.name, f"{bound.words.partition(' ')[2]}. {bound.why}".strip()) for bound in one.bounds)
    now = Line(
        "Now:",
        " ".join(said for said in (f"{one.state}.", one.why, "Since" if one.since else "") if said),
        at=one.since,
    )
    wrong = _late(seen)
    also = [("All detectors", "detectors")]
    if one.incident is not None:
        also.insert(0, ("Its incident", f"incident show {one.incident}"))
    return Report(
        verdict=f"{is_.title}: {one.state}",
        level=max(level(wrong), _level(one) or Level.OK),
        target=seen.target,
        again=f"detectors {is_.id}",
        wrong=wrong,
        groups=(
            Group("What it is", (now, *lines)),
            Group("By which figures", figures, "none: it is there, or it is not"),
        ),
        small=(
            "A team sets its own in the file that AIKEYS_THRESHOLDS names; alarms and cards go by the same",
            "aikeys replay tells what would have been posted by others",
        ),
        also=tuple(also),
    )
