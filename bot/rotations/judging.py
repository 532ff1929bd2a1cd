"""What the list of secrets says after the call that set them: the first two parts of the proof. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from bot.rotations.names import COMPARE, PROVE, SET
from store.operations import Operation

SKEW = timedelta(seconds=5)  # between the bot's clock and Supabase's, whose dates have whole seconds

# What a verdict says of the digests; by these words it is known later which value was seen last (`last_seen`).
NEW_SEEN = "Supabase has the new digest"
OLD_SEEN = ("the old value is still live", "the old value is live again")
_NEITHER, _GONE = "has a digest that is neither old nor new", "Supabase does not list"
_OTHERS = "was set by somebody else since"


class Live(Enum):
    """Which value was the live one when Supabase was looked at last."""

    NEW = "the new one"
    OLD = "the old one"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one secret: the marks of the digests that are listed *now* (None: it is not), *ours* and *old*.

    *at*: when it was set, by Supabase's word; *posted*: when the call went out.
    """

    now: str | None
    ours: str | None
    old: str | None
    at: datetime | None
    posted: datetime


def standing(seen: Mapping[str, Seen]) -> str:
    """What speaks against it, in a sentence; empty where nothing does."""
    for name, one in seen.items():
        if one.now is None:
            return f"{_GONE} {name}, though it took it (201)."
        if one.now != one.ours:
            kept = f"still has the old digest: {OLD_SEEN[0]}" if one.now == one.old else _NEITHER
            return f"Supabase took {name} (201), and {kept}."
        if one.at is not None and one.at < one.posted.replace(microsecond=0) - SKEW:
            return f"Supabase says that {name} was set at {one.at:%H:%M:%S} UTC, before the call."
    return ""


def moved(seen: Mapping[str, Seen]) -> str:
    """That it is as it should be, in words; with the dates, where they are told."""
    dates = [f"{one.at:%H:%M:%S}" for one in seen.values() if one.at is not None]
    said = "the digest is ours" if len(seen) == 1 else "the digests are ours"
    return f"{said}, set at {dates[-1]} UTC" if dates else f"{said}; when it was set is not told"


def since(seen: Mapping[str, Seen]) -> str:
    """The same at the proof, once the new digests had been seen: then it was somebody's doing."""
    for name, one in seen.items():
        if one.now == one.ours:
            continue
        if one.now is None:
            return f"{_GONE} {name} any more."
        return f"{name} has the old digest again: {OLD_SEEN[1]}." if one.now == one.old else f"{name} {_OTHERS}."
    return ""


def untouched(operation: Operation) -> bool:
    """True where the call that sets was never made, or came to nothing; False also where its fate is not known."""
    return all(one.outcome in ("failed", "not-done") for one in operation.attempts if one.name == SET)


def last_seen(operation: Operation) -> Live:
    """As the attempts tell it, those also that a person has overruled."""
    live = Live.UNKNOWN
    for one in operation.attempts:
        if one.name == SET and NEW_SEEN in one.detail:  # its answer was lost, and the list showed that it was set
            live = Live.NEW
        if one.name not in (COMPARE, PROVE):
            continue
        if NEW_SEEN in one.detail or (one.outcome == "done" and one.said_by == "bot"):
            live = Live.NEW
        elif any(words in one.detail for words in OLD_SEEN):
            live = Live.OLD
        elif any(words in one.detail for words in (_NEITHER, _GONE, _OTHERS)):
            live = Live.UNKNOWN
    return live
