"""Edge functions: listed as they should be, and answering where a harmless probe is declared."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from bot.clients.errors import Failure, FunctionRefused, NotReached, NotThere, OutOfResources, Paused, ServerFailed
from bot.clients.supabase import Function
from bot.clients.wallet import Health, Pulse
from bot.health.answers import Answers, FunctionsSeen, ProjectSeen
from bot.health.expected import FUNCTIONS, HEALTH, WEBHOOK, ExpectedFunction
from bot.health.judgement import Detail, Finding, Level, Opinion, Topic, opinion, waiting
from bot.health.judges import database
from bot.health.words import listing, plain

# How a function was proven alive, or not: its own status that its probe does not expect is a Pulse.
Proof = Literal["invoked"] | Pulse | Failure
_STATUS = {"ACTIVE": "active", "THROTTLED": "throttled", "REMOVED": "removed"}


def judge(answers: Answers) -> Opinion:
    """Judge the list, then what the probes found: ACTIVE in the list proves nothing about invoking it."""
    seen = answers.functions
    if seen is None:
        return waiting(Topic.FUNCTIONS)
    if isinstance(seen, Failure):
        return opinion(Topic.FUNCTIONS, "not known", at_least=Level.UNKNOWN)
    proofs = _proofs(seen, answers)
    if isinstance(seen.listed, Failure):
        findings = [finding for slug in proofs if (finding := _invoked(slug, proofs))]
        alive = [slug for slug, proof in proofs.items() if proof == "invoked"]
        says = (
            f"list not known; {listing(alive)} {'answers' if len(alive) == 1 else 'answer'}" if alive else "not known"
        )
        return opinion(Topic.FUNCTIONS, says, *findings, at_least=Level.UNKNOWN)
    judged = _listed({plain(function.slug, 60): function for function in seen.listed}, proofs)
    lacking = _lacking(answers, proofs)
    return _without(judged, lacking) if lacking else judged


def _lacking(answers: Answers, proofs: Mapping[str, Proof]) -> str:
    """What fails whatever the list and the probes say: probes need no database, and what functions are for does."""
    if any(isinstance(proof, Paused) for proof in proofs.values()):
        return "nothing runs of a paused project"
    if database.judge(answers).level is Level.DOWN:
        return "what needs the database fails"
    full = isinstance(answers.project, ProjectSeen) and answers.project.read_only
    return "what writes to the database fails" if full else ""


def _without(judged: Opinion, lacking: str) -> Opinion:
    details = tuple(replace(one, level=max(one.level, Level.UNKNOWN)) for one in judged.details)
    says = f"{judged.says}; {lacking}"
    return replace(judged, level=max(judged.level, Level.DEGRADED), says=says, details=details)


def _proofs(seen: FunctionsSeen, answers: Answers) -> dict[str, Proof]:
    """By slug: how it was proven alive, or why not. Functions without a probe are not in it."""
    proofs: dict[str, Proof] = {}
    for expected in FUNCTIONS:
        match seen.pulses.get(expected.slug):
            case Pulse(status) if expected.probe and status in expected.probe.alive:
                proofs[expected.slug] = "invoked"
            case Pulse() as strange:
                proofs[expected.slug] = strange
            case Failure() as failure:
                proofs[expected.slug] = failure
    match answers.wallet:
        case Health():
            proofs[HEALTH] = "invoked"
        case Failure() as failure:
            proofs[HEALTH] = failure
    return proofs


def _listed(listed: Mapping[str, Function], proofs: Mapping[str, Proof]) -> Opinion:
    expected = {each.slug: each for each in FUNCTIONS}
    findings: list[Finding] = []
    details: list[Detail] = []
    for slug in [*expected, *sorted(set(listed) - set(expected))]:
        function, proof = listed.get(slug), proofs.get(slug)
        wrong = _wrong(slug, function, expected.get(slug), proofs)
        if function is None and wrong is None:
            continue  # one that this project may or may not have
        findings += [wrong] if wrong else []
        details.append(_detail(slug, function, wrong, proof))
    alive = sum(1 for proof in proofs.values() if not isinstance(proof, Failure))
    silent = len(proofs) - alive
    says = f"{len(listed)} listed, {alive or 'none'} invoked"
    says += f", {silent} failed to answer" if silent else ""
    says += f", {len(listed) - len(proofs)} not probed" if len(listed) > len(proofs) else ""
    unproven = any(detail.level is Level.UNKNOWN for detail in details)
    at_least = Level.UNKNOWN if unproven else Level.OK
    return opinion(Topic.FUNCTIONS, says, *findings, details=tuple(details), at_least=at_least)


def _wrong(
    slug: str, function: Function | None, expected: ExpectedFunction | None, proofs: Mapping[str, Proof]
) -> Finding | None:
    """The worst thing about one function, or None."""
    if function is None:
        if expected is None or not expected.needed:
            return None
        return _finding(Level.DOWN, f"Function {slug} missing", f"The function {slug} is not deployed.", "Deploy it.")
    if finding := _invoked(slug, proofs):
        return finding
    if function.status != "ACTIVE":
        return _not_active(slug, function.status, needed=expected is not None and expected.needed)
    if expected and function.verify_jwt is not None and function.verify_jwt is not expected.verify_jwt:
        return _flipped(slug, expected)
    return None


def _invoked(slug: str, proofs: Mapping[str, Proof]) -> Finding | None:
    others_alive = any(not isinstance(proof, Failure) for proof in proofs.values())
    match proof := proofs.get(slug):
        case Pulse(status):
            what = f"The function {slug} answers {status}, where its probe expects another status."
            do = "Look at its last deploy: its code has changed."
            return _finding(Level.DEGRADED, f"function {slug} answers strangely", what, do)
        case FunctionRefused(code=code) if code.startswith("UNAUTHORIZED"):
            if slug == WEBHOOK:
                what = f"{proof.what} Circle sends none, so every webhook is refused."
                return _finding(Level.DOWN, "Circle is cut off", what, proof.do)
            return _finding(Level.DEGRADED, f"function {slug} asks for a JWT", proof.what, proof.do)
        case ServerFailed() | OutOfResources():
            return _finding(Level.DOWN, f"Function {slug} fails", proof.what, proof.do)
        case FunctionRefused() | NotThere():
            return _finding(Level.DOWN, f"Function {slug} not invokable", proof.what, proof.do)
        case NotReached() if others_alive:
            what = f"{proof.what} That was the function {slug}; others answer."
            return _finding(
                Level.DOWN, f"Function {slug} does not answer", what, "Look at its logs and its last deploy."
            )
        case _:
            return None  # it was not reached, or not asked: judges.silence says why


def _not_active(slug: str, status: str, *, needed: bool) -> Finding:
    word = _STATUS.get(status, plain(status).replace("_", " ").lower())
    level = Level.DEGRADED if status in _STATUS else Level.UNKNOWN
    if needed and status in {"THROTTLED", "REMOVED"}:
        level = Level.DOWN
    do = {
        "THROTTLED": "Look at its invocations and at the plan's limits.",
        "REMOVED": "Deploy it again.",
    }.get(status, "Look at it in the dashboard.")
    return _finding(level, f"Function {slug} {word}", f"Supabase lists the function {slug} as {word}.", do)


def _flipped(slug: str, expected: ExpectedFunction) -> Finding:
    now, should = ("on", "off") if not expected.verify_jwt else ("off", "on")
    what = f"The function {slug} has verify_jwt {now}; it must be {should}."
    do = f"Deploy it again with verify_jwt {should}."
    if slug == WEBHOOK:
        return _finding(Level.DOWN, "Circle is cut off", f"{what} Circle sends no JWT and is refused.", do)
    return _finding(Level.DEGRADED, f"function {slug} has verify_jwt {now}", what, do)


def _detail(slug: str, function: Function | None, wrong: Finding | None, proof: Proof | None) -> Detail:
    if function is None:
        return Detail(Level.DOWN, slug, "not deployed")
    jwt = {True: "verify_jwt on", False: "verify_jwt off", None: "verify_jwt not told"}[function.verify_jwt]
    status = _STATUS.get(function.status, function.status[:40])
    match proof:
        case "invoked":
            probed = "invoked"
        case Pulse(answered):
            probed = f"answers {answered}"
        case Failure():
            probed = "not reached"
        case _:
            probed = "not probed"
    level = wrong.level if wrong else Level.UNKNOWN if isinstance(proof, Failure) else Level.OK
    return Detail(level, slug, f"{status}, {probed}, version {function.version}, {jwt}")


def _finding(level: Level, title: str, what: str, do: str) -> Finding:
    return Finding(Topic.FUNCTIONS, level, title, what, do)
