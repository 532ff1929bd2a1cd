"""What the list of secrets says after the call that set them: the first two parts of the proof. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

SKEW = timedelta(seconds=5)  # between the bot's clock and Supabase's, whose dates have whole seconds


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
            return f"Supabase does not list {name}, though it took it (201)."
        if one.now != one.ours:
            kept = "still has the old digest" if one.now == one.old else "has a digest that is neither old nor new"
            return f"Supabase took {name} (201), and {kept}."
        if one.at is not None and one.at < one.posted.replace(microsecond=0) - SKEW:
            return f"Supabase says that {name} was set at {one.at:%H:%M:%S} UTC, before the call."
    return ""


def moved(seen: Mapping[str, Seen]) -> str:
    """That it is as it should be, in words; with the dates, where they are told."""
    dates = [f"{one.at:%H:%M:%S}" for one in seen.values() if one.at is not None]
    said = "the digest is ours" if len(seen) == 1 else "the digests are ours"
    return f"{said}, set at {dates[-1]} UTC" if dates else f"{said}; when it was set is not told"
