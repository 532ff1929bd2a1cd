"""What is thought of one edge function: everything about it. Pure."""

from collections.abc import Mapping

from bot.clients.errors import Failure
from bot.clients.supabase import Function
from bot.deploys.record import Deployed
from bot.grammar.refusing import nearest
from bot.health.answers import FunctionsSeen
from bot.health.expected import FUNCTIONS, HEALTH
from bot.health.judgement import Level
from bot.health.words import milliseconds, plain
from bot.questions import figures
from bot.questions.functions import ByFunction, Seen, Usage
from bot.questions.judging_functions import (
    CALLED,
    NO_PROOF,
    explained,
    is_listed,
    is_moved,
    listing,
    named,
    opinion_of,
    unasked,
    without_me,
)
from bot.questions.saying import level, told, waiting, worst_first, wrongs
from bot.report import Group, Line, Report

_UNITS = "Memory and CPU are figures of Supabase's dashboard, which documents no units: MB and ms, as far as is known."
_EXPECTED = {each.slug: each for each in FUNCTIONS}


def judge(seen: Seen, name: str) -> Report:
    """Everything about *name*, or that there is none and what was probably meant."""
    listed = listing(seen)
    function = listed.get(name)
    if is_listed(seen) and function is None:
        return _nobody(seen, name, list(listed))
    opinion = opinion_of(seen)
    hour = seen.hour.get(function.id) if function and isinstance(seen.hour, Mapping) else None
    about = [each for each in opinion.findings if _concerns(each.what, name)]
    wrong = worst_first(
        *wrongs(about),
        *(figures.wrong(name, hour, seen.limits) if hour and name not in explained(opinion) else ()),
        *([without_me(function, seen.last[name])] if function and is_moved(name, function, seen) else ()),
        *unasked(seen, opinion, [field for field in CALLED if field != "wallet" or name == HEALTH]),
    )
    small = waiting(seen, CALLED)
    detail = next((each for each in opinion.details if each.name == plain(name, 60)), None)
    return Report(
        verdict=_verdict(seen, name, function, detail.says if detail else ""),
        level=level(wrong, small),
        target=seen.target,
        again=f"functions {name}",
        wrong=wrong,
        groups=(
            Group("What is live", _live(name, function, seen)),
            Group("Who put it there", _deployed(seen.last.get(name), function, seen)),
            Group("Calls", _calls(function, seen)),
            Group("Memory and CPU in the last hour", _usage(seen.usage)),
        ),
        small=(*small, NO_PROOF, _UNITS),
        also=_also(seen, name),
    )


def _nobody(seen: Seen, name: str, slugs: list[str]) -> Report:
    near = nearest(name, slugs)
    last = seen.last.get(name)
    gone = (Line("It was there:", "put live through me", at=last.at, by=last.by),) if last else ()
    return Report(
        verdict=f"There is no function {name}" + (f": did you mean {near}?" if near else ""),
        level=Level.DEGRADED if last else Level.UNKNOWN,
        target=seen.target,
        again=f"functions {name}",
        groups=(
            *((Group("It was deleted without me", gone),) if gone else ()),
            Group("There are", tuple(Line(slug) for slug in sorted(slugs)), "none at all"),
        ),
        also=((f"functions {near}", f"functions {near}"),) if near else (),
    )


def _concerns(what: str, name: str) -> bool:
    """Findings about other functions are theirs; those about nobody concern all."""
    return name in named(what) or not named(what)


def _verdict(seen: Seen, name: str, function: Function | None, says: str) -> str:
    if function is not None:
        return f"{name}: {says}" if says else name
    return f"{name}: asking…" if seen.functions is None else f"{name}: not known whether it is there"


