"""The project and Supabase itself."""

from dataclasses import replace

from bot.clients.errors import STATUS_PAGE, Paused
from bot.clients.status_page import Said
from bot.diagnosis.cause import Cause, Step
from bot.diagnosis.evidence import Seen
from bot.health.judgement import Level
from bot.health.judges import database, services
from bot.health.judges.database import Seen as Sees

SUPPORT = Step("If the fault is Supabase's, write to their support with the project's ref and the times.")
_GRAVE = {"major", "critical"}


def paused(seen: Seen) -> Cause | None:
    """Nothing runs of a project that is paused, restoring, or going away."""
    told = [failure.what for failure in seen.failures() if isinstance(failure, Paused)][:1]
    found = services.judge(replace(seen.answers, services=())).findings
    away = next((one for one in found if one.level is Level.DOWN and one.title.startswith("Project ")), None)
    if away is None and not told:
        return None
    state = away.title.removeprefix("Project ") if away else "paused"
    evidence = (*([away.what] if away else []), *told)
    restore = Step("Open its dashboard; if nobody did that on purpose, restore it there. It takes minutes.")
    return Cause(100, Level.DOWN, f"The project is {state}: nothing of it runs.", evidence, (restore, SUPPORT))


def incident(seen: Seen) -> Cause | None:
    """Their status page says so. It explains much where something of theirs fails here, and little otherwise."""
    if not isinstance(seen.status, Said) or seen.status.indicator in {"none", "maintenance"}:
        return None
    grave = seen.status.indicator in _GRAVE
    here = trouble_here(seen)
    weight = (97 if grave else 55) if here else (35 if grave else 20)
    words = seen.status.description[:120] or seen.status.indicator
    evidence = [f"Their status page says: {words} ({seen.status.indicator[:20]}).", *here]
    what = "Supabase has an incident" + (", and it reaches us." if here else "; nothing here shows it yet.")
    first = Step(
        f"Read https://{STATUS_PAGE}: which regions and services? Ours is {seen.target.region or 'not known'}."
    )
    return Cause(weight, Level.DOWN if here and grave else Level.DEGRADED, what, tuple(evidence), (first, SUPPORT))


def trouble_here(seen: Seen) -> tuple[str, ...]:
    """What of Supabase's own fails here."""
    said = []
    if database.supabase_sees(seen.answers) is Sees.DOWN or database.wallet_sees(seen.answers) is Sees.DOWN:
        said.append("The database is down here.")
    unhealthy = seen.services if isinstance(seen.services, tuple) else ()
    said += [f"The service {one.name} is unhealthy." for one in unhealthy if one.status == "UNHEALTHY"][:4]
    return tuple(said)


RULES = (paused, incident)
