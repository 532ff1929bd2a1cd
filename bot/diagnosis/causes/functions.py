"""One function: not there, not invokable, at its limits, just deployed and worse, or failing."""

from bot.clients.errors import FunctionRefused, NotReached, NotThere, OutOfResources
from bot.clients.wallet import Health
from bot.deploys.record import foreign
from bot.diagnosis.cause import Cause, Step
from bot.diagnosis.causes.function_facts import (
    FEW,
    age,
    calls_button,
    changed,
    complaints,
    deploy,
    failed,
    figures,
    others_answer,
    read_logs,
    recent_deploy,
    refusal,
    roll_back,
    share_failed,
    way_back,
)
from bot.diagnosis.evidence import Seen
from bot.diagnosis.thresholds import RECENT
from bot.health.expected import FUNCTIONS, HEALTH, SECRETS, WEBHOOK, WEBHOOK_SECRET
from bot.health.judgement import Level
from bot.health.judges.database import Seen as Sees
from bot.health.judges.database import supabase_sees, wallet_sees
from bot.health.words import ago, listing, plain

_LIMITS = {504: "sent nothing for too long (504)", 546: "used up memory or CPU time (546)"}


def missing(seen: Seen) -> Cause | None:
    """Not in the list."""
    if seen.listed is None or seen.function is not None:
        return None
    near = listing([plain(one.slug) for one in seen.listed], 8)
    what = f"The function {seen.name} is not deployed."
    return Cause(94, Level.DOWN, what, (f"Supabase lists: {near}.",), (deploy(seen),))


def not_active(seen: Seen) -> Cause | None:
    """THROTTLED and REMOVED: calls are refused by the platform."""
    if seen.function is None or seen.function.status == "ACTIVE":
        return None
    state = seen.function.status
    evidence = [f"Supabase lists {seen.name} as {plain(state)}."]
    if failure := refusal(seen):
        evidence.append(failure.what)
    steps: tuple[Step, ...]
    if state == "THROTTLED":
        steps = (
            Step("Look at its invocations and at the plan's limits in the dashboard.", calls_button(seen)),
            read_logs(seen),
        )
        what = f"Supabase throttles the function {seen.name}: its calls are refused."
    else:
        steps = (deploy(seen), read_logs(seen))
        what = f"The function {seen.name} is {plain(state).lower()}: its calls are refused."
    return Cause(93, Level.DOWN, what, (*evidence, *failed(seen)), steps)


def cut_off(seen: Seen) -> Cause | None:
    """verify_jwt on where callers send no JWT: a deploy without the flag does that."""
    expected = next((one for one in FUNCTIONS if one.slug == seen.name), None)
    failure = refusal(seen)
    refused = isinstance(failure, FunctionRefused) and failure.code.startswith("UNAUTHORIZED")
    listed = seen.function.verify_jwt if seen.function else None
    if not refused and (expected is None or listed is None or listed is expected.verify_jwt):
        return None
    evidence = [failure.what] if refused and failure else []
    if listed is not None:
        evidence.append(f"Supabase lists verify_jwt {'on' if listed else 'off'}.")
    if not refused and not listed:
        what = f"verify_jwt of {seen.name} is off, where it should be on: anybody may call it."
        return Cause(58, Level.DEGRADED, what, tuple(evidence), (deploy(seen),))
    whom = "Circle sends no JWT and is refused" if seen.name == WEBHOOK else "its callers send none and are refused"
    what = f"verify_jwt of {seen.name} is on: {whom}."
    return Cause(
        92, Level.DOWN, what, (*evidence, *changed(seen)), (deploy(seen, "with verify_jwt off"),), way_back(seen)
    )


def not_through(seen: Seen) -> Cause | None:
    """The probe did not get through to the function's own code."""
    failure = refusal(seen)
    if failure is None or (isinstance(failure, FunctionRefused) and failure.code.startswith("UNAUTHORIZED")):
        return None
    if seen.function is not None and seen.function.status != "ACTIVE":
        return None  # said already, with its reason
    if isinstance(failure, NotReached) and not others_answer(seen):
        return None  # not the function's fault, as far as can be told
    weight = 80 if isinstance(failure, NotReached) else 91
    code = failure.code if isinstance(failure, FunctionRefused) else ""
    steps: tuple[Step, ...] = (read_logs(seen), roll_back(seen))
    if code.startswith("NOT_FOUND") or isinstance(failure, NotThere):
        what, steps = f"The function {seen.name} is listed, but cannot be invoked.", (deploy(seen), read_logs(seen))
    elif (
        (code.startswith("WORKER_") and "LIMIT" in code)
        or code == "IDLE_TIMEOUT"
        or isinstance(failure, OutOfResources)
    ):
        what = f"The function {seen.name} hits its limits: 256 MB, 2 s of CPU, 150 s without a word."
        steps = (read_logs(seen), Step("What does it load, loop over or wait for?"))
    elif code == "BOOT_ERROR":
        what = f"The function {seen.name} does not start."
    else:
        what = f"The function {seen.name} does not answer as it should."
    return Cause(weight, Level.DOWN, what, (failure.what, *changed(seen), *failed(seen)), steps, way_back(seen))


