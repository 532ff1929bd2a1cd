"""What speaks against a click on an approval. Pure: the same facts, the same answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.approvals import policy
from bot.command import Role
from bot.plan import differs
from store.approvals import PENDING, Approval
from store.operations import Freeze, Operation
from store.times import SLEWED


class Act(StrEnum):
    """What a click asks for."""

    APPROVE = "approve"
    DENY = "deny"
    WITHDRAW = "withdraw"


class Why(StrEnum):
    """Why not. The order is that of the checks: the first that holds is told."""

    DECIDED = "decided"
    EXPIRED = "expired"
    NOT_YOURS = "not-yours"
    ROLE = "role"
    OWN_REQUEST = "own-request"
    VOTED = "voted"
    RULES = "rules"
    NO_REASON = "no-reason"
    NO_NAME = "no-name"
    NO_GLASS = "no-glass"
    DRAINING = "draining"
    LOCKED = "locked"
    FROZEN = "frozen"
    CHANGED = "changed"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Click:
    """Who clicks what. *roles* as bot.rights.roles gives them; *glass*: break-glass is asked for, with *reason*.

    *roles_age*: how long ago Slack said so, in words, where it could not be asked now. *typed*: the project's name, as
    it was typed in the modal; empty where none was asked for.
    """

    user: str
    act: Act
    roles: frozenset[str]
    reason: str = ""
    glass: bool = False
    roles_age: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """What is true at the moment of the click.

    *fresh*: the pinned facts made again, None where they have not been yet. *lock*: the operation that runs or
    waits for a human. *alone*: a team of one, set explicitly. *incident*: the P0 under which this person may break
    the glass, None where there is none. *needed*: how many must approve by the rules of today. *lost*: somebody
    whose vote is among the approval's and who is no approver any more; empty where there is nobody.
    """

    fresh: Mapping[str, Any] | None = None
    lock: Operation | None = None
    freeze: Freeze | None = None
    draining: bool = False
    alone: bool = False
    incident: str | None = None
    needed: int = 1
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Objection:
    """What speaks against it: three short plain sentences, not escaped (bot.views.objections shows them).

    `{who}` in *because* stands for the person *who*, a Slack user id, `{at}` for the time *at*. *fields*: the pinned
    fields that changed.
    """

    why: Why
    what: str
    because: str
    do: str
    fields: tuple[str, ...] = ()
    who: str = ""
    at: tuple[datetime, ...] = ()


def objection(approval: Approval, click: Click, now: datetime, world: World) -> Objection | None:
    """What speaks against *click*, or None."""
    if approval.state != PENDING:
        return _decided(approval)
    if now >= approval.expires_at:
        return Objection(
            Why.EXPIRED,
            "This approval has expired.",
            f"It could be given for {policy.EXPIRY.total_seconds() / 60:.0f} minutes, until {{at}}.",
            f"Ask again: /aikeys {approval.line}",
            at=(approval.expires_at,),
        )
    if now < approval.requested_at - SLEWED:
        return Objection(
            Why.EXPIRED,
            "Nobody knows how old this request is.",
            f"My clock was put back: it was made at {approval.requested_at:%H:%M} UTC, which has not come yet.",
            f"Ask again: /aikeys {approval.line}",
        )
    return {Act.APPROVE: _approve, Act.DENY: _deny, Act.WITHDRAW: _withdraw}[click.act](approval, click, now, world)


def _withdraw(approval: Approval, click: Click, _now: datetime, _world: World) -> Objection | None:
    if click.user == approval.requested_by:
        return None
    return Objection(
        Why.NOT_YOURS,
        "You cannot withdraw this request.",
        "Only the one who asked can take it back.",
        "An approver can deny it.",
    )


def _deny(approval: Approval, click: Click, _now: datetime, _world: World) -> Objection | None:
    if click.user == approval.requested_by:
        return Objection(
            Why.OWN_REQUEST, "You cannot deny your own request.", "You asked for it.", "Withdraw it instead."
        )
    return _not_an_approver("deny", click) if Role.APPROVER not in click.roles else None


def _approve(approval: Approval, click: Click, now: datetime, world: World) -> Objection | None:
    return _person(approval, click, world) or _moment(approval, click, now, world) or _plan(approval, world)


def _person(approval: Approval, click: Click, world: World) -> Objection | None:
    if click.glass:
        return _glass(click, world)
    if Role.APPROVER not in click.roles:
        return _not_an_approver("approve", click)
    if click.user == approval.requested_by and not world.alone:
        return Objection(
            Why.OWN_REQUEST,
            "You cannot approve your own request.",
            "Two people: one asks, another approves.",
            "Ask an approver to look at the card.",
        )
    if world.needed > approval.needed:
        return Objection(
            Why.RULES,
            "The rules have changed since this was asked for.",
            f"It waits for {approval.needed}; today it takes {world.needed} people.",
            f"Ask again: /aikeys {approval.line}",
        )
    if world.lost:
        return Objection(
            Why.RULES,
            "An earlier approval does not count any more.",
            "{who} has approved it, and is no approver now.",
            f"Ask again: /aikeys {approval.line}",
            who=world.lost,
        )
    if any(vote.user == click.user for vote in approval.votes):
        return Objection(
            Why.VOTED,
            "You have approved this already.",
            f"It needs {approval.needed - len(approval.votes)} more, from other people.",
            "Ask another approver.",
        )
    return None


def _glass(click: Click, world: World) -> Objection | None:
    if Role.OPERATOR not in click.roles:
        return Objection(
            Why.ROLE,
            "You cannot break the glass.",
            "That takes an operator, and you are not one.",
            "Ask an operator or an approver.",
        )
    if world.incident is None:
        return Objection(
            Why.NO_GLASS,
            "The glass stays whole.",
            "One person acts alone only under a P0 that I saw for myself or that another person acknowledged.",
            "Ask an approver, or have somebody else acknowledge the incident.",
        )
    if not policy.says_something(click.reason):
        return Objection(
            Why.NO_REASON,
            "Acting alone needs a reason.",
            "Another person will review it.",
            "Say in a sentence why it cannot wait for a second person.",
        )
    return None


def _moment(approval: Approval, click: Click, now: datetime, world: World) -> Objection | None:
    if world.draining:
        return Objection(
            Why.DRAINING,
            "Nothing is started now.",
            "I am being stopped or restarted.",
            "Click again in a minute; the request goes on.",
        )
    if world.lock is not None:
        return Objection(
            Why.LOCKED,
            "Another operation holds the project.",
            f"“{world.lock.title}” of {{who}} {world.lock.words}.",
            "Wait for it or settle it: /aikeys operations",
            who=world.lock.started_by,
        )
    reason = click.reason + approval.reason
    return frozen(world.freeze, approval.command, approval.line, reason, now) or _unnamed(approval, click)


def to_type(approval: Approval) -> str:
    """What must be typed before a click approves *approval*; empty where the click is enough."""
    return policy.to_type(str(approval.plan.get("risk_class", "")), approval.where.get("target") or {})


def _unnamed(approval: Approval, click: Click) -> Objection | None:
    """Last of the moment: where nothing else speaks against the click, the name is asked for."""
    name = to_type(approval)
    if not name or click.typed.strip() == name:
        return None
    return Objection(
        Why.NO_NAME,
        "The project's name is not typed." if not click.typed.strip() else "That is not the project's name.",
        "Data is lost for good by this: a click is too quick for it.",
        f"Type it as it is: {name}",
    )


def frozen(freeze: Freeze | None, command: str, line: str, reason: str, now: datetime) -> Objection | None:
    """What a freeze has against *command*, asked for as *line* with *reason*: at the ask and at the click."""
    if freeze is None or now >= freeze.until:
        return None
    by = f"{{who}} froze them until {{at}}: {freeze.reason}"
    if command not in policy.PASS_A_FREEZE:
        return Objection(
            Why.FROZEN,
            "Changes are frozen.",
            by,
            "Wait, or lift the freeze: /aikeys freeze --lift. Only the ways back pass it, with a reason.",
            who=freeze.by,
            at=(freeze.until,),
        )
    if policy.says_something(reason):
        return None
    return Objection(
        Why.NO_REASON,
        "Passing a freeze needs a reason.",
        f"Changes are frozen. {by}",
        f'Say in a sentence why it cannot wait: /aikeys {line} --reason "…"',
        who=freeze.by,
        at=(freeze.until,),
    )


def _plan(approval: Approval, world: World) -> Objection | None:
    if world.fresh is None or not (changed := differs(approval.plan["pinned"], world.fresh)):
        return None
    more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
    return Objection(
        Why.CHANGED,
        "The plan is no longer true.",
        f"Changed since it was shown: {', '.join(changed[:3])}{more}.",
        f"Ask again and look at the new card: /aikeys {approval.line}",
        tuple(changed),
    )


def _decided(approval: Approval) -> Objection:
    by = " by {who}" if approval.decided_by and approval.decided_by != "bot" else ""
    at = ", {at}" if approval.decided_at else ""
    return Objection(
        Why.EXPIRED if approval.state == "expired" else Why.DECIDED,
        "This is decided already.",
        f"It was {approval.state}{by}{at}.",
        "See what is open: /aikeys approvals",
        who=approval.decided_by if by else "",
        at=(approval.decided_at,) if approval.decided_at else (),
    )


def _not_an_approver(verb: str, click: Click) -> Objection:
    are = ", ".join(sorted(click.roles)) or "nobody"
    return Objection(
        Why.ROLE, f"You cannot {verb} this.", f"That takes an approver; here you are {are}.", "Ask an approver."
    )
