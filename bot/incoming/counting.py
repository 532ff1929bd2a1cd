"""How many alerts there are of some groups, and of how many kinds: for the card, and for the event that keeps it."""

from collections.abc import Sequence
from typing import Any

from bot.incoming import words
from bot.incoming.grouping import summed
from store.alerts import Alerts, Group


def kinds(alerts: Alerts, groups: Sequence[Group]) -> int:
    """Of how many kinds they are."""
    return sum(map(alerts.how_many, groups))


def in_words(alerts: Alerts, groups: Sequence[Group]) -> str:
    """Both, for the card."""
    return words.counted(summed(groups), kinds(alerts, groups), len(groups))


def tally(alerts: Alerts, groups: Sequence[Group]) -> dict[str, Any]:
    """What an event of kind COUNTED keeps of them, as JSON."""
    found, many = summed(groups), kinds(alerts, groups)
    what = words.counted(found, many, len(groups))
    return {
        "count": found.count, "kinds": many, "firing": found.firing, "what": what, "last": found.last_at.isoformat(),
    }  # fmt: skip
