"""What people do by hand around a rotation, in order: numbered, each with a button to say that it is done. Pure."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.health.expected import WEBHOOK_SECRET
from bot.rotations.names import API_KEY, CIRCLE


@dataclass(frozen=True, slots=True)
class Item:
    """*text*: a sentence of mrkdwn. *by_hand*: somebody says that it is done; else the bot's part, told in place.

    *owed*: in a few words what is still to be done once the rotation is over; empty where it is over with that.
    """

    text: str
    by_hand: bool = True
    owed: str = ""


def items(names: Sequence[str], *, generate: bool, back: bool, copy: bool = False) -> tuple[Item, ...]:
    """In order. None for secrets that no dashboard of others knows. *copy*: a file holds one of the signing secret."""
    if not set(names) & set(CIRCLE):
        return ()
    copied = [_COPY] if copy and WEBHOOK_SECRET in names else []
    if back:
        put = "In Circle's dashboard put the signing secret from before back, *now*: events are signed with it again."
        return (Item(put), Item("Approved, I set the value from before and prove it.", by_hand=False), *copied)
    found = []
    if API_KEY in names:
        found.append(Item("*First*, in Circle's dashboard: make a new API key. The old one goes on working."))
    if WEBHOOK_SECRET in names and not generate:
        found.append(
            Item(
                "*Once it is approved*, in Circle's dashboard: make a new signing secret. From that moment events are "
                "signed with it and refused here, so go on at once."
            )
        )
    found.append(Item("Press *Enter new values* below. I set all in one call and prove it.", by_hand=False))
    if WEBHOOK_SECRET in names and generate:
        found.append(
            Item(
                "*At once after that*, in Circle's dashboard: enter the signing secret that I hand you, sealed. Until "
                "then events are signed with the old one and refused here."
            )
        )
    if API_KEY in names:
        found.append(_REVOKE)
    return (*found, *copied)


_REVOKE = Item(
    "*After the proof*, in Circle's dashboard: revoke the old API key.",
    owed="revoke the *old* API key in Circle's dashboard: it still works",
)
_COPY = Item(
    "*After the proof*, on my machine: put the secret that is live now into the file of `AIKEYS_WEBHOOK_SECRET_PATH`.",
    owed="put the secret that is live now into the file of `AIKEYS_WEBHOOK_SECRET_PATH`: my copy is old",
)


def of(pinned: Mapping[str, Any]) -> tuple[Item, ...]:
    """Those of a plan, or of the operation that it began."""
    generate, back, copy = bool(pinned.get("generate")), bool(pinned.get("undo")), bool(pinned.get("copy"))
    return items(pinned["names"], generate=generate, back=back, copy=copy)


_ENDS = {
    "denied": "Denied",
    "withdrawn": "Withdrawn",
    "expired": "Expired",
    "failed": "It failed, and nothing was set",
    "cancelled": "It was cancelled, and nothing was set",
}


def ended(pinned: Mapping[str, Any], state: str) -> str:
    """What is said in place of the steps, mrkdwn, once nothing was set and nothing will be; empty before that.

    *state*: of the approval, or of the operation where that has ended without setting anything.
    """
    if state == "superseded":
        return "*Asked for anew since*: the steps by hand stand with the newer request."
    if state not in _ENDS:
        return ""
    found = [f"*{_ENDS[state]}: do none of the steps by hand.*"]
    if pinned.get("undo"):
        found.append(
            "If the signing secret from before was put back in Circle's dashboard already, undo that at once: what is "
            "signed with it is refused here."
        )
        return " ".join(found)
    if API_KEY in pinned["names"]:
        found.append("If a new API key was made in Circle's dashboard already, revoke it, unless you ask again.")
    if WEBHOOK_SECRET in pinned["names"]:
        found.append(
            "If a new signing secret stands in Circle's dashboard already, events are refused here: put the one from "
            "before back at once, or ask for the rotation again."
        )
    return " ".join(found)


def owed(pinned: Mapping[str, Any], done: Container[int]) -> list[str]:
    """What of them is still to be done once the new values are proved; *done*: their numbers."""
    return [one.owed for number, one in enumerate(of(pinned), 1) if one.owed and number not in done]
