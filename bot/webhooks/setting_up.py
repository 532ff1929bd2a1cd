"""`/aikeys webhooks setup`: the endpoint's set-up as a checklist, with what can be seen of it from here. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.clients.errors import Failure
from bot.clients.supabase import Function, Secret
from bot.context import Target
from bot.health.expected import WEBHOOK, WEBHOOK_SECRET
from bot.health.judgement import Level
from bot.questions.saying import level
from bot.report import Group, Line, Report, Wrong
from bot.webhooks.questions import Kind

EVENTS = ("payments.confirmed", "payments.failed", "wallets.created")  # the runbook's: Webhook Endpoint Setup


@dataclass(frozen=True, slots=True)
class SetUp:
    """What is seen of the set-up; each answer, or the Failure that came instead."""

    url: str
    kinds: tuple[Kind, ...] | Failure
    functions: Sequence[Function] | Failure
    secrets: Sequence[Secret] | Failure


def judge(seen: SetUp, target: Target) -> Report:
    """The checklist."""
    endpoint, wrong = _endpoint(seen)
    wrong += (
        [Wrong(Level.UNKNOWN, f"When events came is not known. {seen.kinds.what}", seen.kinds.do)]
        if isinstance(seen.kinds, Failure)
        else []
    )
    came = {one.name: one for one in seen.kinds} if not isinstance(seen.kinds, Failure) else {}
    never = [name for name in EVENTS if name not in came] if not isinstance(seen.kinds, Failure) else []
    return Report(
        verdict=_verdict(wrong, never),
        level=max(Level.WAITING if never else Level.OK, level(wrong)),
        target=target,
        again="webhooks setup",
        wrong=tuple(wrong),
        groups=(
            Group("Enter this address in Circle's dashboard", verbatim=seen.url),
            Group("This side of it", tuple(endpoint)),
            Group("Enable these events", tuple(_event(name, came, seen) for name in EVENTS)),
            *_others(came),
        ),
        steps=(
            "In Circle's dashboard open Webhooks, add an endpoint, and enter the address above.",
            f"Enable {', '.join(EVENTS)}.",
            f"Put the signing secret that Circle shows into Supabase as {WEBHOOK_SECRET}, never into Slack.",
            "Prove it: /aikeys webhooks test (operators).",
        ),
        also=(("What came in", "webhooks"),),
    )


def _verdict(wrong: Sequence[Wrong], never: Sequence[str]) -> str:
    if any(one.level >= Level.DEGRADED for one in wrong):
        return "The endpoint is not ready"
    if wrong:
        return "Not all of the set-up can be seen"
    if len(never) == len(EVENTS):
        return "The endpoint is ready; nothing has come yet"
    return f"Set up; never seen: {', '.join(never)}" if never else "Set up: all three events have come"


def _endpoint(seen: SetUp) -> tuple[list[Line], list[Wrong]]:
    lines, wrong = [], []
    if isinstance(seen.functions, Failure):
        lines.append(Line(WEBHOOK, "not known", Level.UNKNOWN))
        wrong.append(Wrong(Level.UNKNOWN, seen.functions.what, seen.functions.do))
    else:
        listed = next((one for one in seen.functions if one.slug == WEBHOOK), None)
        if listed is None:
            lines.append(Line(WEBHOOK, "is not deployed", Level.DOWN))
            wrong.append(Wrong(Level.DOWN, f"{WEBHOOK} is not deployed.", f"/aikeys deploy {WEBHOOK}"))
        else:
            live = Level.OK if listed.status == "ACTIVE" else Level.DOWN
            lines.append(Line(WEBHOOK, f"version {listed.version}, {listed.status}", live))
            lines.append(_jwt(listed))
            if listed.verify_jwt:
                wrong.append(
                    Wrong(
                        Level.DOWN,
                        f"verify_jwt is on for {WEBHOOK}: Circle sends no token, so every event is refused.",
                        f"Put verify_jwt = false into supabase/config.toml and deploy {WEBHOOK}.",
                    )
                )
    if isinstance(seen.secrets, Failure):
        lines.append(Line(WEBHOOK_SECRET, "not known", Level.UNKNOWN))
        wrong.append(Wrong(Level.UNKNOWN, seen.secrets.what, seen.secrets.do))
    elif any(one.name == WEBHOOK_SECRET for one in seen.secrets):
        lines.append(Line(WEBHOOK_SECRET, "is set; whether it is Circle's cannot be seen from here", Level.OK))
    else:
        lines.append(Line(WEBHOOK_SECRET, "is missing", Level.DOWN))
        wrong.append(Wrong(Level.DOWN, f"{WEBHOOK_SECRET} is missing: every event is refused.", "Set it in Supabase."))
    return lines, wrong


def _jwt(listed: Function) -> Line:
    if listed.verify_jwt is None:
        return Line("verify_jwt", "not known", Level.UNKNOWN)
    return (
        Line("verify_jwt", "on, must be off", Level.DOWN) if listed.verify_jwt else Line("verify_jwt", "off", Level.OK)
    )


def _event(name: str, came: dict[str, Kind], seen: SetUp) -> Line:
    if isinstance(seen.kinds, Failure):
        return Line(name, "not known", Level.UNKNOWN)
    if name not in came:
        return Line(name, "never seen", Level.WAITING)
    return Line(name, "last seen", Level.OK, datetime.fromtimestamp(came[name].last, UTC))


def _others(came: dict[str, Kind]) -> tuple[Group, ...]:
    others = tuple(
        Line(name, "last seen", at=datetime.fromtimestamp(one.last, UTC))
        for name, one in came.items()
        if name not in EVENTS
    )
    return (Group("Came too, though the wallet does nothing with it", others),) if others else ()
