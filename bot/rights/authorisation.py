"""Who may do what, as tables: worked out by the very functions that decide, so that docs/authorisation.md cannot lie.

Pure. A command, a button, a role or a moment that comes new is in them by itself; tests walk every cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from bot.approvals import policy
from bot.approvals.objection import Act, Click, World, frozen, objection
from bot.approvals.policy import RiskClass
from bot.command import Command, Risk, Role
from bot.door.recovery import verdict
from bot.rights.pressing import Press, may_press
from bot.rights.ruling import Ruling, ruling
from bot.rights.standing import Person, decide
from bot.settings.people import People
from store.approvals import PENDING, Approval
from store.operations import Freeze, Operation

NOW = datetime(2026, 1, 1, 3, tzinfo=UTC)
TEAM, ELSEWHERE = "T1", "T2"
NO = "–"

# What somebody may be here: every set of roles that bot.rights.standing gives.
CROWD: Mapping[str, frozenset[str]] = MappingProxyType({
    "nobody": frozenset(),
    "viewer": frozenset({Role.VIEWER.value}),
    "operator": frozenset({Role.VIEWER.value, Role.OPERATOR.value}),
    "approver": frozenset({Role.VIEWER.value, Role.APPROVER.value}),
    "both": frozenset({Role.VIEWER.value, Role.OPERATOR.value, Role.APPROVER.value}),
})  # fmt: skip
_OPERATORS, _APPROVERS, _VIEWERS = ("UOPER", "UBOTH", "SOPS"), ("UAPPR", "UBOTH"), ("UVIEW",)
_MEMBERS = {"SOPS": frozenset({"UGROUP", "UGUEST", "USTRANGER"})}
ROLES_SET: Mapping[str, People] = MappingProxyType({
    "no roles set": People(operators=(), approvers=(), viewers=()),
    "roles set": People(operators=_OPERATORS, approvers=_APPROVERS, viewers=()),
    "viewers named too": People(operators=_OPERATORS, approvers=_APPROVERS, viewers=_VIEWERS),
})  # fmt: skip


def _person(ident: str, team: str = TEAM, **facts: bool) -> Person:
    return Person(ident, frozenset({team}), **facts)  # type: ignore[arg-type]  # flags, by their names


PEOPLE: Mapping[str, Person] = MappingProxyType({
    "a full member of the workspace": _person("UANY"),
    "named as viewer": _person("UVIEW"),
    "named as operator": _person("UOPER"),
    "in a user group of operators": _person("UGROUP"),
    "named as approver": _person("UAPPR"),
    "named as both": _person("UBOTH"),
    "a guest, in a group of operators": _person("UGUEST", guest=True),
    "of another workspace, in a group of operators": _person("USTRANGER", ELSEWHERE),
    "a stranger by Slack Connect, named as both": _person("UBOTH", stranger=True),
    "a bot, named as both": _person("UBOTH", bot=True),
    "somebody who left, named as both": _person("UBOTH", deleted=True),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where a command is asked for. *place*: ours, other, shared or direct."""

    place: str = "ours"
    button: bool = False
    unacked: bool = False
    freeze: Freeze | None = None


_FREEZE = Freeze("UANY", NOW, NOW + timedelta(hours=1), "a release")
MOMENTS: Mapping[str, Moment] = MappingProxyType({
    "in a channel of ours": Moment(),
    "in another channel": Moment("other"),
    "shared with strangers": Moment("shared"),
    "in a direct message": Moment("direct"),
    "by a button": Moment(button=True),
    "left by a crash": Moment(unacked=True),
    "while frozen": Moment(freeze=_FREEZE),
})  # fmt: skip


def asking(command: Command[Any, Any], roles: frozenset[str], moment: Moment) -> str:
    """What becomes of *command*; `NO` where it is refused whatever else."""
    only = Risk.READ if moment.button else None
    left = verdict(command.risk, resumed=moment.unacked, acked=not moment.unacked, received_at=NOW, now=NOW)
    found = ruling(command, roles, verdict=left, only=only)
    if found is not Ruling.YES:
        return {Ruling.ROLE: NO, Ruling.LATE: "ask again", Ruling.TYPED: "typed only"}[found]
    if command.risk is not Risk.DESTRUCTIVE:
        away = (moment.place == "shared" and not command.private) or (command.confined and moment.place == "other")
        return ("answers" if command.risk is Risk.READ else "does it") + (", in private" if away else "")
    if frozen(moment.freeze, command.name, command.name, "", NOW) is not None:
        return "with a reason" if command.name in policy.PASS_A_FREEZE else "frozen"
    return "asks" + (", in the ops channel" if moment.place in ("shared", "direct") else "")


@dataclass(frozen=True, slots=True)
class Case:
    """A click on a card. *asked_by* the one who clicks where it is their own."""

    command: str = "deploy"
    risk: RiskClass = RiskClass.REVERSIBLE
    state: str = PENDING
    reason: str = ""
    typed: bool = True
    alone: bool = False
    needed: int = 0
    late: bool = False
    world: World = field(default_factory=World)