def _live(name: str, function: Function | None, seen: Seen) -> tuple[Line, ...]:
    probe = Line("Probe:", _probe(name, seen))
    if function is None:
        return (Line("Version:", "no answer yet" if seen.functions is None else "not known"), probe)
    expected = _EXPECTED.get(function.slug)
    jwt = {True: "on", False: "off", None: "not told"}[function.verify_jwt]
    asked = (
        "nothing is declared for it" if expected is None else f"it should be {'on' if expected.verify_jwt else 'off'}"
    )
    if expected is not None and function.verify_jwt is expected.verify_jwt:
        asked = "as it should be"
    flipped = expected is not None and function.verify_jwt not in (None, expected.verify_jwt)
    return (
        Line("Version:", str(function.version)),
        Line("Status:", f"{function.status}, which proves nothing about calling it"),
        Line("verify_jwt", f"{jwt}: {asked}", Level.DEGRADED if flipped else None),
        Line("Code:", f"sha256 begins {function.ezbr_sha256[:8]}" if function.ezbr_sha256 else "sha256 not told"),
        probe,
    )


def _probe(slug: str, seen: Seen) -> str:
    if slug == HEALTH:
        return told(seen.wallet, lambda health: f"answers in {milliseconds(health.seconds * 1000)}")
    expected = _EXPECTED.get(slug)
    if expected is None or expected.probe is None:
        return "none is declared: calling it may do what it is for"
    pulse = seen.functions.pulses.get(slug) if isinstance(seen.functions, FunctionsSeen) else seen.functions
    return told(pulse, lambda one: f"answers {one.status} in {milliseconds(one.seconds * 1000)}")


def _deployed(last: Deployed | None, function: Function | None, seen: Seen) -> tuple[Line, ...]:
    since = function.at if function else None
    live = Line("Live since:", "" if since else "not known", at=since)
    if last is None:
        return (live, Line("By whom:", "not through me, so not known"))
    says = f"version {'not known' if last.version is None else last.version}"
    mine = [
        Line("My last:", says, Level.OK if last.ok else Level.DEGRADED, last.at, last.by),
        Line("Approved:", by=last.approved_by or "nobody"),
        Line("From commit:", last.commit[:10] or "none: the saved code of an earlier version"),
    ]
    if function is not None and is_moved(function.slug, function, seen):
        return (live, Line("By whom:", "changed without me since, so not known", Level.DEGRADED), *mine)
    return (live, *mine)


def _calls(function: Function | None, seen: Seen) -> tuple[Line, ...]:
    if function is None:
        return (Line("Last hour:", "not known"),)
    return (*_figures("Last hour:", function, seen.hour), *_figures("Last 24 h:", function, seen.day))


def _figures(title: str, function: Function, answer: ByFunction | Failure | None) -> list[Line]:
    lines = [Line(title, told(answer, lambda found: figures.said(found.get(function.id))))]
    found = answer.get(function.id) if isinstance(answer, Mapping) else None
    if found:
        timeouts, limits, refused = (number or "none" for number in (found.timeouts, found.limits, found.refused))
        says = f"{timeouts} ran out of time (504), {limits} ran out of memory or CPU (546), {refused} refused (4xx)"
        lines.append(Line("Of these:", says))
    return lines


def _usage(answer: Usage | Failure | None) -> tuple[Line, ...]:
    if not isinstance(answer, Usage):
        return (Line("Memory and CPU:", told(answer, lambda _: "")),)
    memory = "not told" if answer.memory is None else f"{answer.memory:.0f} MB on average; a call may use 256 MB"
    cpu = "not told" if answer.cpu is None else f"{milliseconds(answer.cpu)} on average"
    most = "" if answer.most_cpu is None else f", {milliseconds(answer.most_cpu)} at most; a call may use 2 s"
    return (Line("Memory:", memory), Line("CPU:", cpu + most))


def _also(seen: Seen, name: str) -> tuple[tuple[str, str], ...]:
    found = [("All functions", "functions"), ("Its deploys", f"deploys {name}")]
    if "logs" in seen.commands:
        found.append(("Its console", f"logs functions --function {name}"))
    return tuple(found)
