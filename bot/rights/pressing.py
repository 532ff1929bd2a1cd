"""Who may press what: each button and each modal of ours, held at the door (bot.router) before a desk sees it. Pure.

A name that stands here by mistake only, or not at all, takes an operator: what was forgotten is closed, not open. What
else a desk asks (whose request it is, what is true now) stands in *besides*, for people; the desk is what asks it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.rights.standing import operates


class May(StrEnum):
    """Who gets past the door."""

    LOOK = "whoever may look"
    OPERATE = "an operator or an approver"


@dataclass(frozen=True, slots=True)
class Press:
    """What a button or a modal does, completing “it …”; who may; what is asked of them besides."""

    does: str
    may: May = May.OPERATE
    besides: str = ""


# By the first word of the action id.
BUTTONS: Mapping[str, Press] = {
    "approve": Press("approves a request", May.LOOK, "an approver who did not ask for it (below)"),
    "ask": Press("asks a command that only reads", May.LOOK, "the role of that command"),
    "below": Press("asks the same, in the thread", May.LOOK, "the role of that command"),
    "cancel": Press("stops an operation between two steps"),
    "check": Press("ticks a step that was done by hand at Circle"),
    "code": Press("opens the modal for the mailed code"),
    "deny": Press("opens the modal of a denial", May.LOOK, "an approver who did not ask for it (below)"),
    "enter": Press("opens the modal for values of secrets", May.LOOK, "who asked for that rotation, alone"),
    "errand": Press("sends a P0's drafted mail, or ticks a line of its checklist"),
    "glass": Press("opens the modal of a broken glass", May.LOOK, "an operator, under a P0 (below)"),
    "how": Press("shows what was asked for an answer", May.LOOK),
    "incident": Press("acknowledges, resolves or keeps open"),
    "look-again": Press("makes a review look again", May.LOOK, "once a minute"),
    "rate": Press("says whether an incident was worth being told"),
    "redact": Press("agrees that a text is taken back", besides="another person than who asked for it"),
    "redeploy": Press("deploys again in the middle of a rotation, or not"),
    "refresh": Press("draws the Home tab anew", May.LOOK),
    "reviewed": Press("opens the modal of a signature", May.LOOK, "an operator or an approver who may sign it"),
    "settle": Press("says what became of a step that nobody could prove"),
    "silence": Press("opens the modal of a silence"),
    "silence-agree": Press("agrees to silence a P0", besides="another person than who asked for it"),
    "silence-end": Press("ends a silence"),
    "silence-withdraw": Press("calls off a silence of a P0 that nobody has agreed to"),
    "way-back": Press("asks for a roll back", May.LOOK, "an operator, as if it had been typed; it needs approval"),
    "where": Press("is a menu, read when something else is pressed", May.LOOK),
    "withdraw": Press("takes a request back", May.LOOK, "who asked for it, alone"),
}

# By the callback_id, without `aikeys:`.
MODALS: Mapping[str, Press] = {
    "code": Press("takes the mailed code"),
    "declare": Press("opens an incident"),
    "deny": Press("denies a request, with a reason", May.LOOK, "as its button"),
    "glass": Press("approves alone, with a reason", May.LOOK, "as its button"),
    "pass": Press("approves through a freeze, or what loses data", May.LOOK, "as Approve"),
    "pin": Press("puts a message into a timeline"),
    "sign": Press("signs a review", May.LOOK, "as its button"),
    "silence": Press("silences what an incident tells", besides="of a P0: a second person agrees"),
    "values": Press("takes new values of secrets", May.LOOK, "who asked for that rotation, alone"),
}

_UNKNOWN = Press("is not declared")


def may_press(name: str, roles: Collection[str], table: Mapping[str, Press] = BUTTONS) -> bool:
    """Whether somebody with *roles* gets past the door with *name*."""
    press = table.get(name, _UNKNOWN)
    return bool(roles) if press.may is May.LOOK else operates(roles)
