"""The health card: the verdict in one line, what is wrong and what to do, then the rest. Pure."""

from collections.abc import Sequence

from bot.context import Target
from bot.health.judgement import Detail, Finding, Level, Opinion, Topic
from bot.health.look import Checkup
from bot.health.memory import Memory
from bot.health.words import ago, milliseconds
from bot.views.blocks import (
    Block,
    Message,
    actions,
    ask_below,
    ask_button,
    code,
    context,
    escape,
    header,
    linked,
    person,
    section,
)
from bot.views.blocks import when as at
from bot.views.trend import chart

SIGN = {Level.OK: "✅", Level.WAITING: "⏳", Level.UNKNOWN: "❓", Level.DEGRADED: "⚠️", Level.DOWN: "⛔"}
_MOST_FINDINGS = 8  # more at once is no longer read; the count of the others is
_MOST_DETAILS = 25
_MOST_TEXT = 2900  # characters: a section takes 3,000 and a line cut in its middle would lose its closing mark
_PART = {
    Topic.DATABASE: "database",
    Topic.WEBHOOKS: "webhooks",
    Topic.FUNCTIONS: "functions",
    Topic.WALLET: "functions",
    Topic.SECRETS: "secrets",
    Topic.SERVICES: "services",
}
_ERRORS = "--level error --since 1h"
_LOGS = {
    Topic.DATABASE: f"logs db {_ERRORS}",
    Topic.WEBHOOKS: "logs functions --function payments-circle-webhook --level warn --since 1h",
    Topic.FUNCTIONS: "logs invocations --level warn --since 1h",
    Topic.WALLET: "logs invocations --function health --since 1h",
    Topic.SECRETS: f"logs functions {_ERRORS}",
    Topic.SERVICES: f"logs edge {_ERRORS}",
    Topic.SECURITY: "logs auth --level warn --since 24h",
}


def card(checkup: Checkup) -> Message:
    """Return the card for any state of a look: asking, partly answered, complete."""
    verdict = checkup.judgement
    blocks: list[Block] = [header(f"{SIGN[verdict.level]} {_line(checkup)}"), context(project(checkup.target))]
    if len(verdict.missing) < checkup.asked:
        blocks += _findings(checkup)
        blocks += _incidents(checkup)
        blocks += _rest(checkup)
        blocks += _chart(checkup)
        blocks.append(context(*_small_print(checkup)))
        blocks.append(_buttons(checkup))
    return Message(text=_text(checkup), blocks=blocks)


def _line(checkup: Checkup) -> str:
    verdict = checkup.judgement
    if verdict.level is Level.OK:
        return f"{checkup.part.capitalize()} healthy" if checkup.part else verdict.line
    return verdict.line


def project(target: Target) -> str:
    """Which project a card is about."""
    return f"{code(target.ref)} · {escape(target.region or 'region not known')}"


def _findings(checkup: Checkup) -> list[Block]:
    findings = checkup.judgement.findings
    alone = len(findings) == 1 and checkup.judgement.line in (findings[0].title, f"Degraded: {findings[0].title}")
    blocks = [section(_finding(finding, titled=not alone)) for finding in findings[:_MOST_FINDINGS]]
    if len(findings) > _MOST_FINDINGS:
        blocks.append(context(f"… and {len(findings) - _MOST_FINDINGS} more, no worse than these."))
    return blocks


def _finding(finding: Finding, *, titled: bool) -> str:
    title = f"{SIGN[finding.level]} *{escape(_capital(finding.title), 150)}*\n" if titled else ""
    return f"{title}{escape(finding.what, 600)}\n→ {linked(escape(finding.do, 400))}"


def _incidents(checkup: Checkup) -> list[Block]:
    incidents = checkup.memory.incidents
    if not incidents:
        return []
    lines = [
        f"{escape(each.severity)} *{escape(each.title, 120)}* since "
        f"{at(each.opened_at.timestamp(), each.opened_at.strftime('%H:%M UTC'), '{time}')}"
        for each in incidents[:5]
    ]
    more = [f"… and {len(incidents) - 5} more"] if len(incidents) > 5 else []
    return [section("\n".join([f"*Open incidents: {len(incidents)}*", *lines, *more]))]


def _rest(checkup: Checkup) -> list[Block]:
    opinions, memory = checkup.judgement.opinions, checkup.memory
    # A line each, not two columns: on a telephone columns are stacked and twice as tall.
    blocks = [section("\n".join(_opinion(each, memory) for each in opinions))]
    if checkup.part and opinions[0].details:
        blocks.append(section(_details(opinions[0].details)))
    return blocks


