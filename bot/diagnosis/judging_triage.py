"""The likeliest cause with its evidence, what else it may be, all that was checked, and the way out. Pure."""

from collections.abc import Sequence

from bot.clients.errors import STATUS_PAGE
from bot.clients.wallet import Health, Pulse
from bot.diagnosis.cause import LIKELY, Cause, Step
from bot.diagnosis.causes import causes
from bot.diagnosis.causes.database import LOGS, LOOK
from bot.diagnosis.causes.function_facts import figures, read_logs
from bot.diagnosis.causes.webhooks import NUMBERS, PROVE, SECRETS
from bot.diagnosis.checks import checks
from bot.diagnosis.evidence import Seen
from bot.health.answers import FunctionsSeen
from bot.health.expected import HEALTH
from bot.health.judgement import Level
from bot.health.words import listing
from bot.questions.paged import told_open
from bot.questions.saying import level, unanswered, waiting
from bot.redaction import redact
from bot.report import Group, Line, Report, Wrong

_MOST_STEPS = 7
_MOST_BUTTONS = 6
_ALL = 100  # of the project itself
_SURE = 85  # from this weight on it explains all by itself
_NAMED = {"webhook": "the webhook", "database": "the database"}
_OWN_LOOK = "Calls of health hold my own look, once a minute."


def judge(seen: Seen) -> Report:
    """The report."""
    found = causes(seen)
    gaps = [one for one in unanswered(seen, seen.called) if not _explained(one, found)]
    small = waiting(seen, seen.called)
    steps = _steps(seen, found)
    looks = () if found or small else _looks(seen)
    doubt = Level.OK if found or small or proven(seen) else Level.UNKNOWN
    paged = [] if found else told_open((), seen.paged)  # a cause that is found says why it pages
    return Report(
        verdict=_verdict(seen, found, gaps, small),
        level=max(level(gaps, small), level(paged), doubt, *(one.level for one in found)),
        target=seen.target,
        again=f"triage {seen.kind}{f' {seen.name}' if seen.kind == 'function' else ''}",
        wrong=() if found else (*paged, *gaps),
        groups=tuple(_evidence(found)),
        steps=tuple(step.words for step in steps),
        below=(Group("Checked", (*checks(seen), *(_gap(one) for one in gaps if found))), *_if_it_fails(looks)),
        small=(*small, _OWN_LOOK if seen.name == HEALTH else "", f"Supabase's own status: https://{STATUS_PAGE}"),
        also=_buttons((*steps, *looks)),
        way_back=found[0].way_back if found else "",
    )


def proven(seen: Seen) -> bool:
    """True if something shows that it works: an answer to a probe, or calls that went well."""
    if seen.kind != "function" or any(status < 500 for status in seen.outcomes()):  # HTTP
        return True
    pulses = seen.functions.pulses if isinstance(seen.functions, FunctionsSeen) else {}
    return isinstance(pulses.get(seen.name), Pulse) or (seen.name == HEALTH and isinstance(seen.wallet, Health))


def _verdict(seen: Seen, found: Sequence[Cause], gaps: Sequence[Wrong], small: Sequence[str]) -> str:
    name = _NAMED.get(seen.kind, f"the function {seen.name}")
    if found:
        return found[0].what.rstrip(".")
    if small:
        return f"Looking for what is wrong with {name}…"
    if seen.paged:
        return f"Nothing found wrong with {name} now, and {listing([one.title for one in seen.paged], 2)} is open"
    if not proven(seen):
        return f"Nothing found wrong with {name}, and nothing proves that it works"
    return f"Nothing found wrong with {name}{', as far as that is known' if gaps else ''}"


def _explained(gap: Wrong, found: Sequence[Cause]) -> bool:
    """True where a cause says the same: what could not be asked is then the symptom. Of a paused project all is."""
    paused = any(cause.weight >= _ALL for cause in found)
    return paused or any(gap.what.startswith(said) for cause in found for said in cause.evidence)


def _evidence(found: Sequence[Cause]) -> list[Group]:
    groups = []
    if found and found[0].evidence:
        title = "Likeliest cause, because" if found[0].weight >= LIKELY else "Perhaps, because"
        groups.append(Group(title, tuple(Line("", one) for one in redact(found[0].evidence[:8]))))
    if found[1:]:
        said = redact([" ".join((one.what, *_new(one, found[0]))) for one in found[1:6]])
        also = tuple(Line("", words, one.level) for words, one in zip(said, found[1:6], strict=True))
        groups.append(Group("Also found", also))
    return groups


def _new(cause: Cause, above: Cause) -> list[str]:
    """Its evidence, without what stands above already."""
    return [one for one in cause.evidence if one not in above.evidence][:2]


def _steps(seen: Seen, found: Sequence[Cause]) -> list[Step]:
    """Those of the likeliest cause, of the next too where that does not explain all; each once.

    No others: what nothing speaks for is no order to somebody in a hurry.
    """
    sure = bool(found) and found[0].weight >= _SURE
    return _known(seen, [step for one in found[: 1 if sure else 2] for step in one.steps])


def _looks(seen: Seen) -> list[Step]:
    """Where the runbook looks next. Changing what nothing speaks against is not among them."""
    runbook: dict[str, tuple[Step, ...]] = {
        "webhook": (PROVE, NUMBERS, read_logs(seen), SECRETS),
        "database": (LOOK, LOGS),
        "function": (read_logs(seen), figures(seen), SECRETS),
    }
    return _known(seen, runbook[seen.kind])


def _known(seen: Seen, steps: Sequence[Step]) -> list[Step]:
    """Each once, without those whose command this bot lacks."""
    known: dict[str, Step] = {}
    for step in steps:
        line = step.type or (step.ask[1] if step.ask else "")
        if not line or line.split()[0] in seen.commands:
            known.setdefault(line or step.text, step)
    return list(known.values())[:_MOST_STEPS]


def _gap(gap: Wrong) -> Line:
    """What could not be asked, where a cause is found: the cause is the news."""
    return Line("", f"{gap.what} {gap.do}".strip(), gap.level)


def _if_it_fails(looks: Sequence[Step]) -> tuple[Group, ...]:
    return (Group("If it still fails where you are", tuple(Line("", one.words) for one in looks)),) if looks else ()


def _buttons(steps: Sequence[Step]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(step.ask for step in steps if step.ask is not None))[:_MOST_BUTTONS]