def deployed_and_worse(seen: Seen) -> Cause | None:
    """It goes badly since somebody put something live."""
    last = recent_deploy(seen)
    failing = share_failed(seen) > seen.limits.function_failed_rate
    if last is None or not (last.worse or failing):
        return None
    if _database_away(seen):
        return None  # every function fails then, whatever its code: no reason to take a deploy back
    judged = ("Three minutes after it, it was judged worse than the hour before.",) if last.worse else ()
    what = f"{seen.name} was deployed {ago(age(seen, last))} ago, and it goes worse since."
    return Cause(
        90 if last.worse and failing else 87,
        Level.DEGRADED,
        what,
        (*changed(seen), *judged, *failed(seen), *complaints(seen)),
        (roll_back(seen), read_logs(seen)),
        last.operation,
    )


def _database_away(seen: Seen) -> bool:
    """Of health's own deploy the wallet's word alone is no proof: health says it."""
    wallet = seen.name != HEALTH and wallet_sees(seen.answers) is Sees.DOWN
    return wallet or supabase_sees(seen.answers) is Sees.DOWN


def changed_elsewhere(seen: Seen) -> Cause | None:
    """It goes badly, and somebody changed it without the bot, which changes nothing itself now."""
    function, last = seen.function, recent_deploy(seen)
    if (
        function is None
        or function.at is None
        or share_failed(seen) <= seen.limits.function_failed_rate
        or seen.under_way
    ):
        return None
    if last is not None and (last.version is None or not foreign(last, function)):
        return None
    since = (seen.at - function.at).total_seconds()
    if not 0 <= since < RECENT:
        return None
    what = f"{seen.name} was changed without me {ago(since)} ago, and its calls fail."
    who = Step("Ask who deployed it, and from which commit.", ("Deploys", f"deploys {seen.name}"))
    evidence = (f"Version {function.version} is live.", *changed(seen), *failed(seen))
    return Cause(88, Level.DEGRADED, what, evidence, (who, roll_back(seen)))


def limits(seen: Seen) -> Cause | None:
    """It answers our probe, and some of its calls die at the platform's limits."""
    hit = {status: number for status, number in seen.outcomes().items() if status in _LIMITS}
    if sum(hit.values()) < FEW:
        return None
    evidence = tuple(f"{number} calls {_LIMITS[status]} in the last hour." for status, number in hit.items())
    what = f"Some calls of {seen.name} hit the platform's limits."
    steps = (read_logs(seen), figures(seen), Step("What does it load, loop over or wait for?"))
    return Cause(70, Level.DEGRADED, what, evidence, steps)


def failing(seen: Seen) -> Cause | None:
    """Its own code fails."""
    if share_failed(seen) <= seen.limits.function_failed_rate:
        return None
    what = f"Calls of {seen.name} fail."
    evidence = (*failed(seen), *complaints(seen))
    return Cause(52, Level.DEGRADED, what, evidence, (read_logs(seen), deploy(seen)), bare=True)


def secret_missing(seen: Seen) -> Cause | None:
    """Not in the list, or not seen by the running function. The webhook's own has a rule of its own."""
    names = seen.answers.secrets
    sees = seen.wallet.report.secrets if isinstance(seen.wallet, Health) else {}
    gone = [one for one in SECRETS if isinstance(names, frozenset) and one not in names]
    unseen = [one for one in SECRETS if sees.get(one) is False and one not in gone]
    if seen.name == WEBHOOK:
        gone, unseen = ([one for one in some if one != WEBHOOK_SECRET] for some in (gone, unseen))
    if not gone and not unseen:
        return None
    evidence = [f"{one} is not in Supabase's list." for one in gone]
    evidence += [f"{one} is set, and the running function health does not see it." for one in unseen]
    what = f"{listing([*gone, *unseen])} {'is' if len(gone + unseen) == 1 else 'are'} missing: what needs it fails."
    see = Step("See which secrets are there, how old they are, and who set them.", ("Secrets", "secrets"))
    mend = Step("Functions keep what they have read until they restart.", type="deploy health --again")
    if gone:
        mend = Step("Set it again; a second person approves.", type=f"rotate {gone[0]} --new")
    weight = 55 if seen.name == WEBHOOK else 74  # receiving needs no other; what follows from it may
    return Cause(weight, Level.DEGRADED, what, tuple(evidence), (see, mend))


RULES = (
    missing,
    not_active,
    cut_off,
    not_through,
    deployed_and_worse,
    changed_elsewhere,
    limits,
    failing,
    secret_missing,
)
