"""What is thought of the edge functions: one line each. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.clients.errors import Failure
from bot.clients.supabase import Function
from bot.deploys.record import Deployed, foreign
from bot.health.answers import Answers, FunctionsSeen
from bot.health.judgement import Detail, Level, Opinion
from bot.health.judges import functions as health
from bot.health.words import count, plain
from bot.questions import figures
from bot.questions.functions import Seen
from bot.questions.paged import told_open
from bot.questions.saying import level, not_known, waiting, worst_first, wrongs
from bot.report import Group, Line, Report, Wrong

CALLED = {
    "functions": "the list of functions",
    "wallet": "whether health answers",
    "hour": "calls of the last hour",
    "day": "calls of the last 24 hours",
    "usage": "memory and CPU",
}
_OVERVIEW = {name: CALLED[name] for name in ("functions", "wallet", "hour")}
_NAMED = re.compile(r"\bfunction ([A-Za-z0-9_-]+)")
NO_PROOF = "A function without calls is not proven well: log rows come late, or not at all."
_OWN = "Calls are those of the last hour; the bot's own looks at health are among them."


def judge(seen: Seen) -> Report:
    """All of them."""
    opinion = opinion_of(seen)
    listed = listing(seen)
    by_name = {plain(slug, 60): function for slug, function in listed.items()}
    down = explained(opinion)
    found = [
        *wrongs(opinion.findings),
        *(each for slug, function in listed.items() if slug not in down for each in _wrong(function, seen)),
        *(without_me(function, seen.last[slug]) for slug, function in listed.items() if is_moved(slug, function, seen)),
    ]
    wrong = worst_first(*told_open(found, seen.paged), *unasked(seen, opinion, _OVERVIEW))
    lines = tuple(_line(detail, by_name.get(detail.name), seen) for detail in opinion.details) or _remembered(seen)
    small = waiting(seen, _OVERVIEW)
    return Report(
        verdict=_verdict(seen, opinion, wrong),
        level=level(wrong, small),
        target=seen.target,
        again="functions",
        wrong=wrong,
        groups=(Group("One by one", lines, "not known"),),
        small=(*small, _OWN, NO_PROOF),
        also=(("Deploys", "deploys"), ("Health of functions", "health functions")),
    )


def opinion_of(seen: Seen) -> Opinion:
    """What the judge of health thinks of the list and the probes."""
    return health.judge(_answers(seen))


def unasked(seen: Seen, opinion: Opinion, fields: Iterable[str]) -> tuple[Wrong, ...]:
    """For each reason why *fields* are not known, unless the opinion gives it already: what it costs, what to do."""
    said = tuple(finding.what for finding in opinion.findings)
    return not_known(
        (cost, failure)
        for cost, failure in _failures(seen, fields)
        if not any(what.startswith(failure.what) for what in said)
    )


def _failures(seen: Seen, fields: Iterable[str]) -> Iterator[tuple[str, Failure]]:
    for field in fields:
        answer = getattr(seen, field)
        if isinstance(answer, Failure):
            yield CALLED[field], answer
    if isinstance(seen.functions, FunctionsSeen):
        if isinstance(seen.functions.listed, Failure):
            yield CALLED["functions"], seen.functions.listed
        for slug, pulse in seen.functions.pulses.items():
            if isinstance(pulse, Failure) and seen.name in {None, slug}:
                yield f"whether {slug} answers", pulse


def named(what: str) -> list[str]:
    """The functions that a sentence is about."""
    return _NAMED.findall(what)


def explained(opinion: Opinion) -> set[str]:
    """Functions that are known to be down: why their calls fail needs no second sentence."""
    return {slug for one in opinion.findings if one.level is Level.DOWN for slug in named(one.what)}


def listing(seen: Seen) -> dict[str, Function]:
    """The functions by slug; empty where the list is not known."""
    if not isinstance(seen.functions, FunctionsSeen) or isinstance(seen.functions.listed, Failure):
        return {}
    return {function.slug: function for function in seen.functions.listed}


def is_listed(seen: Seen) -> bool:
    """Whether the list is known, be it empty."""
    return isinstance(seen.functions, FunctionsSeen) and not isinstance(seen.functions.listed, Failure)


def is_moved(slug: str, function: Function, seen: Seen) -> bool:
    """Whether it was changed without the bot since our last record of it."""
    last = seen.last.get(slug)
    return last is not None and bool(foreign(last, function))


def without_me(function: Function, last: Deployed) -> Wrong:
    """The sentence for that."""
    what = f"The function {function.slug} was changed without me: {foreign(last, function)}."
    return Wrong(Level.DEGRADED, what, "Ask who did it. To put the code of the repository live again, deploy it.")


def _answers(seen: Seen) -> Answers:
    return Answers(functions=seen.functions, wallet=seen.wallet, limits=seen.limits)


def _wrong(function: Function, seen: Seen) -> list[Wrong]:
    found = seen.hour.get(function.id) if isinstance(seen.hour, Mapping) else None
    return figures.wrong(function.slug, found, seen.limits) if found else []


def _line(detail: Detail, function: Function | None, seen: Seen) -> Line:
    if function is None:
        return Line(detail.name, detail.says, detail.level)
    says = detail.says
    if isinstance(seen.hour, Mapping):
        says += f"; {figures.said(seen.hour.get(function.id))}"
    last, worst = seen.last.get(function.slug), detail.level
    if _wrong(function, seen):
        worst = max(worst, Level.DEGRADED)
    if is_moved(function.slug, function, seen):
        return Line(function.slug, f"{says}; changed without me", max(worst, Level.DEGRADED), at=function.at)
    source = f" from {last.commit[:10]}" if last and last.commit else ""
    return Line(function.slug, f"{says}; put live{source}", worst, at=function.at, by=last.by if last else "")


def _remembered(seen: Seen) -> tuple[Line, ...]:
    """What is known where the list is not: our own record."""
    if seen.functions is None:
        return ()
    return tuple(
        Line(one.function, f"{_version(one)} put live through me", at=one.at, by=one.by) for one in seen.last.values()
    )


def _version(one: Deployed) -> str:
    return "an unknown version" if one.version is None else f"version {one.version}"


def _verdict(seen: Seen, opinion: Opinion, wrong: tuple[Wrong, ...]) -> str:
    if seen.functions is None:
        return "Asking about the functions…"
    bad = [one for one in wrong if one.level >= Level.DEGRADED]
    if bad:
        return f"Functions: {count(len(bad), 'thing')} wrong, {opinion.says}"
    return f"Functions: {opinion.says}"
