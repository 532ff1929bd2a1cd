"""Whether a database that went back is where it should be: neither short of the moment nor beyond it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.health.words import count

_DAY = timedelta(days=1)
_MARGIN = timedelta(minutes=2)  # a row is dated when its transaction begins, and may be written after the moment


def before(at: datetime) -> tuple[datetime, datetime]:
    """The span whose rows are there after going back to *at*, if it was not farther: from, to."""
    return at - _DAY, at - _MARGIN


def wrong(noted: Mapping[str, Any], history: Sequence[str], rows: Mapping[str, int], older: Mapping[str, int]) -> str:
    """What is not as it should be, in sentences; empty where all is.

    *noted* before: `versions`, those that are undone, `older`. *rows* of those written since are there now, *older* of
    the span before.
    """
    expected = set(noted["versions"]) - set(noted["undoes"])
    if noted["versions"] and (extra := sorted(set(history) - expected)):
        return f"The database is not as it should be: its history has {', '.join(extra[:3])}."
    if left := sum(rows.values()):
        return f"The database has not gone back: {count(left, 'row')} written since are still there."
    # Deleted ones come back, so there may be more; fewer were never lost knowingly.
    fewer = {
        name: had - older[name] for name, had in noted.get("older", {}).items() if name in older and older[name] < had
    }
    if fewer:
        which = ", ".join(f"{each} of {name}" for name, each in sorted(fewer.items()))
        return (
            f"The database has gone back too far: of the rows written in the day before that moment, {which} are gone."
        )
    if missing := sorted(expected - set(history)):
        return (
            f"The database has gone back farther than was said: its history lacks {', '.join(missing[-3:])}. "
            "Either it was pushed after that moment from elsewhere, or more is gone than was approved."
        )
    return ""