def _opinion(opinion: Opinion, memory: Memory) -> str:
    return f"{SIGN[opinion.level]} *{opinion.topic}* {escape(state(opinion, memory), 200)}"


def state(opinion: Opinion, memory: Memory) -> str:
    """A topic's state with its latency against the last hour. Plain text."""
    trend = {Topic.WALLET: memory.response, Topic.DATABASE: memory.database}.get(opinion.topic)
    words = trend.words() if trend else ""
    if trend and trend.now is not None and opinion.level is not Level.OK and not trend.slower:
        words = milliseconds(trend.now)  # that it failed “faster than usual” is no comfort
    return f"{opinion.says}, {words}" if words else opinion.says


def _details(details: Sequence[Detail]) -> str:
    """The bad ones first, else in their order; a line each."""
    ordered = sorted(details, key=lambda detail: -detail.level)
    lines = [f"{SIGN[each.level]} {_detail(each)}" for each in ordered[:_MOST_DETAILS]]
    while len("\n".join(lines)) > _MOST_TEXT:
        lines.pop()
    if len(ordered) > len(lines):
        lines.append(f"… and {len(ordered) - len(lines)} more")
    return "\n".join(lines)


def _detail(detail: Detail) -> str:
    """A name as it is written elsewhere is code; words of ours are words."""
    name = f"{escape(_capital(detail.name), 60)}:" if " " in detail.name else code(detail.name, 60)
    return f"{name} {escape(detail.says, 160)}"


def _chart(checkup: Checkup) -> list[Block]:
    """In detail always; on the whole card only where slowness is what is wrong.

    A chart is taller than all else together: it would push the verdict off the screen of a telephone.
    """
    memory, limits = checkup.memory, checkup.answers.limits
    if checkup.judgement.missing:
        return []
    if checkup.part == "database":
        return chart([memory.database])
    slow = (memory.response.now or 0) > limits.response_slow * 1000 or (memory.database.now or 0) > limits.database_slow
    if checkup.part is None and slow:
        return chart([memory.response, memory.database])
    return []


def _small_print(checkup: Checkup) -> list[str]:
    lines = []
    if checkup.judgement.missing:
        lines.append("This card is edited once more when the others have answered.")
    else:
        lines.append(f"{checkup.asked} services asked, all done in {milliseconds(checkup.seconds * 1000)}")
    memory = checkup.memory
    if not memory.readable:
        lines.append("My own memory could not be read: no trend, no incidents, no last deploy.")
    elif memory.deploy is not None:
        deploy = memory.deploy
        version = f" version {deploy.version}" if deploy.version is not None else ""
        how = "" if deploy.ok else ", which failed"
        since = ago((checkup.at - deploy.at).total_seconds())
        lines.append(f"Last deploy: {code(deploy.function)}{version} {since} ago by {person(deploy.actor)}{how}")
    else:
        lines.append("No deploy through me yet")
    if memory.readable and not memory.incidents:
        lines.append("No open incident")
    return lines


def _buttons(checkup: Checkup) -> Block:
    asked = f"health {checkup.part}" if checkup.part else "health"
    elements = [ask_button("Ask again", asked)]
    worst = checkup.judgement.findings[:1]
    part = _PART.get(worst[0].topic) if worst and worst[0].level > Level.UNKNOWN else None
    if part and part != checkup.part:
        elements.append(ask_button(f"{part.capitalize()} in detail", f"health {part}"))
    return actions(*elements, ask_below("Show logs", _logs(checkup)))


def _logs(checkup: Checkup) -> str:
    """The logs of what is worst, else of the part that was asked about."""
    worst = checkup.judgement.findings[:1]
    topics = [worst[0].topic] if worst else [topic for topic, part in _PART.items() if part == checkup.part]
    return _LOGS[topics[0]] if topics else f"logs functions {_ERRORS}"


def _text(checkup: Checkup) -> str:
    """What notifications show and screen readers say: the verdict, the worst two with what to do, the project."""
    verdict = checkup.judgement
    parts = [f"{SIGN[verdict.level]} {escape(_line(checkup)).rstrip('.…')}."]
    parts += [f"{escape(each.what, 300)} {escape(each.do, 200)}" for each in verdict.findings[:2]]
    if verdict.level is Level.OK:
        parts += [f"{each.topic}: {escape(state(each, checkup.memory), 120)}." for each in verdict.opinions]
    parts.append(f"Project {escape(checkup.target.ref)}, {escape(checkup.target.region or 'region not known')}.")
    return " ".join(parts)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
