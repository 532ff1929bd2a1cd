"""Whether values may be entered for an approval now, by whom, and what is wrong with them: for modal and shell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.errors import Refused
from bot.vault import sealing
from bot.vault.box import Box
from bot.vault.keyfile import KeyUnusable
from bot.vault.sealing import NotSealed
from bot.vault.shape import MOST, problems
from bot.vault.value import Value
from bot.vault.vault import Vault
from bot.views import refusals
from store.database import Store
from store.operations import Operation

ROTATE = "rotate"  # the command whose approvals wait for values

_OPEN = (
    "Only sealed values are taken here, so this was not used. It has travelled in the open: treat it as leaked, and "
    "seal a new one with aikeys seal."
)


class Before(StrEnum):
    """What became of the values that were entered before, and forgotten since."""

    NONE = ""  # there were none
    ENTERED = "entered"  # not set as far as is known
    SET = "set"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be entered for *approval*, by *by* alone.

    *names*: of the secrets, in order. *generate*: those that the bot makes by itself. *again*: the same
    values are needed once more: to set them, or to prove them; nothing is made anew.
    """

    approval: str
    title: str
    by: str
    names: tuple[str, ...]
    generate: tuple[str, ...] = ()
    again: Before = Before.NONE


@dataclass(frozen=True, slots=True)
class Received:
    """*values* by name, all of them where nothing is *wrong*; else none. *wrong*: sentences by name."""

    values: Mapping[str, Value] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


def wanted(store: Store, vault: Vault, subject: str, again: Callable[[Operation], Before]) -> Wanted:
    """What *subject* waits for now. Raises Refused where nobody waits for values."""
    approval = store.approvals.get(subject)
    if approval is None or approval.command != ROTATE:
        raise refusals.unknown_card()
    operation = store.operations.get(approval.operation) if approval.operation else None
    if operation is None:
        state = "It waits for approval" if approval.state == "pending" else f"It was {approval.state}"
        raise Refused("No values can be entered.", f"{state}.", "See: /aikeys approvals")
    if operation.state != "running":
        raise Refused("No values can be entered any more.", f"“{operation.title}” {operation.words}.", "Ask anew.")
    if vault.waiting(subject) or not vault.wants(subject):
        raise Refused("The values were entered already.", "They are being set and proved.", "See: /aikeys operations")
    pinned = approval.plan["pinned"]
    made = tuple(map(str, pinned.get("generate") or ()))
    names = tuple(name for name in map(str, pinned["names"]) if name not in made)
    redo = again(operation)
    return Wanted(
        subject, approval.title, approval.requested_by, (*names, *made) if redo else names, () if redo else made, redo
    )


def received(
    what: Wanted, texts: Mapping[str, str], live: Mapping[str, str], box: Box, *, sealed_only: bool, most: int
) -> Received:
    """Look at what was entered. *live*: the digests of the values that are live, as far as known.

    *most*: characters that an unsealed value may have on this way in.
    """
    values: dict[str, Value] = {}
    wrong: dict[str, str] = {}
    for name in what.names:
        found = _one(name, texts.get(name, ""), box, sealed_only=sealed_only)
        if isinstance(found, Value):
            problem = _problem(name, found, what, live, MOST if found.sealed else most) or _twice(name, found, values)
            values[name] = found
        else:
            problem = found
        if problem is not None:
            wrong[name] = problem
    if wrong:
        for value in values.values():
            value.wipe()
        return Received(wrong=wrong)
    return Received(values)


def _one(name: str, text: str, box: Box, *, sealed_only: bool) -> Value | str:
    try:
        if sealing.is_sealed(text):
            return box.open(text)
    except (NotSealed, KeyUnusable) as error:
        return str(error)
    if not text.strip():
        return "Nothing was entered."
    if sealed_only:
        return _OPEN
    try:
        return Value(text.encode())
    except UnicodeEncodeError:
        return problems(name, text) or "It holds half a character. Copy it again."


def _problem(name: str, value: Value, what: Wanted, live: Mapping[str, str], most: int) -> str | None:
    with value.reveal() as plain:
        try:
            text = plain.decode()
        except UnicodeDecodeError:
            return "What is in the sealed text is no text."
    old = live.get(name)
    wrong = problems(name, text, None if what.again is Before.SET else old, most=most)
    if wrong is None and what.again is Before.SET and old is not None and old.lower() != value.digest:
        return "That is not the value that was set: its digest differs. Enter the one that you entered before."
    return wrong


def _twice(name: str, value: Value, others: Mapping[str, Value]) -> str | None:
    same = next((other for other, one in others.items() if one.digest == value.digest), None)
    return f"That is the value entered for {same} as well. {name} needs one of its own." if same else None