_RUNS = Operation("operation/1", 1, "p", "deploy", "Deploy", "UANY", NOW, "approval/1", {}, {}, (), (), "running", NOW)
_TARGET = {"name": "Wallet"}
_P0 = World(incident="incident/1")
CASES: Mapping[str, Case] = MappingProxyType({
    "nothing special": Case(),
    "decided already": Case(state="denied"),
    "older than half an hour": Case(late=True),
    "the plan is no longer true": Case(world=World(fresh={"commit": "another"})),
    "another operation runs": Case(world=World(lock=_RUNS)),
    "the bot is being stopped": Case(world=World(draining=True)),
    "changes are frozen": Case(world=World(freeze=_FREEZE)),
    "frozen, a way back, no reason": Case("rollback", world=World(freeze=_FREEZE)),
    "frozen, a way back, with a reason": Case("rollback", reason="it burns", world=World(freeze=_FREEZE)),
    "data is lost, the name typed": Case("restore", RiskClass.DATA_LOSS),
    "data is lost, not typed": Case("restore", RiskClass.DATA_LOSS, typed=False),
    "asked for when one was enough": Case("restore", RiskClass.DATA_LOSS, needed=1),
    "who approved before is no approver now": Case("restore", RiskClass.DATA_LOSS, world=World(lost="UBEFORE")),
    "a team of one": Case(alone=True, world=World(alone=True)),
    "asked for as a team of one that has grown": Case(alone=True),
    "a P0 is open": Case(world=_P0),
    "a P0 is open, and changes are frozen": Case(world=World(incident="incident/1", freeze=_FREEZE)),
    "a P0 is open, and an operation runs": Case(world=World(incident="incident/1", lock=_RUNS)),
})  # fmt: skip
ACTS: Mapping[str, Act] = MappingProxyType({
    "Approve": Act.APPROVE, "Break glass": Act.APPROVE, "Deny": Act.DENY, "Withdraw": Act.WITHDRAW,
})  # fmt: skip


def deciding(button: str, case: Case, roles: frozenset[str], *, own: bool) -> str:
    """What becomes of a click on *button* by somebody with *roles*; *own*: who asked for it themselves."""
    needed = case.needed or policy.needed(case.risk, alone=case.alone)
    world, by = case.world, "UCLICKS"
    approval = Approval(
        subject="approval/1", number=1, thing="function/health", command=case.command, line=case.command,
        title="", requested_by=by if own else "UOTHER", requested_at=NOW, expires_at=NOW + policy.EXPIRY,
        needed=needed, alone=case.alone, digest="", where={"target": _TARGET}, reason=case.reason, votes=(),
        plan={"pinned": {"commit": "abc"}, "risk_class": case.risk.value}, state=case.state,
    )  # fmt: skip
    today = replace(world, needed=policy.needed_today(case.risk.value, alone=world.alone))
    glass = button == "Break glass"
    typed = policy.to_type(case.risk.value, _TARGET) if case.typed else ""
    click = Click(by, ACTS[button], roles, "it cannot wait" if glass else "", glass, typed=typed)
    against = objection(approval, click, NOW + (policy.EXPIRY if case.late else timedelta()), today)
    return "yes" if against is None else against.why.value


def people() -> list[str]:
    """Who has which roles."""
    rows = [_row("who", *ROLES_SET), _rule(1 + len(ROLES_SET))]
    for words, person in PEOPLE.items():
        found = [decide(person, TEAM, settings, _MEMBERS).roles for settings in ROLES_SET.values()]
        rows.append(_row(words, *(", ".join(sorted(roles, reverse=True)) or NO for roles in found)))
    return rows


def askers(commands: Mapping[str, Command[Any, Any]]) -> list[str]:
    """Every command by every role."""
    rows = [_row("command", *CROWD), _rule(1 + len(CROWD))]
    for name, command in sorted(commands.items()):
        rows.append(_row(f"`{name}`", *(asking(command, roles, Moment()) for roles in CROWD.values())))
    return rows


def moments(commands: Mapping[str, Command[Any, Any]]) -> list[str]:
    """Every command in every moment, for somebody who may ask for it."""
    rows = [_row("command", *MOMENTS), _rule(1 + len(MOMENTS))]
    for name, command in sorted(commands.items()):
        rows.append(_row(f"`{name}`", *(asking(command, CROWD["both"], moment) for moment in MOMENTS.values())))
    return rows


def decisions() -> list[str]:
    """Each click on the card of a request, by role, in every case."""
    rows = []
    for button in ACTS:
        rows += [f"**{button}**", "", _row("when", *CROWD, "who asked, both"), _rule(2 + len(CROWD))]
        for words, case in CASES.items():
            others = [deciding(button, case, roles, own=False) for roles in CROWD.values()]
            rows.append(_row(words, *others, deciding(button, case, CROWD["both"], own=True)))
        rows.append("")
    return rows[:-1]


def presses(table: Mapping[str, Press]) -> list[str]:
    """Each button or modal by role."""
    rows = [_row("id", "it …", *CROWD, "and of them"), _rule(3 + len(CROWD))]
    for name, press in sorted(table.items()):
        may = ("yes" if may_press(name, roles, table) else NO for roles in CROWD.values())
        rows.append(_row(f"`{name}`", press.does, *may, press.besides))
    return rows


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(columns: int) -> str:
    return "|" + "---|" * columns
