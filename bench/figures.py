"""What a part of the bench finds: rows, for the screen and for docs/performance.md. Pure."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.peer import Peer
    from playground.town import Town


_AIM = re.compile(r"(worst )?([≤≥]) ([\d.,]+)( ×)?")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. *asked*: what it is held against, where something is."""

    what: str
    figure: str
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where is measured: *rounds* a peer, taking turns; *real* is the bot as it is shipped, *peers* begin with ours."""

    rounds: int
    town: "Town"
    real: "Peer"
    peers: Sequence["Peer"]
    write: bool = False  # also what is drawn


@dataclass(frozen=True, slots=True)
class Part:
    """`--only NAME` runs it alone. *minutes*: about so many with five rounds on two quiet cores.

    *tries*: how often it measures, where that is not once a round.
    """

    name: str
    title: str
    minutes: float
    run: Callable[[Bench], Awaitable[list[Row]]]
    tries: str = ""


def spread(values: Sequence[float], digits: int = 0) -> str:
    """The median, and in brackets the least and the most of the rounds; one alone stands alone."""
    middle = f"{median(values):,.{digits}f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def middle(values: Sequence[float], digits: int = 0) -> str:
    """The median, in brackets the middle half and the worst: for many alike."""
    ordered = sorted(values)
    low, high = ordered[len(ordered) // 4], ordered[-1 - len(ordered) // 4]
    return f"{median(ordered):,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f}; worst {ordered[-1]:,.{digits}f})"


def ratio(mine: Sequence[float], theirs: Sequence[float], digits: int = 2) -> str:
    """Ours against another's, round by round: a noisy minute hits both."""
    return f"{spread([a / b for a, b in zip(mine, theirs, strict=True)], digits)} ×"


def missed(row: Row) -> bool:
    """Whether its figure (the median; the worst, or the ratio, where that is asked) misses what is asked."""
    aim = _AIM.match(row.asked)
    if aim is None:
        return False
    worst, way, limit, times = aim.groups()
    where = r"worst ([\d.,]+)" if worst else r"([\d.,]+)(?: \([^)]*\))? ×" if times else r"([\d.,]+)"
    found = re.search(where, row.figure)
    if found is None:
        return False
    value, most = (float(one.replace(",", "")) for one in (found[1], limit))
    return value > most if way == "≤" else value < most


def took(minutes: float) -> str:
    """Say 34 s, 2.5 min, 28 min."""
    if minutes < 1:
        return f"{minutes * 60:.0f} s"
    return f"{minutes:.0f} min" if minutes >= 10 else f"{minutes:.1f} min".replace(".0 min", " min")
