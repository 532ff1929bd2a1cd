"""Draws inputs of several kinds until there are enough, and keeps what was wrong."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import Any

from tests.attack.million.kind import Kind, first, shrunk

MOST = 20  # findings after which it stops: then one of them is to be mended first


@dataclass(frozen=True, slots=True)
class Finding:
    """*why* an input is wrong: the *number* of its draw, and the *shortest* that is wrong in the same way."""

    kind: str
    number: int
    why: str
    shortest: Any = field(repr=False)

    def __str__(self) -> str:
        try:
            shown = ascii(self.shortest)
        except RecursionError:
            shown = "(nested too deeply to be shown)"
        return f"{self.kind}, draw {self.number}: {ascii(self.why)[1:-1]}\n    {shown[:1500]}"


@dataclass(slots=True)
class Tally:
    """*inputs* by kind, the *findings* (one for each thing that is wrong), *seconds* that it took."""

    inputs: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    seconds: float = 0.0


def run(
    kinds: Sequence[Kind],
    inputs: int,
    seed: int,
    *,
    seconds: float = 1e9,
    most: int = MOST,
    tries: int = 2000,
    tell: Callable[[object], None] = lambda _: None,
) -> Tally:
    """*inputs* of them, or what *seconds* suffice for; *most* findings, each made shorter in so many *tries*.

    Each draw has a chance of its own, by *seed* and its number. *tell* is told of each finding when it is there.
    """
    tally, began, number = Tally(), time.monotonic(), 0
    owed = [one.share / _each(one, seed) for one in kinds]
    bounds = list(accumulate(owed))
    known: set[tuple[str, str]] = set()
    total = 0
    while total < inputs and len(tally.findings) < most and time.monotonic() - began < seconds:
        chance = Random(seed << 32 | number)
        at = chance.random() * bounds[-1]
        kind = next(one for one, bound in zip(kinds, bounds, strict=True) if at < bound)
        drawn = kind.draw(chance)
        size = kind.size(drawn)
        tally.inputs[kind.name] += size
        total += size
        if (why := first(kind, drawn)) and (kind.name, why[:24]) not in known:
            known.add((kind.name, why[:24]))
            shortest = shrunk(kind, drawn, tries=tries)
            tally.findings.append(Finding(kind.name, number, first(kind, shortest) or why, shortest))
            tell(tally.findings[-1])
        number += 1
    tally.seconds = time.monotonic() - began
    return tally


def _each(kind: Kind, seed: int) -> float:
    """Inputs of a draw, in the mean of a few: shares are of inputs."""
    return sum(kind.size(kind.draw(Random(seed << 32 | 0xFFFF0000 + at))) for at in range(20)) / 20
